import { OdooError } from '../domain/odoo-error.js';
import type { PreparedAction, PreparedSchedule, PreparedWrites } from '../domain/plan/prepare-writes.js';
import type { LiveAction, LiveSchedule } from '../domain/plan/state.js';
import { unverifiedFields } from '../domain/plan/verify.js';
import type { ApplySteps } from './apply-steps.js';
import type { LiveReader } from './ports.js';

type Prepared = PreparedAction | PreparedSchedule;
type Written = readonly { readonly item: Prepared; readonly recordId: number }[];

/** Reads back what was written and notes where Odoo shows something else: its `true` proves nothing (facts 4.6). */
export async function verifyWrites(reader: LiveReader, prepared: PreparedWrites, steps: ApplySteps): Promise<void> {
  const actions = written(prepared.actions, steps);
  const schedules = written(prepared.schedules, steps);
  if (actions.length + schedules.length === 0) return;
  steps.progress('verify', actions.length + schedules.length);
  const ids = (entries: Written) => entries.map(({ recordId }) => recordId);
  try {
    const live = await reader.reread(ids(actions), ids(schedules));
    noteDifferences(actions, live.actions, steps);
    noteDifferences(schedules, live.schedules, steps);
    noteWarnings(actions, live.actions, steps);
  } catch (error) {
    if (!(error instanceof OdooError)) throw error;
    for (const { item, recordId } of [...actions, ...schedules]) {
      steps.note(item.change, 'unverified', `Written, but it could not be read back: ${error.message}`, recordId);
    }
  }
}

function written(items: readonly Prepared[], steps: ApplySteps): Written {
  return items.flatMap((item) => {
    const result = steps.resultOf(item.change);
    return result?.status === 'written' && result.recordId !== null ? [{ item, recordId: result.recordId }] : [];
  });
}

function noteDifferences(entries: Written, live: readonly (LiveAction | LiveSchedule)[], steps: ApplySteps): void {
  const byId = new Map(live.map((record) => [record.recordId, record] as const));
  for (const { item, recordId } of entries) {
    const record = byId.get(recordId);
    const wrong = unverifiedFields(item.values, item.fields, record);
    if (wrong.length === 0) continue;
    const message =
      record === undefined
        ? 'Odoo accepted it, but the record is not there: somebody deleted it meanwhile. Plan again.'
        : `Odoo accepted it, but ${wrong.join(', ')} reads back otherwise: plan again to see the difference.`;
    steps.note(item.change, 'unverified', message, recordId);
  }
}

/** 19 saves an action that cannot run, and says so in a field (facts 4.3). */
function noteWarnings(entries: Written, live: readonly LiveAction[], steps: ApplySteps): void {
  const warnings = new Map(live.map((record) => [record.recordId, record.warning] as const));
  for (const { item, recordId } of entries) {
    const warning = warnings.get(recordId) ?? null;
    if (warning === null || steps.resultOf(item.change)?.status !== 'written') continue;
    steps.note(
      item.change,
      'written',
      `Odoo warns that it will fail when it runs: ${warning.replace(/\s+/g, ' ').trim()}`,
      recordId,
    );
  }
}
