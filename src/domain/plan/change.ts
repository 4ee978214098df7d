import type { Place } from '../problem.js';
import type { LastEdit, ObjectKind } from './state.js';
import type { Value, Values } from './values.js';

/** Which side left what was last applied. `unknown`: nothing tells (no stamp, or one that somebody removed). */
export type Moved = 'git' | 'live' | 'both' | 'unknown';

/**
 * Why `apply` leaves a difference alone until it is told otherwise:
 *
 * - `prune_not_asked`: a delete without `--prune`
 * - `switched_off_by_odoo`, `switched_off_by_person`: switching a schedule on again needs `--reactivate`
 * - `switched_off`: the same, where our own later write covers the trace of who it was
 * - `accepted`: somebody looked at it and lets it stand until a date
 */
export type Held = 'prune_not_asked' | 'switched_off_by_odoo' | 'switched_off_by_person' | 'switched_off' | 'accepted';

/** When a schedule that is created is to run first, as the definition says it. */
export interface FirstRun {
  /** UTC, `YYYY-MM-DD HH:MM:SS`; null: nothing is said, and Odoo's worker runs it as soon as it sees it. */
  readonly writtenAt: string | null;
  /** IANA zone in which it is counted, and shown. */
  readonly timezone: string;
}

export interface FieldDiff {
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
  readonly moved: Moved;
  readonly held: Held | null;
}

interface ChangeBase {
  readonly object: ObjectKind;
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly at: Place | null;
}

export interface Create extends ChangeBase {
  readonly op: 'create';
  readonly after: Values;
  /** `live`: it stood there after the last apply, and somebody deleted it in Odoo. `git`: it is new. */
  readonly moved: 'git' | 'live';
  /** null: a server action, which has none. */
  readonly firstRun: FirstRun | null;
  readonly held: Held | null;
}

export interface Update extends ChangeBase {
  readonly op: 'update';
  readonly recordId: number;
  readonly before: Values;
  readonly after: Values;
  /** Sorted by field; never empty. */
  readonly fields: readonly FieldDiff[];
  readonly lastEdit: LastEdit | null;
  /** Set when every field is held: nothing of it is applied. */
  readonly held: Held | null;
}

export interface Delete extends ChangeBase {
  readonly op: 'delete';
  readonly recordId: number;
  readonly before: Values;
  readonly lastEdit: LastEdit | null;
  readonly held: Held | null;
}

export interface Adopt extends ChangeBase {
  readonly op: 'adopt';
  readonly recordId: number;
  readonly held: null;
}

export type Change = Create | Update | Delete | Adopt;

/** What `apply` will really do of a change. */
export const isApplied = (change: Change): boolean => change.held === null;

/** Fields of an update that are written. */
export const appliedFields = (change: Update): readonly string[] =>
  change.fields.filter((field) => field.held === null).map((field) => field.field);
