import { renderJson } from '../../domain/plan/render-json.js';
import { countPlan } from '../../domain/plan/plan.js';
import { renderMarkdown } from '../../domain/plan/render-markdown.js';
import { toFailure } from '../failure.js';
import { makePlan, type MadePlan, type PlanRequest } from '../make-plan.js';
import { auditEvent, instanceOf, type Actor, type ServiceDeps, type ServiceInstance } from './deps.js';
import type { PlanEntry } from './store.js';

export interface PlanWish {
  /** Branch, tag or commit; null: where the instance's settings point. */
  readonly ref: string | null;
  readonly prune: boolean;
  /** Definitions whose schedules may be switched on again. */
  readonly reactivate: readonly string[];
}

/** A plan takes longer than a request should: it is stored as running, and ends as ready or failed. */
export interface StartedPlan {
  readonly entry: PlanEntry;
  readonly done: Promise<void>;
}

/** Throws `NotFound` for an instance that is not there. What goes wrong later stands in the plan. */
export async function createPlan(
  deps: ServiceDeps,
  actor: Actor,
  instanceName: string,
  wish: PlanWish,
): Promise<StartedPlan> {
  const instance = instanceOf(deps, instanceName);
  const entry: PlanEntry = {
    id: deps.newId(),
    instance: instanceName,
    status: 'running',
    createdAt: deps.now(),
    createdBy: actor.actor,
    endedAt: null,
    ref: wish.ref,
    revision: null,
    digest: null,
    body: null,
  };
  await deps.store.transact(async ({ plans, audit }) => {
    await plans.add(entry);
    await audit.append([
      auditEvent(deps, actor, {
        ...{ action: 'plan.create', instance: instanceName, target: entry.id, outcome: 'succeeded', body: wish },
      }),
    ]);
  });
  let settle: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    settle = resolve;
  });
  deps.progress.publish(entry.id, 'started', { instance: instanceName });
  deps.background.run(async () => {
    try {
      await carryOut(deps, actor, entry, instance, wish);
    } finally {
      deps.progress.end(entry.id);
      settle();
    }
  });
  return { entry, done };
}

async function carryOut(
  deps: ServiceDeps,
  actor: Actor,
  { id, instance: name }: PlanEntry,
  instance: ServiceInstance,
  wish: PlanWish,
): Promise<void> {
  try {
    const made = await planInstance(deps, instance, wish);
    const { revision, digest } = made.plan;
    const at = { now: deps.now() };
    const body = JSON.stringify({ plan: renderJson(made.plan, at), markdown: renderMarkdown(made.plan, at) });
    deps.progress.publish(id, 'ready', { digest, counts: countPlan(made.plan) });
    await deps.store.plans.end(id, { status: 'ready', endedAt: deps.now(), revision, digest, body });
  } catch (error) {
    const failure = toFailure(error);
    deps.progress.publish(id, 'failed', { code: failure.code, message: failure.message });
    const end = { status: 'failed', endedAt: deps.now(), revision: null, digest: null } as const;
    await deps.store.transact(async ({ plans, audit }) => {
      await plans.end(id, { ...end, body: JSON.stringify({ failure }) });
      await audit.append([
        auditEvent(deps, actor, {
          ...{ action: 'plan.end', instance: name, target: id, outcome: 'failed' },
          body: { code: failure.code, message: failure.message },
        }),
      ]);
    });
    if (failure.code === 'defect') throw error;
  }
}

/**
 * A plan of an instance as it stands now, with the drift that was accepted left alone. Without a ref it goes by the
 * revision that a roll-back holds it at, else by where the settings point.
 */
export async function planInstance(
  deps: Pick<ServiceDeps, 'store' | 'now' | 'background'>,
  instance: ServiceInstance,
  wish: PlanWish,
): Promise<MadePlan> {
  const { python, secrets, target } = instance;
  const accepted = await deps.store.drift.accepted(target.instance, deps.now());
  const request: PlanRequest = {
    prune: wish.prune,
    reactivate: new Set(wish.reactivate),
    accepted,
    signal: deps.background.signal,
  };
  const { pinnedRevision } = await deps.store.instances.get(target.instance);
  const ports = { source: instance.source(wish.ref ?? pinnedRevision), reader: instance.newReader(), python, secrets };
  return makePlan(ports, target, request);
}
