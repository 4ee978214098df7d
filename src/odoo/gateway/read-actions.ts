import type { OdooClient, OdooDomain } from '../odoo-client.js';
import { isOdooErrorOf } from '../../domain/odoo-error.js';
import { anyOf } from './domains.js';
import { ACTION_MODEL, SCHEDULE_MODEL, type Features } from './features.js';
import { assignedRecords, type Lookups } from './from-wire/assignments.js';
import { splitRecord } from './from-wire/action.js';
import type { RecordNames } from './names.js';
import {
  actionFields,
  actionRow,
  dataRow,
  fieldFields,
  fieldRow,
  fragileFields,
  lineFields,
  lineRow,
  modelRow,
  parseRows,
  scheduleFields,
  scheduleRow,
  type ActionRow,
  type DataRow,
  type ScheduleRow,
} from './rows.js';

export const DATA_FIELDS: readonly string[] = ['module', 'name', 'model', 'res_id'];

export async function readData(client: OdooClient, domain: OdooDomain): Promise<DataRow[]> {
  return parseRows(dataRow, await client.searchRead('ir.model.data', { domain, fields: DATA_FIELDS }));
}

/**
 * One call; only fields that this database has, without `lang`, so that names and help are the source texts. An action
 * broken by an uninstalled module makes Odoo's computed fields raise for the whole batch: then without them.
 */
export async function readActionRows(client: OdooClient, domain: OdooDomain, features: Features): Promise<ActionRow[]> {
  const fields = actionFields.filter((name) => name === 'id' || features.action.has(name));
  const ask = async (names: readonly string[]): Promise<ActionRow[]> =>
    parseRows(actionRow, await client.searchRead(ACTION_MODEL, { domain, fields: names, order: 'id' }));
  try {
    return await ask(fields);
  } catch (error) {
    const whole = fields.filter((name) => !fragileFields.has(name));
    if (whole.length === fields.length || !isOdooErrorOf(error, 'odoo_server', 'odoo_validation')) throw error;
    return await ask(whole);
  }
}

/** Inactive ones included. */
export async function readScheduleRows(
  client: OdooClient,
  domain: OdooDomain,
  features: Features,
): Promise<ScheduleRow[]> {
  const fields = scheduleFields.filter((name) => name === 'id' || features.schedule.has(name));
  return parseRows(
    scheduleRow,
    await client.searchRead(SCHEDULE_MODEL, { domain, fields, order: 'id', context: { active_test: false } }),
  );
}

/**
 * What the rows point to by number, none of it needed for `code` and `multi` actions. At most one call each of
 * `ir.server.object.lines` (14 to 16: assignments), `ir.model.fields` (assignments, webhook and link fields),
 * `ir.model` (actions bound to another model than their own) and `ir.model.data` (external IDs of the records found).
 */
export async function readLookups(
  client: OdooClient,
  rows: readonly ActionRow[],
  names: RecordNames,
): Promise<Lookups> {
  const lineIds = rows.filter(usesLines).flatMap((row) => row.fields_lines ?? []);
  const lineRows =
    lineIds.length === 0
      ? []
      : parseRows(
          lineRow,
          await client.searchRead('ir.server.object.lines', { domain: [['id', 'in', lineIds]], fields: lineFields }),
        );
  const lines = new Map(lineRows.map((line) => [line.id, line] as const));

  const fieldIds = unique([
    ...lineRows.flatMap((line) => line.col1?.id ?? []),
    ...rows.flatMap((row) => fieldIdsOf(row)),
  ]);
  const modelIds = unique(
    rows.flatMap((row) =>
      row.binding_model_id === null || row.binding_model_id.id === row.model_id?.id ? [] : row.binding_model_id.id,
    ),
  );
  const [fieldRows, modelRows] = await Promise.all([
    fieldIds.length === 0
      ? []
      : client.searchRead('ir.model.fields', { domain: [['id', 'in', fieldIds]], fields: fieldFields }),
    modelIds.length === 0 ? [] : client.searchRead('ir.model', { domain: [['id', 'in', modelIds]], fields: ['model'] }),
  ]);
  const fields = new Map(parseRows(fieldRow, fieldRows).map((field) => [field.id, field] as const));
  const models = new Map(parseRows(modelRow, modelRows).map((model) => [model.id, model.model] as const));

  const records = new Map<string, Set<number>>();
  for (const { model, id } of rows.flatMap((row) => recordsOf(row, { fields, lines, models }))) {
    if (names.nameOf(model, id) === `#${id}`) records.set(model, (records.get(model) ?? new Set()).add(id));
  }
  if (records.size > 0) {
    const found = await readData(
      client,
      anyOf(
        [...records].map(([model, ids]) => [
          ['model', '=', model],
          ['res_id', 'in', [...ids].sort((a, b) => a - b)],
        ]),
      ),
    );
    names.add(found);
  }
  return { names, fields, models, lines };
}

const usesLines = (row: ActionRow): boolean => row.state === 'object_write' || row.state === 'object_create';

function fieldIdsOf(row: ActionRow): number[] {
  switch (row.state) {
    case 'object_write':
      // The type of the target tells what the text in `value` means, its relation which record.
      return row.update_field_id === null ? [] : [row.update_field_id.id];
    case 'object_create':
    case 'object_copy':
      return row.link_field_id === null ? [] : [row.link_field_id.id];
    case 'webhook':
      return row.webhook_field_ids;
    default:
      return [];
  }
}

function recordsOf(row: ActionRow, lookups: Omit<Lookups, 'names'>): { model: string; id: number }[] {
  const link = (model: string, target: { id: number } | null) => (target === null ? [] : [{ model, id: target.id }]);
  switch (row.state) {
    case 'object_write':
    case 'object_create':
      return assignedRecords(row, lookups);
    case 'object_copy':
      return [splitRecord(row.resource_ref) ?? []].flat();
    case 'email':
    case 'mail_post':
      return link('mail.template', row.template_id);
    case 'next_activity':
      return [...link('mail.activity.type', row.activity_type_id), ...link('res.users', row.activity_user_id)];
    case 'followers':
    case 'remove_followers':
      return row.partner_ids.map((id) => ({ model: 'res.partner', id }));
    default:
      return [];
  }
}

const unique = (ids: readonly number[]): number[] => [...new Set(ids)].sort((one, other) => one - other);
