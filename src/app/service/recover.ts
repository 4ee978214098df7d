import { auditEvent, type Actor, type ServiceDeps } from './deps.js';
import { applyLease } from './end-apply.js';
import type { ApplyEntry } from './store.js';

const system: Actor = { actor: 'system', requestId: null };
/** A plan or sync that is older belongs to a process that is gone: none takes as long. */
const OLDEST_MS = 30 * 60_000;

/** What it takes to tell who is gone. */
export type RecoverDeps = Pick<ServiceDeps, 'store' | 'now' | 'isGone'>;

/**
 * Finds what another process began and cannot end any more: its lease ran out, or it is known to be gone. What was
 * written stands in its results, and the next plan converges. Run at start, and by a timer for the sake of replicas.
 * Returns what it settled.
 */
export async function recoverInterrupted(deps: ServiceDeps): Promise<readonly ApplyEntry[]> {
  for (const name of deps.instances.keys()) await releaseGone(deps, name);
  const settled = await settleApplies(deps, null);
  await endOldSyncs(deps);
  await endOldPlans(deps);
  return settled;
}

/** Lets go of the apply lease of an instance whose holder is known to be gone, before its time. */
export async function releaseGone({ store, isGone }: RecoverDeps, instance: string): Promise<void> {
  const lease = await store.leases.holder(applyLease(instance));
  if (lease !== null && isGone?.(lease.holder) === true) await store.leases.release(lease);
}

/** Whether somebody may still be at it. */
export async function isCarriedOut({ store, isGone }: RecoverDeps, apply: ApplyEntry): Promise<boolean> {
  const lease = await store.leases.holder(applyLease(apply.instance));
  return lease?.holder.endsWith(`/${apply.id}`) === true && isGone?.(lease.holder) !== true;
}

/** Ends as interrupted what nobody carries out any more, of one instance or of all (`null`). */
export async function settleApplies(deps: RecoverDeps, instance: string | null): Promise<readonly ApplyEntry[]> {
  const settled: ApplyEntry[] = [];
  for (const apply of await deps.store.applies.open(instance)) {
    if (await isCarriedOut(deps, apply)) continue;
    const results = await deps.store.applies.results(apply.id);
    const written = results.filter((result) => result.status === 'written').length;
    const message = `The process that applied it ended in the middle: ${written} of ${apply.total ?? 'its'} changes are known to be written, of a batch in flight nobody knows. Plan again to see what is left.`;
    const isMine = await deps.store.transact(async ({ applies, audit }) => {
      const report = JSON.stringify({ code: 'interrupted', message, problems: [] });
      if (!(await applies.end(apply.id, { status: 'interrupted', endedAt: deps.now(), report }))) return false;
      await audit.append([
        auditEvent(deps, system, {
          action: 'apply.end',
          instance: apply.instance,
          target: apply.id,
          outcome: 'unknown',
          body: { status: 'interrupted', message },
        }),
      ]);
      return true;
    });
    if (isMine) settled.push(apply);
  }
  return settled;
}

async function endOldPlans(deps: ServiceDeps): Promise<void> {
  const message = 'The process that made it ended in the middle: ask for a new one.';
  const body = JSON.stringify({ failure: { code: 'interrupted', message, problems: [] } });
  await deps.store.plans.endStale(deps.now() - OLDEST_MS, { endedAt: deps.now(), body });
}

async function endOldSyncs(deps: ServiceDeps): Promise<void> {
  for (const sync of await deps.store.syncs.open()) {
    if (sync.createdAt > deps.now() - OLDEST_MS) continue;
    const message = 'The process that ran it ended in the middle; the next sync starts from what stands then.';
    const end = { status: 'failed', message, revision: null, planId: null, applyId: null };
    await deps.store.transact(async ({ syncs, audit }) => {
      if (!(await syncs.end(sync.id, { ...end, endedAt: deps.now() }))) return;
      await audit.append([
        auditEvent(deps, system, {
          action: 'sync.end',
          instance: sync.instance,
          target: sync.id,
          outcome: 'unknown',
          body: { ...end },
        }),
      ]);
    });
  }
}
