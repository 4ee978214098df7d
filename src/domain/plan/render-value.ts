import { showSafeLine } from './render-safe.js';
import { sameValue, type Value } from './values.js';

export type Side = 'git' | 'odoo';

/**
 * A value that may leave the house: of a secret only its name, of a webhook's address in Odoo only the host (it may
 * have been a secret once, or be somebody else's).
 */
export function withoutSecrets(field: string, value: Value, side: Side): Value {
  const secret = secretName(value);
  if (secret !== null) return { secret };
  if (field === 'url' && side === 'odoo' && typeof value === 'string') return hostOf(value);
  return value;
}

/** How a field reads on one line: bare words bare, text in quotes, lists and mappings as YAML writes them. */
export function showValue(field: string, value: Value, side: Side): string {
  const secret = secretName(value);
  return secret === null ? show(withoutSecrets(field, value, side)) : `(secret ${secret})`;
}

/** Both sides of a field; the same secret with another value shows no difference otherwise. */
export function showPair(field: string, before: Value, after: Value): readonly [before: string, after: string] {
  const shown = [showValue(field, before, 'odoo'), showValue(field, after, 'git')] as const;
  const secret = secretName(after);
  if (secret !== null && secret === secretName(before) && !sameValue(before, after))
    return [shown[0], `(secret ${secret}, changed)`];
  return shown;
}

/** Text of several lines, where the value is better shown as a diff; null for what fits on a line. */
export function blockText(field: string, value: Value): string | null {
  if (value === null) return '';
  if (typeof value === 'string') return field === 'code' || value.includes('\n') ? value : null;
  if (!Array.isArray(value) || !value.some((entry) => typeof entry === 'object' && entry !== null)) return null;
  return value.map((entry: Value) => `${show(entry)}\n`).join('');
}

function show(value: Value): string {
  if (value === null) return '(empty)';
  if (typeof value === 'string') return BARE.test(value) ? value : quote(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(show).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${showSafeLine(key)}: ${show(entry)}`)
    .join(', ')} }`;
}

/** Words that need no quotes: names of models, fields, external IDs; not what reads as a number or a word of YAML. */
const BARE = /^(?!(?:true|false|null|yes|no|on|off|[\d.]+)$)[\w#][\w.#:-]*$/i;

const quote = (text: string): string => `"${showSafeLine(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`;

function secretName(value: Value): string | null {
  if (value === null || typeof value !== 'object' || isList(value)) return null;
  const name = value['secret'];
  return typeof name === 'string' ? name : null;
}

function hostOf(address: string): string {
  try {
    const url = new URL(address);
    return url.pathname.length <= 1 && url.search === '' ? url.origin : `${url.origin}/…`;
  } catch {
    return '(not shown)';
  }
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
