import { acceptanceOf, WHOLE_RECORD } from '../../domain/plan/accept.js';
import type { ObjectKind } from '../../domain/plan/state.js';
import { planInstance } from './create-plan.js';
import { auditEvent, instanceOf, NotFound, type Actor, type ServiceDeps } from './deps.js';
import type { AcceptedDrift } from './store.js';

export interface AcceptWish {
  readonly object: ObjectKind;
  readonly externalId: string;
  /** null: the whole record, which somebody deleted, or which no definition knows. */
  readonly field: string | null;
  readonly reason: string;
  /** UTC, milliseconds. */
  readonly until: number;
}

/**
 * Lets one difference stand as Odoo has it now, until a date: plans show it as held, drift does not count it, syncs do
 * not undo it. Throws `NotFound` when Odoo does not differ there.
 */
export async function acceptDrift(
  deps: ServiceDeps,
  actor: Actor,
  name: string,
  wish: AcceptWish,
): Promise<AcceptedDrift> {
  const instance = instanceOf(deps, name);
  const { plan } = await planInstance(deps, instance, { ref: null, prune: false, reactivate: [] });
  const change = plan.changes.find((one) => one.object === wish.object && one.externalId === wish.externalId);
  const acceptance = change === undefined ? null : acceptanceOf(change, wish.field ?? WHOLE_RECORD);
  if (acceptance === null) {
    const what = wish.field === null ? wish.externalId : `${wish.field} of ${wish.externalId}`;
    throw new NotFound(`${what} does not drift in ${name}: there is nothing to accept.`);
  }
  const accepted: AcceptedDrift = {
    ...acceptance,
    id: deps.newId(),
    instance: name,
    reason: wish.reason,
    acceptedBy: actor.actor,
    acceptedAt: deps.now(),
    until: wish.until,
    endedAt: null,
  };
  await deps.store.transact(async ({ drift, audit }) => {
    await drift.accept(accepted);
    const { externalId, field, reason, until } = accepted;
    await audit.append([
      auditEvent(deps, actor, {
        action: 'drift.accept',
        instance: name,
        target: accepted.id,
        outcome: 'succeeded',
        body: { externalId, field, reason, until },
      }),
    ]);
  });
  return accepted;
}

/** From now on it is drift again. Throws `NotFound`. */
export async function endAcceptance(deps: ServiceDeps, actor: Actor, name: string, id: string): Promise<void> {
  instanceOf(deps, name);
  const known = await deps.store.drift.accepted(name, deps.now());
  if (!known.some((one) => one.id === id)) throw new NotFound(`There is no accepted drift ${id} in ${name}.`);
  await deps.store.transact(async ({ drift, audit }) => {
    await drift.end(id, deps.now());
    await audit.append([
      auditEvent(deps, actor, { action: 'drift.unaccept', instance: name, target: id, outcome: 'succeeded' }),
    ]);
  });
}
