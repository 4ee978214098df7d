import { DateTime, IANAZone } from 'luxon';
import { nearest } from './did-you-mean.js';

const written = /^\d{4}-\d{2}-\d{2}[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;

/** Whether a text has the form of an instant that the calendar knows; the zone is looked at later. */
export function isDateTime(text: string): boolean {
  const [, hours = '', minutes = '', seconds = '00'] = written.exec(text) ?? [];
  return (
    hours !== '' && isDate(text.slice(0, 10)) && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60
  );
}

/** Zones that were found to be real: asking takes longer than reading the file that names one. */
const known = new Set(['UTC']);

export function isTimezone(name: string): boolean {
  if (!known.has(name) && name.includes('/') && IANAZone.isValidZone(name)) known.add(name);
  return known.has(name);
}

export const nearestTimezone = (name: string): string | null => {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${name.toLowerCase()}`)) ?? nearest(name, zones);
};

export type FirstRun = { readonly at: string } | { readonly mistake: string };

/**
 * The UTC instant (`YYYY-MM-DD HH:MM:SS`) of a local time. A time that the zone skips (clocks go forward) or has twice
 * (clocks go back) is a mistake: a file has to name one instant, and this is written once, so asking is cheap.
 */
export function toFirstRun(text: string, timezone: string): FirstRun {
  const iso = text.replace(' ', 'T');
  if (/(?:Z|[+-]\d{2}:\d{2})$/.test(iso)) return { at: utc(Date.parse(iso)) };

  const local = Date.parse(`${iso}Z`);
  const zone = IANAZone.create(timezone);
  // The offsets a day before and after; where they differ, a local time is real for those that lead back to themselves.
  const [before, after] = [zone.offset(local - dayMs), zone.offset(local + dayMs)];
  if (before === after) return { at: utc(local - before * 60_000) };
  const offsets = [before, after];
  const instants = offsets
    .map((offset) => local - offset * 60_000)
    .filter((instant) => instant + zone.offset(instant) * 60_000 === local)
    .sort((a, b) => a - b);
  const [first, second] = instants;
  if (first === undefined) {
    const shifted = DateTime.fromISO(iso, { zone: timezone }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
    return { mistake: `${text} does not exist in ${timezone}, where the clocks go forward then: write ${shifted}` };
  }
  if (second !== undefined) {
    const both = [first, second].map(
      (instant) => `${iso}${DateTime.fromMillis(instant, { zone: timezone }).toFormat('ZZ')}`,
    );
    return {
      mistake: `${text} happens twice in ${timezone}, where the clocks go back then: write ${both.join(' or ')}`,
    };
  }
  return { at: utc(first) };
}

const dayMs = 86_400_000;

const utc = (instant: number): string => new Date(instant).toISOString().slice(0, 19).replace('T', ' ');

/** `2026-01-31`, and a day that the calendar has. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
