import { auditEvent, type Actor, type ServiceDeps } from './deps.js';
import type { ApplyEntry, ApplyStatus } from './store.js';

/** Whoever holds it may apply to the instance: the service, another one, or a command line. */
export const applyLease = (instance: string): string => `apply:${instance}`;

/** An apply, its audit event and what the instance stands at, in one transaction. */
export async function endApply(
  deps: Pick<ServiceDeps, 'store' | 'now'>,
  actor: Actor,
  entry: ApplyEntry,
  status: ApplyStatus,
  report: object,
  revision: string | null,
): Promise<void> {
  const endedAt = deps.now();
  const outcome = status === 'applied' ? 'succeeded' : status === 'refused' ? 'refused' : 'failed';
  await deps.store.transact(async ({ applies, instances, audit }) => {
    // Somebody may have taken it for dead meanwhile: that stands, and what it did after all is told beside it.
    const isInTime = await applies.end(entry.id, { status, endedAt, report: JSON.stringify(report) });
    if (status === 'applied') await instances.change(entry.instance, { appliedRevision: revision, appliedAt: endedAt });
    await audit.append([
      applyEvent(deps, actor, entry, isInTime ? 'apply.end' : 'apply.end_late', outcome, {
        status,
        digest: entry.digest,
        revision,
      }),
    ]);
  });
}

export function applyEvent(
  deps: Pick<ServiceDeps, 'now'>,
  actor: Actor,
  { instance, id }: Pick<ApplyEntry, 'instance' | 'id'>,
  action: string,
  outcome: 'succeeded' | 'failed' | 'refused',
  body: object,
) {
  return auditEvent(deps, actor, { action, instance, target: id, outcome, body });
}
