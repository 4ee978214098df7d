import type { WriteResult } from '../../app/ports.js';
import type { ObjectKind } from '../../domain/plan/state.js';
import { isOdooError } from '../../domain/odoo-error.js';
import type { OdooClient } from '../odoo-client.js';
import { anyOf } from './domains.js';
import { ACTION_MODEL, SCHEDULE_MODEL } from './features.js';
import { sentence } from './load-rows.js';
import { readData } from './read-actions.js';
import { dataConditions, splitExternalId } from './references.js';
import { tryReading } from './try-reading.js';

interface Adoption {
  readonly object: ObjectKind;
  readonly externalId: string;
  readonly recordId: number;
}

/** Gives records an external ID of ours: one call, and a call a record only when Odoo refuses it. */
export async function adoptRecords(client: OdooClient, records: readonly Adoption[]): Promise<WriteResult[]> {
  if (records.length === 0) return [];
  const failures = new Map<string, { status: 'failed' | 'unknown'; message: string }>();
  const all = await create(client, records);
  if (all !== null && all.status === 'failed' && records.length > 1) {
    for (const record of records) {
      const one = await create(client, [record]);
      if (one !== null) failures.set(record.externalId, one);
    }
  } else if (all !== null) {
    for (const record of records) failures.set(record.externalId, all);
  }
  if (failures.size > 0) await explain(client, records, failures);
  return records.map(({ externalId, recordId }) => {
    const failure = failures.get(externalId);
    return { externalId, recordId, status: failure?.status ?? 'written', message: failure?.message ?? null };
  });
}

async function create(
  client: OdooClient,
  records: readonly Adoption[],
): Promise<{ status: 'failed' | 'unknown'; message: string } | null> {
  try {
    await client.create('ir.model.data', records.map(toDataValues));
    return null;
  } catch (error) {
    if (!isOdooError(error)) throw error;
    if (error.outcome === 'unknown') return { status: 'unknown', message: error.message };
    return { status: 'failed', message: sentence(error.detail ?? error.message) };
  }
}

/** What stands under those external IDs now: ours after all, or another record's. */
async function explain(
  client: OdooClient,
  records: readonly Adoption[],
  failures: Map<string, { status: 'failed' | 'unknown'; message: string }>,
): Promise<void> {
  const reading = await tryReading(() => readData(client, anyOf(dataConditions(failures.keys()))));
  if ('message' in reading) return;
  const rows = reading.value;
  for (const { object, externalId, recordId } of records) {
    const row = rows.find((one) => `${one.module}.${one.name}` === externalId);
    if (row === undefined || !failures.has(externalId)) continue;
    if (row.model === modelOf(object) && row.res_id === recordId) failures.delete(externalId);
    else {
      failures.set(externalId, {
        status: 'failed',
        message: `${externalId} already stands for ${row.model} #${row.res_id ?? 0}: give the definition another id, or remove that external ID.`,
      });
    }
  }
}

const modelOf = (object: ObjectKind): string => (object === 'server_action' ? ACTION_MODEL : SCHEDULE_MODEL);

/** `noupdate`, so that no module update touches or deletes the record. */
const toDataValues = ({ object, externalId, recordId }: Adoption) => ({
  ...splitExternalId(externalId),
  model: modelOf(object),
  res_id: recordId,
  noupdate: true,
});
