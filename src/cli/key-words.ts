import type { ListedKey } from '../app/service/keys.js';
import { parseApiKey } from '../domain/access/api-key.js';
import { showScope } from '../domain/access/scopes.js';
import { parseDuration } from '../domain/definitions/interval.js';
import { CliError } from './failure.js';

const TEN_YEARS_MS = 3_650 * 86_400_000;

/** A key as machines read it; the same members as in the API. */
export const keyJson = (key: ListedKey) => ({
  id: key.id,
  prefix: key.prefix,
  name: key.name,
  scopes: key.scopes.map(showScope),
  createdAt: new Date(key.createdAt).toISOString(),
  createdBy: key.createdBy,
  expiresAt: instantOrNull(key.expiresAt),
  lastUsedAt: instantOrNull(key.lastUsedAt),
  revokedAt: instantOrNull(key.revokedAt),
  replaces: key.replaces,
});

export const instantOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Milliseconds since 1970 of `90d`, `12h` or `2027-01-31` (the end of that day, UTC). Throws `CliError`. */
export function parseExpiry(text: string, now: number): number {
  const at = parseDay(text) ?? spanAfter(text, now);
  if (at === null)
    throw new CliError('wrong_option', '--expires takes a duration such as 90d or 12h, or a day such as 2027-01-31.');
  if (at <= now) throw new CliError('wrong_option', `--expires: ${text} is over already.`);
  if (at > now + TEN_YEARS_MS) throw new CliError('wrong_option', '--expires: at most ten years (3650d).');
  return at;
}

function spanAfter(text: string, now: number): number | null {
  const seconds = parseDuration(text);
  return seconds === null ? null : now + seconds * 1000;
}

function parseDay(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = Date.parse(`${text}T23:59:59.999Z`);
  // 2027-02-31 would be read as a day in March.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? null : at;
}

/** Milliseconds; `0`: none. Throws `CliError`. */
export function parseOverlap(text: string): number {
  const seconds = text === '0' ? 0 : parseDuration(text);
  if (seconds === null || seconds > 30 * 86_400)
    throw new CliError('wrong_option', '--overlap takes a duration of at most 30d, such as 24h, or 0.');
  return seconds * 1000;
}

/** Somebody may paste the key as a whole: only what names it is used, and shown. */
export const nameOfKey = (text: string): string => parseApiKey(text)?.prefix ?? text.replace(/^osk_/, '').slice(0, 64);
