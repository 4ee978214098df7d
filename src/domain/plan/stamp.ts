import { hash } from 'node:crypto';
import { canonicalJson, type Value, type Values } from './values.js';

/**
 * What we last wrote, field by field, as short digests. It stands in the managed server action's own `help` text, so
 * that it is written in the same transaction as the fields, survives a dump and restore, and goes with the record: no
 * state file (docs/decisions/0002-applied-state-in-the-record.md).
 */
export interface Applied {
  readonly action: Readonly<Record<string, string>>;
  readonly schedule: Readonly<Record<string, string>>;
}

export interface StampOrigin {
  /** The definition file. */
  readonly file: string;
  readonly revision: string | null;
}

const DIGEST_LENGTH = 6;

/** 36 bits are plenty: a clash only blames the wrong side for a difference, it never hides one. */
export function fieldDigest(value: Value | undefined): string {
  return hash('sha256', canonicalJson(value), 'base64url').slice(0, DIGEST_LENGTH);
}

export function appliedDigests(
  values: Values,
  fields: readonly string[] = Object.keys(values),
): Record<string, string> {
  return Object.fromEntries([...fields].sort().map((field) => [field, fieldDigest(values[field])]));
}

/** Finds our mark, and what else stands in the text (somebody's own help, which we keep). */
export function readStamp(help: string | null): { readonly applied: Applied | null; readonly rest: string } {
  if (help === null) return { applied: null, rest: '' };
  const mark = MARK.exec(help);
  const rest = help.replace(PARAGRAPH, '').trim();
  if (mark === null) return { applied: null, rest };
  return { applied: { action: readPairs(mark[1]), schedule: readPairs(mark[2]) }, rest };
}

/** The help text with our paragraph at its end, in place of an earlier one. Safe HTML, kept as it is by Odoo's sanitizer. */
export function writeStamp(help: string | null, origin: StampOrigin, applied: Applied): string {
  const { rest } = readStamp(help);
  const revision = origin.revision === null ? '' : ` at ${origin.revision.slice(0, 10)}`;
  const mark = `[steward1 ${writePairs(applied.action)};${writePairs(applied.schedule)}]`;
  const note = `Managed by odoo-steward: ${escapeHtml(origin.file)}${revision}. What is changed here is shown as drift.`;
  return `${rest}<p>${note} ${mark}</p>`;
}

const MARK = /\[steward1 ([^\];]*);([^\];]*)\]/;
const PARAGRAPH = /<p(?:\s[^<>]*)?>(?:(?!<\/?p[\s>])[\s\S])*\[steward1 [^\]]*\]\s*<\/p>/g;

const writePairs = (pairs: Readonly<Record<string, string>>): string =>
  Object.keys(pairs)
    .sort()
    .map((field) => `${field}=${pairs[field] ?? ''}`)
    .join(' ');

const readPairs = (text: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (text ?? '')
      .split(/\s+/)
      .map((pair) => pair.split('='))
      .filter((pair): pair is [string, string] => pair.length === 2 && pair[0] !== ''),
  );

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'[\]]/g, (character) => `&#${character.charCodeAt(0)};`);
