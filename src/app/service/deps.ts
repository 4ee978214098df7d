import type { SyncRules } from '../../domain/sync/decide-sync.js';
import type { PlanTarget } from '../make-plan.js';
import type { DefinitionsSource, LiveReader, LiveWriter, PythonChecker, SecretStore } from '../ports.js';
import type { Background } from './background.js';
import type { Progress } from './progress.js';
import type { AuditEvent, Store } from './store.js';

/** One Odoo that the service looks after. */
export interface ServiceInstance {
  readonly target: PlanTarget;
  readonly database: string;
  /** Where its definitions are, for people; null: it has none. */
  readonly definitions: string | null;
  /** For webhooks; null: a folder, or none. */
  readonly address: { readonly url: string; readonly ref: string | null } | null;
  readonly rules: SyncRules;
  readonly python: PythonChecker;
  readonly secrets: SecretStore;
  readonly writer: LiveWriter;
  /** A reader remembers what it read last: each plan gets its own. */
  newReader(): LiveReader;
  /** Its definitions at a branch, tag or commit; null: where the settings point. Throws `SourceError`. */
  source(ref: string | null): DefinitionsSource;
}

export interface ServiceDeps {
  readonly store: Store;
  readonly instances: ReadonlyMap<string, ServiceInstance>;
  readonly progress: Progress;
  readonly background: Background;
  /** UTC, milliseconds. */
  readonly now: () => number;
  /** Unique, sorts by time of making. */
  readonly newId: () => string;
  /** This process, among those that share a store. */
  readonly holder: string;
  /** Whether a holder is known to have ended, as one of this machine is; left out: its lease alone tells. */
  readonly isGone?: (holder: string) => boolean;
  /** How long a lease lasts without a sign of life. */
  readonly leaseMs: number;
}

/** On whose behalf, and in answer to which request. */
export interface Actor {
  /** As the audit log spells it: `key:ab12cd34 ci`, `timer`, `webhook:github`. */
  readonly actor: string;
  readonly requestId: string | null;
}

/** There is no such thing, or this caller may not know of it. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
  readonly code = 'not_found';
}

/** What is asked for contradicts how things stand; nothing was changed. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
  constructor(
    readonly code: 'apply_running' | 'idempotency_key_reused' | 'changed_meanwhile' | 'not_pinned' | 'plan_not_ready',
    message: string,
  ) {
    super(message);
  }
}

export function instanceOf(deps: Pick<ServiceDeps, 'instances'>, name: string): ServiceInstance {
  const found = deps.instances.get(name);
  if (found === undefined) throw new NotFound(`There is no instance ${name}.`);
  return found;
}

const MAX_AUDIT_BYTES = 64 * 1024;

export function auditEvent(
  { now }: Pick<ServiceDeps, 'now'>,
  { actor, requestId }: Actor,
  event: Pick<AuditEvent, 'action' | 'instance' | 'target' | 'outcome'> & { readonly body?: object },
): AuditEvent {
  const { action, instance, target, outcome, body = {} } = event;
  return { at: now(), actor, requestId, action, instance, target, outcome, body: auditBody(body) };
}

/** As JSON; of what is longer than the log takes, the beginning: no change may fail because too much is to be said of it. */
function auditBody(body: object): string {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  return bytes <= MAX_AUDIT_BYTES ? text : JSON.stringify({ bytes, beginning: text.slice(0, 4_000) });
}
