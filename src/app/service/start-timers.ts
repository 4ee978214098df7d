import { checkDrift } from './check-drift.js';
import type { Actor, ServiceDeps } from './deps.js';
import { recoverInterrupted } from './recover.js';
import { pollGit, type SyncQueue } from './sync-queue.js';
import type { Timers } from './timers.js';

export interface InstanceTimers {
  /** null: git is not asked by itself. */
  readonly pollMs: number | null;
  /** null: Odoo is not compared by itself. */
  readonly checkDriftMs: number | null;
}

const DAY_MS = 86_400_000;
const RECOVER_MS = 20_000;
const JITTER = 0.2;

const actor = (timer: string): Actor => ({ actor: `timer:${timer}`, requestId: null });

/**
 * What the service does by itself. Every replica has the timers; a lease lets one of them do the work of a turn. An
 * error of a turn goes to the timers' reporter, and the next one waits longer.
 */
export function startTimers(
  deps: ServiceDeps & { readonly queue: SyncQueue },
  timers: Timers,
  plan: { readonly instances: ReadonlyMap<string, InstanceTimers>; readonly retentionDays: number },
): void {
  /** The turn belongs to whoever takes the lease; it lasts until shortly before the next one. */
  const alone = (name: string, intervalMs: number, task: () => Promise<unknown>) => async (): Promise<void> => {
    const lease = await deps.store.leases.take(`timer:${name}`, deps.holder, Math.round(intervalMs * 0.7));
    if (lease !== null) await task();
  };

  for (const [name, { pollMs, checkDriftMs }] of plan.instances) {
    if (pollMs !== null) {
      const task = alone(`poll:${name}`, pollMs, () => pollGit(deps, deps.queue, actor('poll'), name));
      timers.every(`poll:${name}`, { intervalMs: pollMs, jitter: JITTER, immediately: true }, task);
    }
    if (checkDriftMs !== null) {
      const task = alone(`drift:${name}`, checkDriftMs, () => checkDrift(deps, actor('drift'), name));
      timers.every(`drift:${name}`, { intervalMs: checkDriftMs, jitter: JITTER, immediately: true }, task);
    }
  }
  timers.every('recover', { intervalMs: RECOVER_MS, jitter: JITTER }, async () => {
    await recoverInterrupted(deps);
  });
  timers.every(
    'retention',
    // At once, or a service that is started anew each day would never come to it; the lease says that it was not long ago.
    { intervalMs: DAY_MS, jitter: JITTER, immediately: true },
    alone('retention', DAY_MS, () => {
      const before = deps.now() - plan.retentionDays * DAY_MS;
      return deps.store.prune({ plansBefore: before, deliveriesBefore: before });
    }),
  );
}
