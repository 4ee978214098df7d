import type { EnsuredRecord } from '../../app/ports.js';
import type { OdooClient, OdooContext } from '../odoo-client.js';

/** The record with this external ID, made where it is missing. An external ID of a deleted record counts as missing. */
export async function ensureRecord(
  odoo: OdooClient,
  model: string,
  externalId: string,
  values: object,
  context: OdooContext = {},
): Promise<EnsuredRecord> {
  const [module = '', name = ''] = externalId.split('.');
  const [row] = await odoo.searchRead<{ id: number; res_id: number }>('ir.model.data', {
    domain: [
      ['module', '=', module],
      ['name', '=', name],
      ['model', '=', model],
    ],
    fields: ['res_id'],
  });
  if (row !== undefined && (await odoo.read(model, [row.res_id], ['id'])).length === 1) {
    return { externalId, recordId: row.res_id, created: false };
  }
  const [recordId] = await odoo.create(model, [values], { context });
  if (recordId === undefined) throw new Error(`Odoo created no ${model}`);
  if (row === undefined) {
    await odoo.create('ir.model.data', [{ module, name, model, res_id: recordId, noupdate: true }]);
  } else {
    await odoo.write('ir.model.data', [row.id], { res_id: recordId });
  }
  return { externalId, recordId, created: true };
}
