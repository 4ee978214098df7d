import type { IntervalUnit } from './definition.js';

export interface Interval {
  readonly number: number;
  readonly unit: IntervalUnit;
}

const everyText = /^([1-9][0-9]{0,6}) (minute|hour|day|week|month)s?$/;

/** `1 day`, `15 minutes`; null when it is not written so. */
export function parseEvery(text: string): Interval | null {
  const match = everyText.exec(text);
  if (match === null) return null;
  return { number: Number(match[1]), unit: `${match[2] ?? 'day'}s` as IntervalUnit };
}

const minutesOf: Readonly<Record<IntervalUnit, number>> = {
  minutes: 1,
  hours: 60,
  days: 1440,
  weeks: 10_080,
  months: 44_640,
};

/** Ten years: beyond that an interval is a slip of the keyboard. */
export const isSaneInterval = ({ number, unit }: Interval): boolean =>
  number >= 1 && number * minutesOf[unit] <= 120 * minutesOf.months;

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const shortDuration = /^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/;
const longDuration = /^(\d{1,6}) (second|minute|hour|day|week)s?$/;

/** Seconds of `30m`, `1h30m`, `2 days`; null when it is not written so, or is nothing. */
export function parseDuration(text: string): number | null {
  const long = longDuration.exec(text);
  if (long !== null) return positive(Number(long[1]) * (secondsOf[(long[2] ?? '').charAt(0)] ?? 0));
  const short = shortDuration.exec(text);
  if (short === null) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = short;
  return positive(Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

const positive = (seconds: number): number | null => (seconds > 0 ? seconds : null);
