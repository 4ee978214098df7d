import type { Reference } from '../definitions/definition.js';
import type { Place } from '../problem.js';
import type { AppliedIds } from './applied-ids.js';
import type { Values } from './values.js';

/** The two kinds of record that a definition owns. */
export type ObjectKind = 'server_action' | 'scheduled_action';

/**
 * Field names of a server action's `Values`, all in the house's words. Always present: name, model, kind, sequence,
 * groups, binding. The rest belongs to a kind and is absent for the others:
 *
 * - code: `code` (text with `\n`, or null when empty)
 * - update_record: `set`, a list of `{ field, to, … }` sorted by field (definition.ts, `Assignment` flattened)
 * - create_record: `creates`, `values` (like `set`), `link_field`
 * - copy_record: `copies`, `record`, `link_field`
 * - multi: `actions`, external IDs in the order in which they run
 * - webhook: `url` (text, or `{ secret: NAME, digest }`), `fields` (names, sorted)
 * - email: `template`, `method`, `autofollow`
 * - activity: `type`, `summary`, `note`, `due` (`{ in, unit }`), `assign` (`{ user }`, `{ field }` or null)
 * - followers, remove_followers: `who` (`{ partners }` sorted, or `{ field }`)
 *
 * A scheduled action's: `action` (external ID of its server action), `every` ("15 minutes"), `user` (reference),
 * `priority`, `active`.
 *
 * `groups` is a sorted list of references; `binding` is null or `{ model, views }` with sorted views. A live kind that
 * no definition can express is `kind: 'unsupported:<state>'`.
 */
export interface DesiredAction {
  readonly id: string;
  readonly externalId: string;
  readonly scheduleExternalId: string;
  readonly at: Place;
  readonly places: Readonly<Record<string, Place>>;
  readonly action: Values;
  readonly schedule: Values | null;
  /** First run of a schedule that is created, UTC `YYYY-MM-DD HH:MM:SS`, or null: Odoo's own choice, now. */
  readonly firstRunAt: string | null;
  /** IANA zone in which repeats of the first run are counted. */
  readonly timezone: string;
  readonly adopts: Reference | null;
  readonly scheduleAdopts: Reference | null;
}

export interface DesiredState {
  readonly namespace: string;
  /** Sorted by ID. */
  readonly actions: readonly DesiredAction[];
}

/** Who touched a live record last, as Odoo has it; `at` is UTC ISO 8601. */
export interface LastEdit {
  readonly by: string;
  readonly at: string;
  /** The user that we ourselves work as: its write covers the trace of whoever wrote before. */
  readonly isOwn: boolean;
}

interface LiveRecord {
  readonly recordId: number;
  /** Ours (in the namespace), or null for a record that we do not own. */
  readonly externalId: string | null;
  /** Every external ID of the record, ours or not, sorted. */
  readonly externalIds: readonly string[];
  readonly values: Values;
  readonly lastEdit: LastEdit | null;
}

export interface LiveAction extends LiveRecord {
  /** Odoo's `help` as it stands: carries our stamp (stamp.ts). */
  readonly help: string | null;
  /** Fields of `set` whose text Odoo keeps as HTML (19): see kept-html.ts. */
  readonly htmlFields: readonly string[];
  /** Belongs to a schedule by Odoo's own mark (`usage = ir_cron`). */
  readonly usedBySchedule: boolean;
  /** Odoo's own warning about the action (19), or null. */
  readonly warning: string | null;
}

export interface LiveSchedule extends LiveRecord {
  /** What Odoo's list calls it, which is the name of its server action; empty when it has none. For people. */
  readonly name: string;
  readonly actionId: number;
  /** What the worker changes, UTC ISO 8601; never compared. */
  readonly nextRunAt: string | null;
  readonly lastRunAt: string | null;
  /** 14 to 17: runs left, -1 for ever; null on 18 and later. */
  readonly runsLeft: number | null;
  /** 18 and later. */
  readonly failureCount: number | null;
  readonly firstFailureAt: string | null;
}

/** What identifies the database; together, because a dump and restore keeps the UUID (facts 1.3). */
export interface DatabaseIdentity {
  readonly uuid: string;
  readonly database: string;
  readonly baseUrl: string | null;
  readonly neutralized: boolean;
}

/** The identity that this instance was bound to, as stored in the database itself. */
export interface Binding {
  readonly uuid: string;
  readonly database: string;
  readonly baseUrl: string | null;
  readonly boundAt: string;
}

/** All that a plan needs to know of the live database, read in a number of calls that does not grow with it. */
export interface LiveState {
  readonly identity: DatabaseIdentity;
  readonly binding: Binding | null;
  readonly appliedIds: AppliedIds;
  /** `19.0` */
  readonly serie: string;
  /** Records in the namespace, and those that a desired action wants to adopt. */
  readonly actions: readonly LiveAction[];
  readonly schedules: readonly LiveSchedule[];
  /**
   * Desired references that exist here, by `<model>|<reference>`, with their record ID. Live values name records by
   * the reference that a desired action uses for them, else by their first external ID, else by `#<record ID>`.
   */
  readonly references: ReadonlyMap<string, number>;
  /** External IDs in our namespace that belong to a record of another model. */
  readonly foreign: readonly { readonly externalId: string; readonly model: string }[];
}
