import { isOdooErrorOf } from '../../domain/odoo-error.js';
import type { OdooClient } from '../odoo-client.js';
import { ACTION_MODEL, SCHEDULE_MODEL } from './features.js';

/**
 * Reads, and once more when Odoo failed over it and the fields of actions or schedules are no longer those that we
 * remember: somebody installed or uninstalled a module meanwhile. Any other failure is passed on as it is.
 */
export async function withFreshFields<T>(client: OdooClient, read: () => Promise<T>): Promise<T> {
  const before = await fieldNames(client, false);
  try {
    return await read();
  } catch (error) {
    if (!isOdooErrorOf(error, 'odoo_server', 'odoo_validation')) throw error;
    const after = await fieldNames(client, true);
    if (after === before) throw error;
    return read();
  }
}

async function fieldNames(client: OdooClient, fresh: boolean): Promise<string> {
  const models = await Promise.all([ACTION_MODEL, SCHEDULE_MODEL].map((model) => client.fieldsGet(model, { fresh })));
  return models.map((fields) => Object.keys(fields).sort().join(' ')).join('\n');
}
