import { DateTime } from 'luxon';

/**
 * When a schedule that is created now runs first: the written first run, or, when that has passed, the next time at that
 * distance from it. Counted in the definition's time zone, so that "every day at 02:00" stays at 02:00 when the clocks
 * change; a schedule made at noon does not run at once because its first night was last year.
 *
 * @param firstRunAt UTC, `YYYY-MM-DD HH:MM:SS`
 * @param every "1 day", "15 minutes", as `Values` have it
 * @param now UTC, milliseconds
 */
export function nextRun(firstRunAt: string, every: string, timezone: string, now: number): string {
  const first = DateTime.fromSQL(firstRunAt, { zone: 'utc' }).setZone(timezone);
  const { number, unit } = parse(every);
  if (!first.isValid || first.toMillis() >= now || number < 1) return firstRunAt;
  // A close guess below the answer, then at most a few steps: a month and a day that is 23 hours long are no fixed span.
  let steps = Math.max(0, Math.floor((now - first.toMillis()) / (number * LONGEST_MS[unit])));
  while (after(first, steps, number, unit).toMillis() < now) steps += 1;
  return after(first, steps, number, unit).toUTC().toFormat(FORMAT);
}

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
const HOUR_MS = 3_600_000;

/** Each unit at its longest, so that a division never overshoots. */
const LONGEST_MS = {
  minutes: 60_000,
  hours: HOUR_MS,
  days: 25 * HOUR_MS,
  weeks: (7 * 24 + 1) * HOUR_MS,
  months: (31 * 24 + 1) * HOUR_MS,
} as const;

type Unit = keyof typeof LONGEST_MS;

/** Counted from the first run each time, not from the last one: 31 January, 28 February, 31 March. */
const after = (first: DateTime, steps: number, number: number, unit: Unit): DateTime =>
  first.plus({ [unit]: steps * number });

function parse(every: string): { number: number; unit: Unit } {
  const [number = '0', word = 'days'] = every.split(' ');
  const plural = word.endsWith('s') ? word : `${word}s`;
  return { number: Number(number), unit: plural in LONGEST_MS ? (plural as Unit) : 'days' };
}
