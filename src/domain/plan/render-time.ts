const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "7 minutes", "3 hours", "12 days": the largest unit that says enough. */
export function showDuration(milliseconds: number): string {
  const ms = Math.abs(milliseconds);
  if (ms < MINUTE) return count(Math.floor(ms / 1000), 'second');
  if (ms < HOUR) return count(Math.floor(ms / MINUTE), 'minute');
  if (ms < 2 * DAY) return count(Math.floor(ms / HOUR), 'hour');
  if (ms < 60 * DAY) return count(Math.floor(ms / DAY), 'day');
  if (ms < 730 * DAY) return count(Math.floor(ms / (30 * DAY)), 'month');
  return count(Math.floor(ms / (365 * DAY)), 'year');
}

/** "7 minutes ago", "in 3 hours", "just now"; an instant that cannot be read is shown as it is. */
export function showAgo(at: string, now: number): string {
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return at;
  const distance = now - instant;
  if (Math.abs(distance) < 5000) return 'just now';
  return distance > 0 ? `${showDuration(distance)} ago` : `in ${showDuration(distance)}`;
}

/** `2026-11-22 21:03`, in the reader's zone. */
export function showInstant(at: string, timeZone: string): string {
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return at;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}

const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;
