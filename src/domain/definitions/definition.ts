import type { Place } from '../problem.js';

/**
 * A reference to a record that we do not manage: an external ID (`base.group_user`), or `#57`, a record ID that is
 * valid in one database only (what `export` writes for a record without an external ID).
 */
export type Reference = string;

/** How one field gets its value in an `update_record` or `create_record` action. */
export type Assignment =
  | { readonly to: 'value'; readonly value: string | number | boolean | null }
  | { readonly to: 'expression'; readonly expression: string }
  | { readonly to: 'record'; readonly record: Reference }
  | { readonly to: 'add' | 'remove' | 'replace'; readonly record: Reference }
  | { readonly to: 'clear' }
  | { readonly to: 'sequence'; readonly sequence: Reference };

export interface FieldAssignment {
  /** A field of the model, or a path over many2one fields (17 and later): `partner_id.comment`. */
  readonly field: string;
  readonly assign: Assignment;
}

/** A text that stands in git, or the name of a secret that the settings resolve when it is written. */
export type SecretText = { readonly text: string } | { readonly secret: string };

export type ActionSpec =
  | { readonly kind: 'code'; readonly code: string; readonly codeFile: string }
  | { readonly kind: 'update_record'; readonly set: readonly FieldAssignment[] }
  | {
      readonly kind: 'create_record';
      readonly creates: string;
      readonly values: readonly FieldAssignment[];
      readonly linkField: string | null;
    }
  | {
      readonly kind: 'copy_record';
      readonly copies: string;
      readonly record: Reference;
      readonly linkField: string | null;
    }
  /** `actions` are full external IDs, in the order in which they run. */
  | { readonly kind: 'multi'; readonly actions: readonly string[] }
  | { readonly kind: 'webhook'; readonly url: SecretText; readonly fields: readonly string[] }
  | {
      readonly kind: 'email';
      readonly template: Reference;
      readonly method: 'email' | 'comment' | 'note';
      readonly autofollow: boolean;
    }
  | {
      readonly kind: 'activity';
      readonly type: Reference;
      readonly summary: string | null;
      readonly note: string | null;
      readonly due: { readonly in: number; readonly unit: 'days' | 'weeks' | 'months' };
      readonly assign: { readonly user: Reference } | { readonly field: string } | null;
    }
  | {
      readonly kind: 'followers' | 'remove_followers';
      readonly who: { readonly partners: readonly Reference[] } | { readonly field: string };
    };

export type ActionKind = ActionSpec['kind'];

export type BindingView = 'list' | 'form' | 'kanban';

export interface ServerActionSpec {
  readonly spec: ActionSpec;
  /** null: not written in the file; the plan then chooses the groups (design, section 4). */
  readonly groups: readonly Reference[] | null;
  /** Shown in the Action menu of `model` (or of another model), in these views, sorted. */
  readonly binding: { readonly model: string; readonly views: readonly BindingView[] } | null;
  readonly sequence: number;
}

export type ParameterType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'selection';

export interface ParameterSpec {
  readonly type: ParameterType;
  readonly label: string;
  readonly required: boolean;
  readonly help: string | null;
  readonly default: string | number | boolean | null;
  readonly maxLength: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly options: readonly { readonly value: string; readonly label: string }[] | null;
}

export interface TriggerSpec {
  readonly roles: readonly string[];
  readonly records: { readonly domain: readonly unknown[]; readonly max: number } | null;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  readonly reason: 'required' | 'optional' | 'none';
  readonly mode: 'direct' | 'enqueue';
}

export type IntervalUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months';

export interface ScheduleSpec {
  readonly every: { readonly number: number; readonly unit: IntervalUnit };
  readonly user: Reference;
  readonly priority: number;
  readonly active: boolean;
  /** First run, UTC, `YYYY-MM-DD HH:MM:SS`. Used when the schedule is created; later the worker owns it. */
  readonly firstRunAt: string | null;
  /** IANA zone that `first_run` was written in; repeats of it are counted there. */
  readonly timezone: string;
  readonly adopts: Reference | null;
}

export interface MonitorSpec {
  readonly graceSeconds: number | null;
  readonly maxDurationSeconds: number | null;
  readonly alert: readonly string[];
}

/** One definition file, checked and with its variables filled in: at most one server action and one schedule over it. */
export interface Definition {
  readonly id: string;
  /** `<namespace>.<id>`, of the server action. */
  readonly externalId: string;
  /** `<namespace>.<id>_schedule`, of the scheduled action. */
  readonly scheduleExternalId: string;
  readonly at: Place;
  /** Where each written value stands, by dotted path (`schedule.user`), for problems found later. */
  readonly places: Readonly<Record<string, Place>>;
  readonly name: string;
  readonly description: string | null;
  readonly model: string;
  readonly action: ServerActionSpec;
  readonly trigger: TriggerSpec | null;
  readonly schedule: ScheduleSpec | null;
  readonly monitor: MonitorSpec | null;
  /** The existing server action that `adopt` shall take over. */
  readonly adopts: Reference | null;
  /** null: all. */
  readonly environments: readonly string[] | null;
}

/** All that one definitions repository says for one environment. */
export interface DefinitionSet {
  readonly namespace: string;
  readonly definitions: readonly Definition[];
}

/** A text file of a definitions repository at a revision; the path is relative, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}
