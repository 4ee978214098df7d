import type { AccessRole } from '../domain/access-roles.js';
import type { Reference, SourceFile } from '../domain/definitions/definition.js';
import type { Binding, DesiredAction, LiveSchedule, LiveState, ObjectKind } from '../domain/plan/state.js';
import type { Values } from '../domain/plan/values.js';
import type { Problem } from '../domain/problem.js';

/** What a definitions source holds at one revision. */
export interface SourceTree {
  /** Commit hash (40 or 64 hex digits), or null for a plain folder or a work tree that is not committed. */
  readonly revision: string | null;
  /** For people: `main at 1a2b3c4 of <url>` or the folder's path. Never holds a credential. */
  readonly description: string;
  /** `.yaml`, `.yml` and `.py` files, sorted by path. */
  readonly files: readonly SourceFile[];
}

/** Where definitions come from: a git repository at a branch, tag or commit, or a folder. */
export interface DefinitionsSource {
  /** Throws `SourceError` (src/domain/source-error.ts) with what to mend. */
  read(signal?: AbortSignal): Promise<SourceTree>;
}

export interface PythonFile {
  readonly path: string;
  readonly code: string;
}

/** Checks server-action code before any Odoo is asked. `serie` is Odoo's (`19.0`); null: the rules of every version. */
export interface PythonChecker {
  check(files: readonly PythonFile[], serie: string | null): Promise<readonly Problem[]>;
}

/**
 * A reference that some definition makes. `model` is what it points to, `*` where only the live field's type tells.
 * Records of `ir.actions.server` and `ir.cron` named here (adoption targets, children of `multi`) are read as well.
 */
export interface WantedReference {
  readonly model: string;
  readonly reference: Reference;
}

export interface LiveScope {
  readonly namespace: string;
  readonly references: readonly WantedReference[];
  /** Secrets that desired webhook URLs stand for, by name: compared by digest, never shown. */
  readonly secretDigests: ReadonlyMap<string, string>;
  /** External IDs of actions whose webhook URL stands in git as text: of all others of ours the live one is told by its digest. */
  readonly plainUrlActions?: ReadonlySet<string>;
}

/** Which records `export` and `adopt` look at; all given conditions must hold. */
export interface ExportFilter {
  readonly models?: readonly string[];
  /** Modules whose external IDs the record has; `''` stands for records without any. */
  readonly modules?: readonly string[];
  readonly name?: string;
  readonly kinds?: readonly string[];
  readonly recordIds?: readonly number[];
  /** Only actions with, or without, a schedule. */
  readonly scheduled?: boolean;
}

/** Reads one database. It has no way to write: what is handed to `plan` is this and nothing more. */
export interface LiveReader {
  /** At most 4 RPC calls, whatever the number of records, when only kinds without record references of their own are live. */
  read(scope: LiveScope): Promise<LiveState>;
  /** The same records again, after a write: at most one call a model. Reuses the references of the last `read`. */
  reread(
    actionIds: readonly number[],
    scheduleIds: readonly number[],
  ): Promise<Pick<LiveState, 'actions' | 'schedules'>>;
  /** All actions and schedules of the database that match, ours or not. */
  readAll(filter: ExportFilter, scope: LiveScope): Promise<LiveState>;
  /**
   * What this server cannot do of what is about to be written: kinds, fields, models and groups that it lacks, each with
   * the module to install where one is known. Asks Odoo only about what the changes need. Places are the definition's.
   */
  check(writes: readonly PlannedWrite[]): Promise<readonly Problem[]>;
  /** Every schedule of the database, for `crons`: two calls side by side, for the schedules and for whose they are. */
  readSchedules(): Promise<readonly LiveSchedule[]>;
}

export interface PlannedWrite {
  readonly desired: DesiredAction;
  readonly object: ObjectKind;
  readonly op: 'create' | 'update';
  /** Fields that change; for a create every field. */
  readonly fields: readonly string[];
}

/** One server action to create or update: `fields` of `values`, and the help text that carries our stamp. */
export interface ActionWrite {
  readonly externalId: string;
  /** null: create. */
  readonly recordId: number | null;
  readonly values: Values;
  readonly fields: readonly string[];
  readonly help: string;
}

export interface ScheduleWrite {
  readonly externalId: string;
  readonly recordId: number | null;
  readonly actionExternalId: string;
  /** null: not known to the caller; it is looked up. */
  readonly actionRecordId: number | null;
  readonly values: Values;
  readonly fields: readonly string[];
  readonly firstRunAt: string | null;
  /** New help of the shared server action when the stamp changes with the schedule alone; null: leave it. */
  readonly help: string | null;
}

export type WriteStatus = 'written' | 'failed' | 'busy' | 'unknown';

/** What became of one record of a batch. `unknown`: the answer was lost after the request left. */
export interface WriteResult {
  readonly externalId: string;
  readonly recordId: number | null;
  readonly status: WriteStatus;
  /** One sentence for people when it is not `written`. */
  readonly message: string | null;
}

/** Writes one database. Batches are one transaction where Odoo allows it; each call tells what became of each record. */
export interface LiveWriter {
  writeActions(writes: readonly ActionWrite[]): Promise<readonly WriteResult[]>;
  writeSchedules(writes: readonly ScheduleWrite[]): Promise<readonly WriteResult[]>;
  /** Deletes the schedules; a server action that stays (`keptActionId`) is marked as an ordinary one again. */
  deleteSchedules(
    records: readonly { externalId: string; recordId: number; keptActionId: number | null }[],
  ): Promise<readonly WriteResult[]>;
  deleteActions(records: readonly { externalId: string; recordId: number }[]): Promise<readonly WriteResult[]>;
  /** Gives existing records an external ID in our namespace and nothing else. */
  adopt(
    records: readonly { object: ObjectKind; externalId: string; recordId: number }[],
  ): Promise<readonly WriteResult[]>;
  /** Binds the instance to this database (clone guard). */
  bind(binding: Binding): Promise<void>;
  /** Keeps the list of what stands after an apply (domain/plan/applied-ids.ts). `recordId` as the plan read it. */
  remember(list: { namespace: string; recordId: number | null; text: string }): Promise<void>;
}

/**
 * `succeeded`: it ran to its end. `failed`: its code raised, and all was rolled back. `refused`: Odoo did not start it.
 * `unknown`: the answer was lost; look before running it again.
 */
export interface ActionRunOutcome {
  readonly status: 'succeeded' | 'failed' | 'refused' | 'unknown';
  /** What the code put into `action`; false when nothing. */
  readonly result: unknown;
  /** A sentence for people, unless all is well. */
  readonly message: string | null;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Runs a server action, once. Nothing is ever sent twice. */
export interface ActionRunner {
  /** As the user of the credential; `recordIds` may be empty: then it runs without records. */
  run(
    run: RunOptions & {
      readonly actionId: number;
      readonly model: string;
      readonly recordIds: readonly number[];
      readonly context?: Readonly<Record<string, unknown>>;
    },
  ): Promise<ActionRunOutcome>;
  /** Now, in the request, as the schedule's own user. */
  runSchedule(scheduleId: number, options?: RunOptions): Promise<ActionRunOutcome>;
}

/** Secrets that definitions name. Values leave it only for the writer, on their way to Odoo. */
export interface SecretStore {
  names(): readonly string[];
  /** SHA-256 of the secret, hex; null when it is not set. */
  digest(name: string): string | null;
  /** What to set, for people: the variable's name, never the value. */
  describe(name: string): string;
}

/** How far an apply got, kept where a crash does not reach it. One apply at a time an instance. */
export interface ApplyJournal {
  /** Throws `ApplyRefused` (`apply_running`) while another process applies to this instance. */
  begin(entry: { instance: string; digest: string; total: number; revision: string | null }): Promise<ApplyRecord>;
  /** The last apply that began and did not end, or null. */
  interrupted(instance: string): Promise<InterruptedApply | null>;
}

export interface ApplyRecord {
  wrote(results: readonly WriteResult[]): Promise<void>;
  /** Called whatever happened; an apply without it was interrupted. `report`, for machines; null: an error ended it. */
  end(outcome: 'applied' | 'partly' | 'failed', report: object | null): Promise<void>;
}

export interface InterruptedApply {
  /** UTC ISO 8601. */
  readonly startedAt: string;
  readonly digest: string;
  readonly total: number;
  readonly written: readonly string[];
}

/** What `bootstrap` made or found of one record. */
export interface EnsuredRecord {
  readonly externalId: string;
  readonly recordId: number;
  readonly created: boolean;
}

/** A user that has more rights than its role needs; groups by external ID, or by name where they have none. */
export interface ExcessRights {
  readonly login: string;
  readonly powerful: readonly string[];
  readonly others: readonly string[];
}

/** Makes groups, users and keys in Odoo; never touches a user or group that does not carry our external ID. */
export interface AccessAdmin {
  ensureGroup(role: AccessRole): Promise<EnsuredRecord>;
  ensureUser(role: AccessRole, groupId: number): Promise<EnsuredRecord>;
  /** A new API key for a user of ours, shown once; the keys that it had before stay valid. */
  createKey(role: AccessRole, userId: number): Promise<{ readonly key: string; readonly validDays: number | null }>;
  /** Rights of a user beyond being internal and in `allowed`; null when there is no such user. */
  excessRights(login: string, allowed: readonly string[]): Promise<ExcessRights | null>;
}
