import type { LiveSchedule } from '../domain/plan/state.js';
import type { LiveReader } from './ports.js';

export interface SchedulePorts {
  readonly reader: Pick<LiveReader, 'readSchedules'>;
  /** UTC, milliseconds. */
  readonly now: () => number;
  /** Of the definitions: tells which schedules are ours. */
  readonly namespace: string | null;
}

/** One scheduled action of a database, as `crons` lists it. */
export interface ListedSchedule {
  readonly recordId: number;
  readonly name: string;
  /** Ours, or Odoo's own; null where it has none. */
  readonly externalId: string | null;
  /** In our namespace. */
  readonly owned: boolean;
  readonly every: string;
  readonly active: boolean;
  /** UTC ISO 8601. */
  readonly lastRunAt: string | null;
  readonly nextRunAt: string | null;
  /** How long it is overdue; 0 when it is not, or is switched off. Less than a minute is the worker's own rhythm. */
  readonly lateSeconds: number;
  /** 18 and later. */
  readonly failureCount: number | null;
  readonly firstFailureAt: string | null;
  /** 14 to 17: runs left, -1 for ever. */
  readonly runsLeft: number | null;
}

const RHYTHM_SECONDS = 60;

/** Every scheduled action of the database: the active ones first, by when they are due. */
export async function listSchedules(ports: SchedulePorts): Promise<readonly ListedSchedule[]> {
  const schedules = await ports.reader.readSchedules();
  const now = ports.now();
  return schedules.map((schedule) => toListed(schedule, now, ports.namespace)).sort(byDue);
}

function toListed(schedule: LiveSchedule, now: number, namespace: string | null): ListedSchedule {
  const { values, nextRunAt } = schedule;
  const active = values['active'] === true;
  const own = schedule.externalIds.find((id) => namespace !== null && id.startsWith(`${namespace}.`));
  const late = active && nextRunAt !== null ? Math.floor((now - Date.parse(nextRunAt)) / 1000) : 0;
  return {
    recordId: schedule.recordId,
    name: schedule.name === '' ? `#${schedule.recordId}` : schedule.name,
    externalId: own ?? schedule.externalIds[0] ?? null,
    owned: own !== undefined,
    every: typeof values['every'] === 'string' ? values['every'] : '',
    active,
    lastRunAt: schedule.lastRunAt,
    nextRunAt,
    lateSeconds: late > RHYTHM_SECONDS ? late : 0,
    failureCount: schedule.failureCount,
    firstFailureAt: schedule.firstFailureAt,
    runsLeft: schedule.runsLeft,
  };
}

function byDue(one: ListedSchedule, other: ListedSchedule): number {
  if (one.active !== other.active) return one.active ? -1 : 1;
  const due = (schedule: ListedSchedule): string => schedule.nextRunAt ?? '9999';
  if (due(one) !== due(other)) return due(one) < due(other) ? -1 : 1;
  return one.recordId - other.recordId;
}
