import { applyLease } from './apply-by-digest.js';
import { auditEvent, type Actor, type ServiceDeps } from './deps.js';
import type { ApplyEntry } from './store.js';

const system: Actor = { actor: 'system', requestId: null };
/** A plan or sync that is older belongs to a process that is gone: none takes as long. */
const OLDEST_MS = 30 * 60_000;

/**
 * Finds what another process began and cannot end any more: its lease ran out. What was written stands in its results,
 * and the next plan converges. Run at start, and by a timer for the sake of replicas. Returns how many it settled.
 */
export async function recoverInterrupted(deps: ServiceDeps): Promise<readonly ApplyEntry[]> {
  const settled: ApplyEntry[] = [];
  for (const apply of await deps.store.applies.open(null)) {
    const lease = await deps.store.leases.holder(applyLease(apply.instance));
    if (lease?.holder.endsWith(`/${apply.id}`) === true && lease.until > (await deps.store.now())) continue;
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
  await endOldSyncs(deps);
  return settled;
}

async function endOldSyncs(deps: ServiceDeps): Promise<void> {
  for (const sync of await deps.store.syncs.open()) {
    if (sync.createdAt > deps.now() - OLDEST_MS) continue;
    const message = 'The process that ran it ended in the middle; the next sync starts from what stands then.';
    const end = { status: 'failed', message, revision: null, planId: null, applyId: null };
    await deps.store.syncs.end(sync.id, { ...end, endedAt: deps.now() });
  }
}
