import type { Change, FieldDiff, Held } from './change.js';
import { fieldDigest } from './stamp.js';
import type { ObjectKind } from './state.js';

/** A difference that somebody looked at and lets stand for a while. */
export interface Acceptance {
  readonly object: ObjectKind;
  readonly externalId: string;
  /** A field's name; `WHOLE_RECORD` for a record that is gone, or that no definition knows. */
  readonly field: string;
  /** Of the live value that was accepted: when Odoo moves on, it is drift again. */
  readonly liveDigest: string;
}

export const WHOLE_RECORD = '*';
/** A record that is gone has no value. */
const GONE = '';

/** Holds back what was accepted, for as long as Odoo shows what it showed then. */
export function holdAccepted(changes: readonly Change[], accepted: readonly Acceptance[]): Change[] {
  if (accepted.length === 0) return [...changes];
  const known = new Set(accepted.map(keyOf));
  const held = changes.map((change): Change => {
    if (change.op === 'adopt') return change;
    if (change.op !== 'update') {
      const target = acceptanceOf(change, WHOLE_RECORD);
      return target !== null && known.has(keyOf(target)) ? { ...change, held: 'accepted' } : change;
    }
    const fields = change.fields.map((diff): FieldDiff => {
      const target = acceptanceOf(change, diff.field);
      return target !== null && known.has(keyOf(target)) ? { ...diff, held: 'accepted' } : diff;
    });
    return { ...change, fields, held: heldAsAWhole(fields) };
  });
  // A schedule cannot be made over an action that stays away.
  const away = new Set(
    held
      .filter(({ op, object, held: why }) => op === 'create' && object === 'server_action' && why !== null)
      .map(({ id }) => id),
  );
  return held.map((change) =>
    change.op === 'create' && change.object === 'scheduled_action' && away.has(change.id)
      ? { ...change, held: 'accepted' }
      : change,
  );
}

/** What to keep so that this difference is let stand; null where there is nothing of Odoo's to accept. */
export function acceptanceOf(change: Change, field: string): Acceptance | null {
  const { object, externalId } = change;
  const base = { object, externalId, field };
  if (field === WHOLE_RECORD) {
    if (change.op === 'create') return change.moved === 'live' ? { ...base, liveDigest: GONE } : null;
    return change.op === 'delete' ? { ...base, liveDigest: fieldDigest(change.before) } : null;
  }
  if (change.op !== 'update') return null;
  const diff = change.fields.find((one) => one.field === field);
  return diff === undefined || diff.moved === 'git' ? null : { ...base, liveDigest: fieldDigest(diff.before) };
}

const heldAsAWhole = (fields: readonly FieldDiff[]): Held | null =>
  fields.every((diff) => diff.held !== null) ? (fields[0]?.held ?? null) : null;

const keyOf = ({ object, externalId, field, liveDigest }: Acceptance): string =>
  [object, externalId, field, liveDigest].join('\n');
