import type { ObjectionCode } from '../../domain/plan/guard.js';
import { findRepeat, requestApply, type ApplyWish, type StartedApply } from './apply-by-digest.js';
import { planInstance } from './create-plan.js';
import { auditEvent, Conflict, instanceOf, type Actor, type ServiceDeps } from './deps.js';

export interface RollBackWish {
  /** Branch, tag or commit; it is held at the commit that this is now. */
  readonly revision: string;
  readonly reason: string;
  readonly override: readonly ObjectionCode[];
  readonly idempotencyKey: string | null;
}

/**
 * Brings an instance back to an earlier revision and holds it there: plans, syncs and drift checks go by that revision
 * until somebody lets it go. The pin stands also when the apply fails, so that no sync runs ahead meanwhile; when the
 * apply cannot begin, or began before under the same key, nothing is pinned.
 */
export async function rollBack(
  deps: ServiceDeps,
  actor: Actor,
  name: string,
  wish: RollBackWish,
): Promise<StartedApply & { readonly revision: string }> {
  const instance = instanceOf(deps, name);
  const { idempotencyKey, ...asked } = wish;
  const before = await findRepeat(deps, actor, name, { idempotencyKey, asked });
  if (before !== null) return { ...before, revision: heldAt(before) ?? wish.revision };
  const plan = { ref: wish.revision, prune: instance.rules.policy === 'automatic_prune', reactivate: [] };
  const { plan: made } = await planInstance(deps, instance, plan);
  const revision = made.revision ?? wish.revision;
  const apply = await requestApply(deps, actor, name, {
    wish: { ...plan, ref: revision, digest: made.digest, override: wish.override, reason: wish.reason },
    origin: 'rollback',
    idempotencyKey,
    asked,
    alongside: async ({ instances, audit }) => {
      const pin = { pinnedRevision: revision, pinnedBy: actor.actor, pinnedAt: deps.now(), pinReason: wish.reason };
      await instances.change(name, pin);
      await audit.append([
        auditEvent(deps, actor, {
          action: 'instance.pin',
          instance: name,
          target: revision,
          outcome: 'succeeded',
          body: { reason: wish.reason },
        }),
      ]);
    },
  });
  return { ...apply, revision: heldAt(apply) ?? revision };
}

/** As the apply was asked for: the commit that the revision was then. */
const heldAt = ({ entry }: StartedApply): string | null => (JSON.parse(entry.request) as ApplyWish).ref;

/** Lets an instance follow its ref again, from the next sync on. Throws `Conflict` (`not_pinned`). */
export async function releasePin(deps: ServiceDeps, actor: Actor, name: string, reason: string | null): Promise<void> {
  instanceOf(deps, name);
  await deps.store.transact(async ({ instances, audit }) => {
    const { pinnedRevision } = await instances.get(name);
    if (pinnedRevision === null) throw new Conflict('not_pinned', `${name} is not held at a revision.`);
    await instances.change(name, { pinnedRevision: null, pinnedBy: null, pinnedAt: null, pinReason: null });
    await audit.append([
      auditEvent(deps, actor, {
        action: 'instance.unpin',
        instance: name,
        target: pinnedRevision,
        outcome: 'succeeded',
        body: { reason },
      }),
    ]);
  });
}
