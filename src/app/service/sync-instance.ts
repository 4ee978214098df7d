import { decideSync, type SyncDecision } from '../../domain/sync/decide-sync.js';
import { toFailure } from '../failure.js';
import { requestApply } from './apply-by-digest.js';
import { planInstance } from './create-plan.js';
import { auditEvent, instanceOf, type Actor, type ServiceDeps } from './deps.js';
import type { AuditEvent, SyncEntry } from './store.js';

export interface SyncWish {
  readonly cause: 'api' | 'webhook' | 'poll' | 'timer';
  /** A person stands for a manual policy; the right to override opens a closed window. */
  readonly byPerson: boolean;
  readonly overrideWindow: boolean;
  readonly reason: string | null;
}

export interface StartedSync {
  readonly entry: SyncEntry;
  readonly done: Promise<void>;
}

type End = Pick<SyncEntry, 'status' | 'message' | 'revision' | 'applyId'>;

/**
 * Plans, and applies as far as the instance's policy and windows allow. Throws `NotFound`; how it ended stands in the
 * sync. What Odoo moved is put back by it as well: the plan says so.
 */
export async function syncInstance(
  deps: ServiceDeps,
  actor: Actor,
  name: string,
  wish: SyncWish,
): Promise<StartedSync> {
  instanceOf(deps, name);
  const entry: SyncEntry = {
    id: deps.newId(),
    instance: name,
    createdAt: deps.now(),
    createdBy: actor.actor,
    endedAt: null,
    cause: wish.cause,
    revision: null,
    planId: null,
    applyId: null,
    status: 'running',
    message: null,
  };
  await deps.store.transact(async ({ syncs, audit }) => {
    await syncs.add(entry);
    await audit.append([
      auditEvent(deps, actor, {
        ...{ action: 'sync.start', instance: name, target: entry.id, outcome: 'succeeded', body: wish },
      }),
    ]);
  });
  let settle: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    settle = resolve;
  });
  deps.progress.publish(entry.id, 'started', { instance: name });
  deps.background.run(async () => {
    try {
      await finish(deps, actor, entry, await attempt(deps, actor, entry, wish));
    } finally {
      deps.progress.end(entry.id);
      settle();
    }
  });
  return { entry, done };
}

async function attempt(deps: ServiceDeps, actor: Actor, entry: SyncEntry, wish: SyncWish): Promise<End> {
  try {
    return await carryOut(deps, actor, entry, wish);
  } catch (error) {
    const { code, message } = toFailure(error);
    const status = code === 'apply_running' ? 'refused' : 'failed';
    return { status, message, revision: null, applyId: null };
  }
}

async function carryOut(deps: ServiceDeps, actor: Actor, entry: SyncEntry, wish: SyncWish): Promise<End> {
  const instance = instanceOf(deps, entry.instance);
  const plan = { ref: null, prune: instance.rules.policy === 'automatic_prune', reactivate: [] };
  const made = await planInstance(deps, instance, plan);
  const { revision, digest } = made.plan;
  const decision = decideSync(made.plan, instance.rules, wish, deps.now());
  deps.progress.publish(entry.id, 'planned', { digest, revision, decision: decision.kind });
  if (decision.kind !== 'apply') return { ...outcomeOf(decision), revision, applyId: null };
  const apply = await requestApply(deps, actor, entry.instance, {
    wish: { ...plan, digest, override: [], reason: wish.reason },
    origin: 'sync',
    idempotencyKey: null,
  });
  deps.progress.publish(entry.id, 'applying', { apply: apply.entry.id });
  await apply.done;
  const ended = await deps.store.applies.get(apply.entry.id);
  const isOver = ended !== null && ended.status !== 'queued' && ended.status !== 'running';
  const status = isOver ? ended.status : 'interrupted';
  const message = status === 'applied' ? null : `The apply ${apply.entry.id} ended as ${status}: look at it.`;
  return { status, message, revision, applyId: apply.entry.id };
}

function outcomeOf(decision: Exclude<SyncDecision, { kind: 'apply' }>): Pick<End, 'status' | 'message'> {
  if (decision.kind === 'nothing') return { status: 'unchanged', message: null };
  switch (decision.because) {
    case 'policy':
      return { status: 'planned', message: decision.message };
    case 'window':
      return { status: 'outside_window', message: decision.message };
    case 'guard':
    case 'errors':
      return { status: 'refused', message: decision.message };
  }
}

/**
 * What waits for a person is dealt with. What failed, also in part (a schedule was busy), waits for a window, or was
 * refused by the apply because something moved meanwhile, is for the next poll to try again.
 */
const isDealtWith = ({ status, revision, applyId }: End): boolean =>
  revision !== null &&
  (['unchanged', 'planned', 'applied'].includes(status) || (status === 'refused' && applyId === null));

function toOutcome(status: string): AuditEvent['outcome'] {
  if (status === 'interrupted') return 'unknown';
  if (status === 'refused') return 'refused';
  return status === 'failed' || status === 'partly' ? 'failed' : 'succeeded';
}

async function finish(deps: ServiceDeps, actor: Actor, entry: SyncEntry, end: End): Promise<void> {
  await deps.store.transact(async ({ syncs, instances, audit }) => {
    await syncs.end(entry.id, { ...end, planId: null, endedAt: deps.now() });
    if (isDealtWith(end)) await instances.change(entry.instance, { seenRevision: end.revision, seenAt: deps.now() });
    await audit.append([
      auditEvent(deps, actor, {
        action: 'sync.end',
        instance: entry.instance,
        target: entry.id,
        outcome: toOutcome(end.status),
        body: { ...end },
      }),
    ]);
  });
  deps.progress.publish(entry.id, 'ended', { status: end.status, message: end.message });
}
