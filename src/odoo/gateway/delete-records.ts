import type { WriteResult } from '../../app/ports.js';
import { isOdooError, isOdooErrorOf } from '../../domain/odoo-error.js';
import type { OdooClient } from '../odoo-client.js';
import { releaseChildren } from './children.js';
import { ACTION_MODEL, hasParents, readFeatures, SCHEDULE_MODEL } from './features.js';
import { sentence, type Patience } from './load-rows.js';

interface Doomed {
  readonly externalId: string;
  readonly recordId: number;
}

type Refusal = { readonly status: 'failed' | 'busy' | 'unknown'; readonly message: string };

/** One `unlink`; when Odoo refuses it, one a record. What is gone afterwards is deleted, whatever Odoo answered. */
async function deleteRecords(
  client: OdooClient,
  model: string,
  records: readonly Doomed[],
  patience: Patience,
): Promise<WriteResult[]> {
  if (records.length === 0) return [];
  const refusals = new Map<number, Refusal>();
  const all = await unlink(
    client,
    model,
    records.map(({ recordId }) => recordId),
  );
  if (all !== null && all.status !== 'unknown' && records.length > 1) {
    for (const { recordId } of records) {
      const one = await unlink(client, model, [recordId]);
      if (one !== null) refusals.set(recordId, one);
    }
  } else if (all !== null) {
    for (const { recordId } of records) refusals.set(recordId, all);
  }
  const deadline = patience.now() + patience.busyTimeoutMs;
  for (const [recordId, refusal] of refusals) {
    if (refusal.status === 'busy') await retry(recordId, refusal);
  }
  const ids = records.map(({ recordId }) => recordId);
  const left = new Set(await client.search(model, [['id', 'in', ids]], { context: { active_test: false } }));
  return records.map(({ externalId, recordId }) => {
    if (!left.has(recordId)) return { externalId, recordId, status: 'written', message: null };
    const refusal = refusals.get(recordId) ?? { status: 'failed', message: 'Odoo said yes and kept it: plan again.' };
    return { externalId, recordId, ...refusal };
  });

  async function retry(recordId: number, refusal: Refusal): Promise<void> {
    for (let pause = 250; patience.now() + pause <= deadline; pause = Math.min(pause * 2, 4_000)) {
      // 19 says the same of a record that is gone (facts 4.6).
      const [there] = await client.search(model, [['id', '=', recordId]], { context: { active_test: false } });
      if (there === undefined) return;
      await patience.sleep(pause);
      const again = await unlink(client, model, [recordId]);
      if (again?.status !== 'busy') {
        if (again === null) refusals.delete(recordId);
        else refusals.set(recordId, again);
        return;
      }
    }
    refusals.set(recordId, refusal);
  }
}

async function unlink(client: OdooClient, model: string, ids: readonly number[]): Promise<Refusal | null> {
  try {
    await client.unlink(model, ids);
    return null;
  } catch (error) {
    if (!isOdooError(error)) throw error;
    if (error.outcome === 'unknown') return { status: 'unknown', message: error.message };
    if (isOdooErrorOf(error, 'odoo_busy', 'odoo_concurrency')) {
      return {
        status: 'busy',
        message: 'It is running right now, and Odoo deletes no running schedule: apply again when it is done.',
      };
    }
    return { status: 'failed', message: sentence(error.detail ?? error.message) };
  }
}

/** Leaves the server actions; those that stay become ordinary ones again, or Odoo's list would not show them. */
export async function deleteSchedules(
  client: OdooClient,
  records: readonly (Doomed & { readonly keptActionId: number | null })[],
  patience: Patience,
): Promise<WriteResult[]> {
  const results = await deleteRecords(client, SCHEDULE_MODEL, records, patience);
  const kept = records.flatMap(({ keptActionId }, index) =>
    keptActionId !== null && results[index]?.status === 'written' ? [keptActionId] : [],
  );
  if (kept.length > 0) await client.write(ACTION_MODEL, kept, { usage: 'ir_actions_server' });
  return results;
}

export async function deleteActions(
  client: OdooClient,
  records: readonly Doomed[],
  patience: Patience,
): Promise<WriteResult[]> {
  const ids = records.map(({ recordId }) => recordId);
  if (ids.length > 0 && hasParents(await readFeatures(client))) await releaseChildren(client, ids, patience);
  return await deleteRecords(client, ACTION_MODEL, records, patience);
}
