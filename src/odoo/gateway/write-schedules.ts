import type { ScheduleWrite, WriteResult } from '../../app/ports.js';
import type { OdooClient } from '../odoo-client.js';
import { ACTION_MODEL, readFeatures, SCHEDULE_MODEL, type Features } from './features.js';
import { loadRows, type Line, type LoadBatch, type Patience, type RowResult } from './load-rows.js';
import { readBackSchedules } from './read-back.js';
import { notSent, toResult } from './results.js';
import type { Columns } from './to-wire/columns.js';
import { scheduleColumns } from './to-wire/schedule.js';
import { collectNeeds, lookUp, Unresolvable, type Resolved } from './to-wire/resolve.js';
import { tryReading } from './try-reading.js';

/**
 * Creates schedules over their server actions (one action, one schedule, no twin: facts 6.8) and updates what changed,
 * one `load` for each set of columns. A schedule that is running is waited for, then reported as busy.
 */
export async function writeSchedules(
  client: OdooClient,
  writes: readonly ScheduleWrite[],
  patience: Patience,
): Promise<WriteResult[]> {
  const prepared = await tryReading(() => prepare(client, writes));
  if ('message' in prepared) return writes.map((write) => notSent(write, prepared.message));
  const { features, needs, resolved } = prepared.value;

  const results = new Map<string, RowResult>();
  const line: Line = { lost: null };
  const batches = new Map<string, { columns: string[]; rows: { key: string; cells: string[] }[] }>();
  for (const write of writes) {
    try {
      const cells = toColumns(write, resolved, features);
      const columns = [...cells.keys()];
      const batch = batches.get(columns.join('\n')) ?? { columns, rows: [] };
      batch.rows.push({ key: write.externalId, cells: [...cells.values()] });
      batches.set(columns.join('\n'), batch);
    } catch (error) {
      if (!(error instanceof Unresolvable)) throw error;
      results.set(write.externalId, { status: 'failed', message: `Not written, because ${error.message}.` });
    }
  }
  for (const batch of batches.values()) {
    const loaded: LoadBatch = { model: SCHEDULE_MODEL, ...batch };
    for (const [key, result] of await loadRows(client, loaded, patience, line)) results.set(key, result);
  }
  const references = [...needs.references, ...writes.map(({ actionExternalId }) => actionExternalId)];
  await readBackSchedules(client, writes, results, references, features);
  await writeHelp(client, writes, results, resolved, patience);
  return writes.map((write) => toResult(write, results.get(write.externalId)));
}

async function prepare(client: OdooClient, writes: readonly ScheduleWrite[]) {
  const features = await readFeatures(client);
  const needs = collectNeeds((resolved) => {
    for (const write of writes) toColumns(write, resolved, features);
  });
  return { features, needs, ...(await lookUp(client, needs, () => '')) };
}

function toColumns(write: ScheduleWrite, resolved: Resolved, features: Features): Columns {
  const changes = (field: string): boolean => write.recordId === null || write.fields.includes(field);
  const user = write.values['user'];
  const ids = {
    action: changes('action') || write.help !== null ? actionIdOf(write, resolved) : 0,
    user: changes('user') && typeof user === 'string' ? resolved.record('res.users', user) : 0,
  };
  return scheduleColumns(write, ids, features);
}

const actionIdOf = (write: ScheduleWrite, resolved: Resolved): number =>
  write.actionRecordId ?? resolved.child(write.actionExternalId);

/** The stamp on the shared server action; never blocked by a running schedule (facts 6.4). */
async function writeHelp(
  client: OdooClient,
  writes: readonly ScheduleWrite[],
  results: Map<string, RowResult>,
  resolved: Resolved,
  patience: Patience,
): Promise<void> {
  const rows = writes.flatMap((write) =>
    write.help !== null && results.get(write.externalId)?.status === 'written'
      ? [{ key: write.externalId, cells: [String(actionIdOf(write, resolved)), write.help] }]
      : [],
  );
  const batch = { model: ACTION_MODEL, columns: ['.id', 'help'], rows };
  for (const [key, result] of await loadRows(client, batch, patience)) {
    if (result.status === 'written') continue;
    const reason = result.status === 'gone' ? 'its server action is gone.' : result.message;
    results.set(key, {
      status: result.status === 'gone' ? 'failed' : result.status,
      message: `Written, but not the mark on its server action: ${reason}`,
    });
  }
}
