/**
 * What the service keeps, as the use cases see it. One store, two engines (SQLite, PostgreSQL); the same contract suite
 * runs on both. Times are UTC milliseconds unless a name says otherwise; IDs are opaque texts made by the caller.
 */

/** All that can be done inside one transaction: a change, and the audit event that describes it, stand or fall together. */
export interface Records {
  readonly plans: PlanRecords;
  readonly applies: ApplyRecords;
  readonly syncs: SyncRecords;
  readonly instances: InstanceRecords;
  readonly drift: DriftRecords;
  readonly deliveries: DeliveryRecords;
  readonly keys: KeyRecords;
  readonly leases: LeaseRecords;
  readonly audit: AuditRecords;
}

/** Reads outside of `transact` see what is committed. */
export interface Store extends Records {
  readonly engine: 'sqlite' | 'postgres';
  /** All of it or nothing; a thrown error rolls back. Not nested. Writers of one SQLite file wait for one another. */
  transact<T>(work: (records: Records) => Promise<T>): Promise<T>;
  /** The database's clock, which alone decides leases. */
  now(): Promise<number>;
  /** Throws `StoreError` (`store_unavailable`) when the database does not answer. */
  ping(): Promise<void>;
  /** Deletes what retention lets go, in small batches; returns how many rows went. */
  prune(limits: { readonly plansBefore: number; readonly deliveriesBefore: number }): Promise<number>;
  close(): Promise<void>;
}

export interface Page {
  /** At most 200. */
  readonly limit: number;
  /** Opaque, from the page before; null: the newest. */
  readonly cursor: string | null;
}

export interface Paged<T> {
  readonly items: readonly T[];
  /** null: there is no more. */
  readonly nextCursor: string | null;
}

export type PlanStatus = 'running' | 'ready' | 'failed';

export interface PlanEntry {
  readonly id: string;
  readonly instance: string;
  readonly status: PlanStatus;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly endedAt: number | null;
  /** The ref that was asked for, when it is not the instance's own. */
  readonly ref: string | null;
  readonly revision: string | null;
  readonly digest: string | null;
  /** JSON of the plan (`render-json`), or of the problem when it failed. */
  readonly body: string | null;
}

export interface PlanRecords {
  add(plan: PlanEntry): Promise<void>;
  /** Only from `running`; false: it had ended already. */
  end(
    id: string,
    end: Pick<PlanEntry, 'revision' | 'digest' | 'body'> & {
      readonly status: 'ready' | 'failed';
      readonly endedAt: number;
    },
  ): Promise<boolean>;
  /** Ends as failed what still runs and is older; returns how many those were. */
  endStale(createdBefore: number, end: { readonly endedAt: number; readonly body: string }): Promise<number>;
  get(id: string): Promise<PlanEntry | null>;
  /** Newest first, without bodies (`body` is null). */
  list(instance: string, page: Page): Promise<Paged<PlanEntry>>;
}

/**
 * `interrupted`: the process that applied it is gone; what was written stands in its results, of the rest nobody knows.
 * `refused`: nothing was written.
 */
export type ApplyStatus = 'queued' | 'running' | 'applied' | 'partly' | 'failed' | 'refused' | 'interrupted';

export interface ApplyEntry {
  readonly id: string;
  readonly instance: string;
  readonly status: ApplyStatus;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The digest that its caller agreed to. */
  readonly digest: string;
  readonly revision: string | null;
  /** Changes to write. */
  readonly total: number | null;
  readonly origin: 'api' | 'sync' | 'rollback' | 'cli';
  readonly reason: string | null;
  readonly idempotencyKey: string | null;
  /** SHA-256 of the request that the key stands for. */
  readonly requestHash: string | null;
  /** JSON: the request's options, to carry it out. */
  readonly request: string;
  /** JSON of the report, or of the problem that refused it. */
  readonly report: string | null;
}

export interface ApplyResultEntry {
  readonly externalId: string;
  readonly recordId: number | null;
  readonly status: string;
  readonly message: string | null;
}

export interface ApplyRecords {
  /** The entry that stands under the same creator and idempotency key, when there is one; else null, and it is added. */
  addOnce(apply: ApplyEntry): Promise<ApplyEntry | null>;
  get(id: string): Promise<ApplyEntry | null>;
  byKey(createdBy: string, idempotencyKey: string): Promise<ApplyEntry | null>;
  list(instance: string | null, page: Page): Promise<Paged<ApplyEntry>>;
  /** From `queued`; false when it is not queued any more. */
  start(
    id: string,
    start: { readonly startedAt: number; readonly total: number; readonly revision: string | null },
  ): Promise<boolean>;
  addResults(id: string, results: readonly ApplyResultEntry[]): Promise<void>;
  results(id: string): Promise<readonly ApplyResultEntry[]>;
  /** From `queued` or `running`; false when it had ended. */
  end(
    id: string,
    end: Pick<ApplyEntry, 'report'> & { readonly status: ApplyStatus; readonly endedAt: number },
  ): Promise<boolean>;
  /** `queued` or `running`, of one instance or of all. */
  open(instance: string | null): Promise<readonly ApplyEntry[]>;
}

export interface SyncEntry {
  readonly id: string;
  readonly instance: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly endedAt: number | null;
  /** What set it off: `api`, `webhook`, `poll`, `timer`. */
  readonly cause: string;
  readonly revision: string | null;
  readonly planId: string | null;
  readonly applyId: string | null;
  /** `running`, `unchanged`, `planned` (waits for a person), `applied`, `partly`, `failed`, `refused`, `outside_window`. */
  readonly status: string;
  /** One sentence for people. */
  readonly message: string | null;
}

export interface SyncRecords {
  add(sync: SyncEntry): Promise<void>;
  end(id: string, end: Omit<SyncEntry, 'id' | 'instance' | 'createdAt' | 'createdBy' | 'cause'>): Promise<boolean>;
  get(id: string): Promise<SyncEntry | null>;
  list(instance: string | null, page: Page): Promise<Paged<SyncEntry>>;
  open(): Promise<readonly SyncEntry[]>;
}

/** What the service knows of an instance beyond its settings. `version` is its ETag. */
export interface InstanceState {
  readonly instance: string;
  readonly version: number;
  /** A roll-back holds it at this revision until somebody lets it go. */
  readonly pinnedRevision: string | null;
  readonly pinnedBy: string | null;
  readonly pinnedAt: number | null;
  readonly pinReason: string | null;
  /** The newest revision that its ref is known to stand at. */
  readonly seenRevision: string | null;
  readonly seenAt: number | null;
  readonly appliedRevision: string | null;
  readonly appliedAt: number | null;
  /** When `lastCheck` was made. */
  readonly checkedAt: number | null;
}

export interface InstanceRecords {
  /** An empty state (version 0) where nothing is known yet. */
  get(instance: string): Promise<InstanceState>;
  /** JSON of the last drift check, megabytes for thousands of definitions; null: there was none. */
  lastCheck(instance: string): Promise<string | null>;
  /** Changes the given fields; with `ifVersion`, only when nobody else did meanwhile. false: somebody did. */
  change(
    instance: string,
    fields: Partial<Omit<InstanceState, 'instance' | 'version'> & { readonly lastCheck: string }>,
    ifVersion?: number,
  ): Promise<boolean>;
}

/** One known drift that is let stand. */
export interface AcceptedDrift {
  readonly id: string;
  readonly instance: string;
  readonly object: 'server_action' | 'scheduled_action';
  readonly externalId: string;
  /** Digest of the live value that was accepted: any other is drift again. */
  readonly field: string;
  readonly liveDigest: string;
  readonly reason: string;
  readonly acceptedBy: string;
  readonly acceptedAt: number;
  readonly until: number;
  readonly endedAt: number | null;
}

export interface DriftRecords {
  accept(drift: AcceptedDrift): Promise<void>;
  /** Not ended and not past its date at `now`. */
  accepted(instance: string, now: number): Promise<readonly AcceptedDrift[]>;
  /** false when there is no such, or it had ended. */
  end(id: string, endedAt: number): Promise<boolean>;
}

export interface DeliveryEntry {
  /** The forge's own ID of the delivery, or a digest of what was signed where it sends none. */
  readonly id: string;
  readonly source: string;
  readonly receivedAt: number;
  readonly event: string;
  readonly revision: string | null;
}

export interface DeliveryRecords {
  /** false: it came before. */
  addOnce(delivery: DeliveryEntry): Promise<boolean>;
  list(page: Page): Promise<Paged<DeliveryEntry>>;
}

export interface KeyEntry {
  readonly id: string;
  /** Shown in lists and logs; unique. */
  readonly prefix: string;
  /** SHA-256 of the whole key, hex. */
  readonly hash: string;
  readonly name: string;
  /** JSON: instance patterns × verbs. */
  readonly scopes: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** The key that this one takes the place of. */
  readonly replaces: string | null;
}

export interface KeyRecords {
  add(key: KeyEntry): Promise<void>;
  byPrefix(prefix: string): Promise<KeyEntry | null>;
  get(id: string): Promise<KeyEntry | null>;
  list(page: Page): Promise<Paged<KeyEntry>>;
  /** Only ever earlier than before. */
  expire(id: string, at: number): Promise<boolean>;
  revoke(id: string, at: number): Promise<boolean>;
  used(id: string, at: number): Promise<void>;
  count(): Promise<number>;
}

export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** Grows by one whenever the holder changes: a write that carries an older one is refused. */
  readonly fence: number;
  readonly until: number;
}

/** Decided by the database's clock alone. */
export interface LeaseRecords {
  /** null: somebody else holds it. The same holder extends it and keeps its fence. */
  take(name: string, holder: string, ttlMs: number): Promise<Lease | null>;
  /** false: it is lost, and whoever thought to hold it must stop. */
  renew(lease: Pick<Lease, 'name' | 'holder' | 'fence'>, ttlMs: number): Promise<boolean>;
  release(lease: Pick<Lease, 'name' | 'holder' | 'fence'>): Promise<void>;
  holder(name: string): Promise<Lease | null>;
}

export interface AuditEvent {
  readonly at: number;
  /** `key:<prefix> <name>`, `cli:<user>`, `timer`, `webhook:<source>`, `system`, `anonymous`. */
  readonly actor: string;
  /** `plan.create`, `apply.start`, `apply.end`, `apply.refuse`, `key.create`, `request.refuse`, … */
  readonly action: string;
  readonly instance: string | null;
  readonly target: string | null;
  readonly outcome: 'succeeded' | 'failed' | 'refused' | 'unknown';
  readonly requestId: string | null;
  /** JSON, at most 64 kB, without any secret. */
  readonly body: string;
}

export interface StoredAuditEvent extends AuditEvent {
  readonly id: number;
}

export interface AuditFilter {
  readonly instance?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly since?: number;
  readonly until?: number;
}

export interface AuditRecords {
  append(events: readonly AuditEvent[]): Promise<void>;
  /** Newest first. */
  list(filter: AuditFilter, page: Page): Promise<Paged<StoredAuditEvent>>;
}
