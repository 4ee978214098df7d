import { fieldDigest } from './stamp.js';

/**
 * External IDs that stood in Odoo after the last apply, as short digests. An external ID goes with its record, so this
 * list is what tells a record that somebody deleted in Odoo from one that never was. It is kept in a system parameter
 * of the database (docs/decisions/0006-what-stood-is-remembered.md).
 */
export interface AppliedIds {
  /** Of the parameter; null: there is none yet. */
  readonly recordId: number | null;
  /** Empty when nothing is remembered, or nothing that we can read. */
  readonly digests: ReadonlySet<string>;
}

export const noAppliedIds: AppliedIds = { recordId: null, digests: new Set() };

/** Whether a record of that name stood there after the last apply. */
export const wasApplied = ({ digests }: Pick<AppliedIds, 'digests'>, externalId: string): boolean =>
  digests.size > 0 && digests.has(fieldDigest(externalId));

const MARK = 'steward1 ';
const LENGTH = fieldDigest(null).length;

/** Digests without separators, sorted: 6 bytes a record, and equal sets give equal text. */
export const writeAppliedIds = (digests: ReadonlySet<string>): string => `${MARK}${[...digests].sort().join('')}`;

/** Whatever we did not write reads as nothing: then no record is called deleted, which only costs attribution. */
export function readAppliedIds(text: string | null): ReadonlySet<string> {
  if (text?.startsWith(MARK) !== true) return new Set();
  const packed = text.slice(MARK.length).trim();
  if (packed.length % LENGTH !== 0 || /[^\w-]/.test(packed)) return new Set();
  return new Set(Array.from({ length: packed.length / LENGTH }, (_, i) => packed.slice(i * LENGTH, (i + 1) * LENGTH)));
}

export interface AfterApply {
  /** Our external IDs before the apply. */
  readonly owned: Iterable<string>;
  /** Created or adopted by it, and deleted by it: what Odoo confirmed. */
  readonly added: Iterable<string>;
  readonly removed: Iterable<string>;
  /** What definitions ask for: of these, what was remembered and is still missing stays so. */
  readonly desired: Iterable<string>;
}

/** What to remember after an apply; null: the same as before, so nothing is to be written. */
export function idsAfter(before: Pick<AppliedIds, 'digests'>, after: AfterApply): ReadonlySet<string> | null {
  const digests = new Set([...after.owned, ...after.added].map(fieldDigest));
  for (const externalId of after.removed) digests.delete(fieldDigest(externalId));
  for (const externalId of after.desired) if (wasApplied(before, externalId)) digests.add(fieldDigest(externalId));
  const isSame = digests.size === before.digests.size && [...digests].every((digest) => before.digests.has(digest));
  return isSame ? null : digests;
}
