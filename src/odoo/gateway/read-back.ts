import type { ActionWrite, ScheduleWrite } from '../../app/ports.js';
import { isOdooError } from '../../domain/odoo-error.js';
import type { LiveAction, LiveSchedule } from '../../domain/plan/state.js';
import { unverifiedFields } from '../../domain/plan/verify.js';
import type { OdooClient } from '../odoo-client.js';
import { anyOf } from './domains.js';
import { ACTION_MODEL, SCHEDULE_MODEL, type Features } from './features.js';
import { toLiveAction } from './from-wire/action.js';
import { toLiveSchedule } from './from-wire/schedule.js';
import type { RowResult } from './load-rows.js';
import { RecordNames } from './names.js';
import { readActionRows, readData, readLookups, readScheduleRows } from './read-actions.js';
import { dataConditions } from './references.js';
import { entry } from './to-wire/entry.js';

type Write = ActionWrite | ScheduleWrite;

/**
 * The answer to a write was lost, and Odoo may have carried it out (facts 11.3). Nothing is sent again; what stands there
 * now is read: a record that shows all that was asked was written, of any other nobody knows.
 */
export async function readBackActions(
  client: OdooClient,
  writes: readonly ActionWrite[],
  results: Map<string, RowResult>,
  references: Iterable<string>,
  features: Features,
): Promise<void> {
  await readBack(client, writes, results, references, ACTION_MODEL, async (ids, names, unknown) => {
    const rows = await readActionRows(client, [['id', 'in', ids]], features);
    const lookups = await readLookups(client, rows, names);
    const source = { ...lookups, uid: null, owned: new Map<number, string>(), plainUrlActions: new Set<string>() };
    return rows.map((row) => toLiveAction(row, { ...source, secretDigests: digestsOf(unknown) }));
  });
}

export async function readBackSchedules(
  client: OdooClient,
  writes: readonly ScheduleWrite[],
  results: Map<string, RowResult>,
  references: Iterable<string>,
  features: Features,
): Promise<void> {
  await readBack(client, writes, results, references, SCHEDULE_MODEL, async (ids, names) => {
    const rows = await readScheduleRows(client, [['id', 'in', ids]], features);
    return rows.map((row) => toLiveSchedule(row, { names, uid: null, owned: new Map<number, string>() }));
  });
}

async function readBack<W extends Write>(
  client: OdooClient,
  writes: readonly W[],
  results: Map<string, RowResult>,
  references: Iterable<string>,
  model: string,
  readLive: (ids: number[], names: RecordNames, unknown: readonly W[]) => Promise<(LiveAction | LiveSchedule)[]>,
): Promise<void> {
  const unknown = writes.filter((write) => results.get(write.externalId)?.status === 'unknown');
  if (unknown.length === 0) return;
  try {
    const wanted = [...new Set([...references, ...unknown.map(({ externalId }) => externalId)])];
    const names = new RecordNames(
      wanted.map((reference) => ({ model: '*', reference })),
      await readData(client, anyOf(dataConditions(wanted))),
    );
    const idOf = (write: W): number | null => write.recordId ?? names.idOf(model, write.externalId);
    const ids = unknown.flatMap((write) => idOf(write) ?? []);
    const live = new Map((await readLive(ids, names, unknown)).map((one) => [one.recordId, one] as const));
    for (const write of unknown) {
      const recordId = idOf(write);
      const record = recordId === null ? undefined : live.get(recordId);
      if (recordId !== null && unverifiedFields(write.values, write.fields, record).length === 0) {
        results.set(write.externalId, { status: 'written', recordId });
      }
    }
  } catch (error) {
    // The line is still down: what was unknown stays so.
    if (!isOdooError(error)) throw error;
  }
}

function digestsOf(writes: readonly Write[]): Map<string, string> {
  return new Map(
    writes.flatMap(({ values }) => {
      const [secret, digest] = [entry(values['url'], 'secret'), entry(values['url'], 'digest')];
      return typeof secret === 'string' && typeof digest === 'string' ? [[secret, digest] as const] : [];
    }),
  );
}
