/** The room that knows Odoo's wires: what others may use of it. */
export { connect } from './connect.js';
export { createTraffic, type InstanceTraffic } from './traffic.js';
export type { Limits } from './limits.js';
export type { FieldsCache, ModelField, ModelFields } from './fields.js';
export type {
  CallEvent,
  CallOptions,
  CallRequest,
  ConnectOptions,
  Credential,
  LoadMessage,
  LoadResult,
  OdooClient,
  OdooContext,
  OdooDomain,
  OdooServerVersion,
  Protocol,
  SearchRead,
  UserContext,
} from './odoo-client.js';
