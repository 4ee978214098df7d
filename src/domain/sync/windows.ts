import { DateTime } from 'luxon';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A time of the week in which automatic syncs are allowed, or denied. */
export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  /** Days on which it begins. */
  readonly days: readonly Weekday[];
  /** Minutes after midnight, 0 to 1439. */
  readonly fromMinute: number;
  /** Not after `fromMinute`: it ends on the next day. Equal: it lasts a whole day. */
  readonly toMinute: number;
  /** IANA zone. */
  readonly timezone: string;
}

export interface WindowVerdict {
  readonly isOpen: boolean;
  /** For people, in one clause. */
  readonly reason: string;
}

/**
 * May an automatic sync write now? A deny window wins over an allow window; with any allow window, what lies in none of
 * them is denied; without windows every time is allowed. `now` is UTC milliseconds. A window that begins in the hour
 * that a change to summer time leaves out begins when that hour would have ended.
 */
export function judgeWindows(windows: readonly SyncWindow[], now: number): WindowVerdict {
  const denied = windows.find((window) => window.kind === 'deny' && contains(window, now));
  if (denied !== undefined) return { isOpen: false, reason: `the window ${showWindow(denied)} denies syncs` };
  const allows = windows.filter((window) => window.kind === 'allow');
  if (allows.length === 0) return { isOpen: true, reason: 'no window denies it' };
  const allowed = allows.find((window) => contains(window, now));
  if (allowed !== undefined) return { isOpen: true, reason: `the window ${showWindow(allowed)} allows it` };
  return { isOpen: false, reason: `syncs are allowed only ${allows.map(showWindow).join(', ')}` };
}

export function showWindow({ kind, days, fromMinute, toMinute, timezone }: SyncWindow): string {
  const on = days.length === WEEKDAYS.length ? 'daily' : days.join(', ');
  return `"${kind} ${on} ${clock(fromMinute)}-${clock(toMinute)} ${timezone}"`;
}

function contains({ days, fromMinute, toMinute, timezone }: SyncWindow, now: number): boolean {
  const local = DateTime.fromMillis(now, { zone: timezone });
  // It may have begun yesterday.
  return [0, -1].some((offset) => {
    const day = local.plus({ days: offset }).startOf('day');
    const name = WEEKDAYS[day.weekday - 1];
    if (name === undefined || !days.includes(name)) return false;
    const begins = at(day, fromMinute);
    const ends = at(toMinute > fromMinute ? day : day.plus({ days: 1 }), toMinute);
    return begins.toMillis() <= now && now < ends.toMillis();
  });
}

const at = (day: DateTime, minute: number): DateTime => day.set({ hour: Math.floor(minute / 60), minute: minute % 60 });

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
