import type { WriteResult } from '../../app/ports.js';
import { isOdooError, isOdooErrorOf } from '../../domain/odoo-error.js';
import type { OdooClient } from '../odoo-client.js';
import { releaseChildren } from './children.js';
import { ACTION_MODEL, hasParents, readFeatures, SCHEDULE_MODEL } from './features.js';
import { sentence, type Patience } from './load-rows.js';
import { tryReading, type Reading } from './try-reading.js';

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
  const left = await readLeft(ids);
  return records.map(({ externalId, recordId }) => {
    if ('message' in left) {
      const doubt = { status: 'unknown', message: `Whether it is gone could not be seen: ${left.message}` } as const;
      return { externalId, recordId, ...(refusals.get(recordId) ?? doubt) };
    }
    if (!left.value.has(recordId)) return { externalId, recordId, status: 'written', message: null };
    const refusal = refusals.get(recordId) ?? { status: 'failed', message: 'Odoo said yes and kept it: plan again.' };
    return { externalId, recordId, ...refusal };
  });

  async function readLeft(wanted: readonly number[]): Promise<Reading<Set<number>>> {
    return await tryReading(
      async () => new Set(await client.search(model, [['id', 'in', wanted]], { context: { active_test: false } })),
    );
  }

  async function retry(recordId: number, refusal: Refusal): Promise<void> {
    for (let pause = 250; patience.now() + pause <= deadline; pause = Math.min(pause * 2, 4_000)) {
      // 19 says the same of a record that is gone (facts 4.6).
      const there = await readLeft([recordId]);
      if ('value' in there && there.value.size === 0) return;
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
  const isKept = (index: number): boolean =>
    typeof records[index]?.keptActionId === 'number' && results[index]?.status === 'written';
  const kept = records.flatMap(({ keptActionId }, index) => (isKept(index) ? (keptActionId ?? []) : []));
  if (kept.length === 0) return results;
  const marked = await tryReading(() => client.write(ACTION_MODEL, kept, { usage: 'ir_actions_server' }));
  if (!('message' in marked)) return results;
  const message = `It is deleted, but Odoo still lists its server action among the scheduled ones: ${marked.message}`;
  return results.map((result, index) => (isKept(index) ? { ...result, status: 'failed', message } : result));
}

export async function deleteActions(
  client: OdooClient,
  records: readonly Doomed[],
  patience: Patience,
): Promise<WriteResult[]> {
  const features = await tryReading(() => readFeatures(client));
  if ('message' in features)
    return records.map((record) => ({ ...pick(record), status: 'failed', message: features.message }));
  const ids = records.map(({ recordId }) => recordId);
  const kept =
    ids.length > 0 && hasParents(features.value)
      ? await releaseChildren(client, ids, patience)
      : new Map<number, string>();
  const results = await deleteRecords(
    client,
    ACTION_MODEL,
    records.filter(({ recordId }) => !kept.has(recordId)),
    patience,
  );
  const byId = new Map(results.map((result) => [result.recordId, result] as const));
  return records.map((record) => {
    const failed = {
      ...pick(record),
      status: 'failed',
      message: `Not deleted: ${kept.get(record.recordId) ?? ''}`,
    } as const;
    return byId.get(record.recordId) ?? failed;
  });
}

const pick = ({ externalId, recordId }: Doomed) => ({ externalId, recordId });
