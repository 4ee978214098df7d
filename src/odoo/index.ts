/** The room that knows Odoo's wires: what others may use of it. */
export { connect, createFieldsCache } from './connect.js';
export { createTraffic, type InstanceTraffic } from './traffic.js';
export type { FieldsCache, ModelField, ModelFields } from './fields.js';
export {
  defaultLimits,
  type CallEvent,
  type CallOptions,
  type CallRequest,
  type ConnectOptions,
  type Credential,
  type Limits,
  type LoadMessage,
  type LoadResult,
  type OdooClient,
  type OdooContext,
  type OdooDomain,
  type OdooServerVersion,
  type Protocol,
  type SearchRead,
  type UserContext,
} from './odoo-client.js';
