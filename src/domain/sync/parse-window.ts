import { didYouMean } from '../definitions/did-you-mean.js';
import { WEEKDAYS, type SyncWindow, type Weekday } from './windows.js';

export type WindowTimes = Pick<SyncWindow, 'days' | 'fromMinute' | 'toMinute'>;

export type ParsedWindow = { readonly times: WindowTimes } | { readonly mistake: string };

type Part<T> = { readonly value: T; readonly mistake: null } | { readonly value: null; readonly mistake: string };

const FORM = 'write days and times, such as `mon-fri 08:00-18:00`';

/** What people write for days, and how it is spelled here. */
const otherDays: Readonly<Record<string, string>> = {
  weekdays: 'mon-fri',
  workdays: 'mon-fri',
  weekend: 'sat,sun',
  weekends: 'sat,sun',
  everyday: 'daily',
  always: 'daily',
  '*': 'daily',
};

/**
 * Reads `DAYS FROM-TO`: `daily`, `mon-fri`, `sat,sun`, `fri-mon` (over Sunday), and times from 00:00 to 23:59, where a
 * window may also end at 24:00. One that ends no later than it begins goes on to the next day. Days come in the order of
 * the week. A mistake is the second half of a sentence and says what to write.
 */
export function parseWindowTimes(text: string): ParsedWindow {
  const plain = text.trim().replace(/[–—]/g, '-').replace(/\s+/g, ' ').replace(/ ?, ?/g, ',').replace(/ ?- ?/g, '-');
  const [first = '', second, ...others] = plain.split(' ');
  if (second === undefined) return { mistake: partMissing(first) };
  if (others.length > 0) return { mistake: `${FORM}; a time zone goes into \`timezone\` below it` };
  const days = parseDays(first);
  const times = parseTimes(second);
  if (days.mistake !== null || times.mistake !== null) {
    return { mistake: [days.mistake, times.mistake].filter((mistake) => mistake !== null).join('; ') };
  }
  return { times: { days: days.value, ...times.value } };
}

function partMissing(only: string): string {
  if (parseTimes(only).mistake === null) return `the days are missing: did you mean \`daily ${only}\`?`;
  if (parseDays(only).mistake === null) return `the times are missing: did you mean \`${only} 00:00-24:00\`?`;
  return FORM;
}

function parseDays(text: string): Part<Weekday[]> {
  if (text === 'daily') return { value: [...WEEKDAYS], mistake: null };
  const other = Object.hasOwn(otherDays, text.toLowerCase()) ? otherDays[text.toLowerCase()] : undefined;
  if (other !== undefined) return wrong(`\`${text}\` is not known here: did you mean \`${other}\`?`);
  const named: Weekday[] = [];
  const mistakes: string[] = [];
  for (const part of text.split(',')) {
    const ends = part.split('-');
    const unknown = ends.filter((end) => !isDay(end));
    const [from, to = from, tooMany] = ends.filter(isDay);
    if (unknown.length > 0) mistakes.push(...unknown.map(noDay));
    else if (from === undefined || to === undefined || tooMany !== undefined) mistakes.push(noDay(part));
    else named.push(...daysBetween(from, to));
  }
  const twice = named.find((day, index) => named.indexOf(day) < index);
  if (twice !== undefined) mistakes.push(`\`${twice}\` is among the days twice: name it once`);
  if (mistakes.length > 0) return wrong(mistakes.join('; '));
  return { value: WEEKDAYS.filter((day) => named.includes(day)), mistake: null };
}

const wrong = (mistake: string): { value: null; mistake: string } => ({ value: null, mistake });

const isDay = (text: string): text is Weekday => (WEEKDAYS as readonly string[]).includes(text);

const noDay = (text: string): string =>
  `\`${text}\` is not a day: ${text.toLowerCase() === 'daily' ? 'did you mean `daily`?' : didYouMean(text, WEEKDAYS)}`;

function daysBetween(from: Weekday, to: Weekday): Weekday[] {
  const begin = WEEKDAYS.indexOf(from);
  const length = ((WEEKDAYS.indexOf(to) - begin + WEEKDAYS.length) % WEEKDAYS.length) + 1;
  return [...WEEKDAYS, ...WEEKDAYS].slice(begin, begin + length);
}

function parseTimes(text: string): Part<Pick<SyncWindow, 'fromMinute' | 'toMinute'>> {
  const exact = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(text);
  const minutes = exact === null ? [] : [minuteOf(exact[1], exact[2], false), minuteOf(exact[3], exact[4], true)];
  const [fromMinute, toMinute] = minutes;
  if (typeof fromMinute === 'number' && typeof toMinute === 'number') {
    return { value: { fromMinute, toMinute }, mistake: null };
  }
  const near = nearTimes(text);
  const hint = near === null ? 'write two times of the day, such as `08:00-18:00`' : `did you mean \`${near}\`?`;
  return wrong(`\`${text}\` are not two times of the day: ${hint}`);
}

/** Null: the clock has no such time. The end of the day is the beginning of the next. */
function minuteOf(hours = '', minutes = '', isEnd = false): number | null {
  if (isEnd && hours === '24' && minutes === '00') return 0;
  return Number(hours) < 24 && Number(minutes) < 60 ? Number(hours) * 60 + Number(minutes) : null;
}

/** `8-18`, `8:00-18:00`, `0800-1800` and `8h00-18h00`, as they are spelled here; null: not near enough. */
function nearTimes(text: string): string | null {
  const loose = /^(\d{1,2})(?:[:.h]?(\d\d))?h?-(\d{1,2})(?:[:.h]?(\d\d))?h?$/.exec(text);
  if (loose === null) return null;
  const [, from = '', fromMinutes = '00', to = '', toMinutes = '00'] = loose;
  if (minuteOf(from, fromMinutes) === null || minuteOf(to, toMinutes, true) === null) return null;
  return `${from.padStart(2, '0')}:${fromMinutes}-${to.padStart(2, '0')}:${toMinutes}`;
}
