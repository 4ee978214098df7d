import { showInterval } from '../../../domain/plan/desired-state.js';
import type { LiveSchedule } from '../../../domain/plan/state.js';
import { ACTION_MODEL, SCHEDULE_MODEL } from '../features.js';
import type { RecordNames } from '../names.js';
import { toInstant, type ScheduleRow } from '../rows.js';
import { lastEdit } from './action.js';

export interface ScheduleSource {
  readonly names: RecordNames;
  /** The user that we work as; null: who wrote last is of no interest. */
  readonly uid: number | null;
  /** Ours, by record ID. */
  readonly owned: ReadonlyMap<number, string>;
}

export function toLiveSchedule(row: ScheduleRow, { names, uid, owned }: ScheduleSource): LiveSchedule {
  const actionId = row.ir_actions_server_id?.id ?? 0;
  return {
    recordId: row.id,
    externalId: owned.get(row.id) ?? null,
    externalIds: names.externalIdsOf(SCHEDULE_MODEL, row.id),
    actionId,
    name: row.cron_name ?? row.ir_actions_server_id?.name ?? '',
    values: {
      action: names.nameOf(ACTION_MODEL, actionId),
      every: showInterval(row.interval_number ?? 0, row.interval_type ?? ''),
      user: row.user_id === null ? null : names.nameOf('res.users', row.user_id.id),
      priority: row.priority ?? 0,
      active: row.active,
    },
    lastEdit: lastEdit(row, uid),
    nextRunAt: toInstant(row.nextcall),
    lastRunAt: toInstant(row.lastcall),
    runsLeft: row.numbercall,
    failureCount: row.failure_count,
    firstFailureAt: toInstant(row.first_failure_date),
  };
}
