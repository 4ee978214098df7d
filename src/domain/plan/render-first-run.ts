import type { Create, FirstRun } from './change.js';
import { nextRun } from './next-run.js';
import { showAgo, showInstant } from './render-time.js';

/** UTC, ISO 8601: when a schedule that is made now runs first; null: as soon as Odoo's worker sees it. */
export function firstRunAt(
  change: Pick<Create, 'after'>,
  { writtenAt, timezone }: FirstRun,
  now: number,
): string | null {
  if (writtenAt === null) return null;
  const every = change.after['every'];
  return toIso(nextRun(writtenAt, typeof every === 'string' ? every : '', timezone, now));
}

/** "2026-11-21 02:00 Europe/Brussels, in 15 hours". */
export function showFirstRun(change: Pick<Create, 'after'>, firstRun: FirstRun, now: number): string {
  const at = firstRunAt(change, firstRun, now);
  const off = change.after['active'] === false ? '; switched off, so not before somebody switches it on' : '';
  if (at === null) return `at once: the definition names no first_run${off}`;
  const { writtenAt, timezone } = firstRun;
  const passed =
    writtenAt === null || toIso(writtenAt) === at ? '' : ` (${showInstant(toIso(writtenAt), timezone)} has passed)`;
  return `${showInstant(at, timezone)} ${timezone}, ${showAgo(at, now)}${passed}${off}`;
}

export const toIso = (time: string): string => `${time.replace(' ', 'T')}Z`;
