import { ApplyRefused } from '../apply-refused.js';
import type { ApplyJournal, ApplyRecord, InterruptedApply } from '../ports.js';
import { auditEvent, type Actor, type ServiceDeps } from './deps.js';
import { applyLease, endApply } from './end-apply.js';
import { HeldLease } from './leases.js';
import { isCarriedOut, releaseGone, settleApplies } from './recover.js';
import type { ApplyEntry, Store } from './store.js';

export interface CliJournalDeps
  extends Pick<ServiceDeps, 'now' | 'newId' | 'leaseMs'>, Required<Pick<ServiceDeps, 'isGone'>> {
  /** Opened for each use, and closed after it; throws `StoreError`. */
  readonly openStore: () => Promise<Store>;
  /** This process, among those that share a store. */
  readonly holder: () => string;
  readonly actor: Actor;
  /** How people know the process that holds a lease. */
  readonly showHolder: (holder: string) => string;
  /** What happened all the same, and could not be recorded. */
  readonly warn: (message: string) => void;
}

export interface CliJournal extends ApplyJournal {
  /** False once the apply that was begun lost its lease: whoever is away for too long must write no more. */
  stillHeld(): Promise<boolean>;
}

/**
 * Applies of the command line, in the same store as those of the service: under the same lease, so that the two exclude
 * each other, and with the same traces in the audit log.
 */
export function createCliJournal(deps: CliJournalDeps): CliJournal {
  let held: HeldLease | null = null;
  return {
    stillHeld: async () => held === null || held.stillHeld(),

    async begin(wanted) {
      const store = await deps.openStore();
      try {
        const lease = await take(deps, store, wanted);
        held = lease.held;
        return recordIn(deps, store, lease);
      } catch (error) {
        await store.close();
        throw error;
      }
    },

    async interrupted(instance) {
      const store = await deps.openStore();
      try {
        return await findInterrupted({ ...deps, store }, instance);
      } finally {
        await store.close();
      }
    },
  };
}

type Wanted = Parameters<ApplyJournal['begin']>[0];

interface Begun {
  readonly entry: ApplyEntry;
  readonly held: HeldLease;
}

async function take(deps: CliJournalDeps, store: Store, wanted: Wanted): Promise<Begun> {
  const { now, actor } = deps;
  const on = { ...deps, store, holder: deps.holder() };
  const { instance, digest, total, revision } = wanted;
  await releaseGone(on, instance);
  const entry = newEntry(deps, wanted);
  const held = await HeldLease.take(on, applyLease(instance), entry.id);
  const event = { instance, target: entry.id, body: { digest, total } };
  if (held === null) {
    const refusal = new ApplyRefused('apply_running', await runningMessage(deps, store, instance));
    await store.audit.append([
      auditEvent(deps, actor, {
        ...event,
        action: 'apply.refuse',
        outcome: 'refused',
        body: { code: refusal.code, digest },
      }),
    ]);
    throw refusal;
  }
  try {
    await settleApplies(on, instance);
    await store.transact(async ({ applies, audit }) => {
      await applies.addOnce(entry);
      await applies.start(entry.id, { startedAt: now(), total, revision });
      await audit.append([auditEvent(deps, actor, { ...event, action: 'apply.request', outcome: 'succeeded' })]);
    });
  } catch (error) {
    await held.release().catch(() => undefined);
    throw error;
  }
  return { entry, held };
}

function recordIn(deps: CliJournalDeps, store: Store, { entry, held }: Begun): ApplyRecord {
  return {
    wrote: (results) => store.applies.addResults(entry.id, results),
    async end(outcome, report) {
      try {
        await endApply({ ...deps, store }, deps.actor, entry, outcome, report ?? FAILED, entry.revision);
        await held.release();
      } catch (error) {
        // What is done in Odoo is done; its report matters more to whoever waits for it.
        const why = error instanceof Error ? error.message : String(error);
        deps.warn(
          `That this apply came to its end could not be recorded, so the next plan calls it interrupted. ${why}`,
        );
      } finally {
        await store.close().catch(() => undefined);
      }
    },
  };
}

const FAILED = { code: 'failed', message: 'An error ended it: plan again to see what is left.', problems: [] };

/** The newest that wrote anything, when it did not come to its end. */
async function findInterrupted(
  deps: CliJournalDeps & { readonly store: Store },
  instance: string,
): Promise<InterruptedApply | null> {
  const { applies } = deps.store;
  const { items } = await applies.list(instance, { limit: 50, cursor: null });
  const last = items.find(({ startedAt }) => startedAt !== null);
  if (last === undefined || last.startedAt === null) return null;
  if (last.status !== 'interrupted' && (last.status !== 'running' || (await isCarriedOut(deps, last)))) return null;
  const results = await applies.results(last.id);
  return {
    startedAt: new Date(last.startedAt).toISOString(),
    digest: last.digest,
    total: last.total ?? 0,
    written: results.filter(({ status }) => status === 'written').map(({ externalId }) => externalId),
  };
}

async function runningMessage({ now, showHolder }: CliJournalDeps, store: Store, instance: string): Promise<string> {
  const [running] = await store.applies.open(instance);
  const lease = await store.leases.holder(applyLease(instance));
  const facts = [
    ...(lease === null ? [] : [showHolder(lease.holder)]),
    ...(running === undefined
      ? []
      : [`begun ${Math.max(0, Math.round((now() - running.createdAt) / 1000))} s ago by ${running.createdBy}`]),
  ];
  const which = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `Another apply to ${instance} is running${which}: wait for it to end. Nothing was written.`;
}

function newEntry({ newId, now, actor }: CliJournalDeps, { instance, digest, revision }: Wanted): ApplyEntry {
  return {
    id: newId(),
    instance,
    status: 'queued',
    createdAt: now(),
    createdBy: actor.actor,
    startedAt: null,
    endedAt: null,
    digest,
    revision,
    total: null,
    origin: 'cli',
    reason: null,
    idempotencyKey: null,
    requestHash: null,
    request: JSON.stringify({ digest }),
    report: null,
  };
}
