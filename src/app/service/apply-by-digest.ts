import type { ObjectionCode } from '../../domain/plan/guard.js';
import { hash } from 'node:crypto';
import { canonicalJson } from '../../domain/plan/values.js';
import { applyPlan, type ApplyReport } from '../apply-plan.js';
import { ApplyRefused } from '../apply-refused.js';
import { toFailure } from '../failure.js';
import { planInstance, type PlanWish } from './create-plan.js';
import { Conflict, instanceOf, type Actor, type ServiceDeps } from './deps.js';
import { applyEvent, applyLease, endApply } from './end-apply.js';
import { fencedWriter, HeldLease } from './leases.js';
import { reportJson } from './report-json.js';
import type { ApplyEntry, ApplyStatus } from './store.js';
import { storeJournal } from './store-journal.js';

export interface ApplyWish extends PlanWish {
  /** Of the plan that was looked at: another one is refused. */
  readonly digest: string;
  /** Guards that may trip. */
  readonly override: readonly ObjectionCode[];
  readonly reason: string | null;
}

export interface ApplyRequest {
  readonly wish: ApplyWish;
  readonly origin: 'api' | 'sync' | 'rollback';
  /** Same key, same caller: the same apply, for as long as it is kept. */
  readonly idempotencyKey: string | null;
}

export interface StartedApply {
  readonly entry: ApplyEntry;
  /** It was asked for before, under the same idempotency key. */
  readonly isRepeat: boolean;
  readonly done: Promise<void>;
}

/**
 * Begins to carry out a plan that somebody agreed to, by its digest. Throws `NotFound`, and `Conflict` when another
 * apply of the instance runs (here or in another process), or when the key stands for another request.
 */
export async function requestApply(
  deps: ServiceDeps,
  actor: Actor,
  instance: string,
  request: ApplyRequest,
): Promise<StartedApply> {
  instanceOf(deps, instance);
  const entry = newEntry(deps, actor, instance, request);
  const lease = await HeldLease.take(deps, applyLease(instance), entry.id);
  try {
    const before = await deps.store.transact(async ({ applies, audit }) => {
      const known =
        lease === null && entry.idempotencyKey === null ? null : await knownOrAdded(applies, entry, lease === null);
      if (known === null && lease !== null) {
        await audit.append([applyEvent(deps, actor, entry, 'apply.request', 'succeeded', request.wish)]);
      }
      return known;
    });
    if (before !== null) {
      await lease?.release();
      return repeat(before, entry);
    }
    if (lease === null) {
      const refusal = new Conflict('apply_running', `Another apply of ${instance} runs: wait for its end.`);
      await deps.store.audit.append([
        applyEvent(deps, actor, entry, 'apply.refuse', 'refused', { code: refusal.code, ...request.wish }),
      ]);
      throw refusal;
    }
    return start(deps, actor, entry, request, lease);
  } catch (error) {
    await lease?.release().catch(() => undefined);
    throw error;
  }
}

/** With the lease, the entry is added unless it stands there; without it, only one that stands there counts. */
async function knownOrAdded(
  applies: ServiceDeps['store']['applies'],
  entry: ApplyEntry,
  onlyLook: boolean,
): Promise<ApplyEntry | null> {
  if (!onlyLook) return applies.addOnce(entry);
  return entry.idempotencyKey === null ? null : applies.byKey(entry.createdBy, entry.idempotencyKey);
}

function repeat(before: ApplyEntry, entry: ApplyEntry): StartedApply {
  if (before.requestHash !== entry.requestHash || before.instance !== entry.instance) {
    throw new Conflict(
      'idempotency_key_reused',
      'This idempotency key stands for another request of yours: take a new key for a new request.',
    );
  }
  return { entry: before, isRepeat: true, done: Promise.resolve() };
}

function start(
  deps: ServiceDeps,
  actor: Actor,
  entry: ApplyEntry,
  request: ApplyRequest,
  lease: HeldLease,
): StartedApply {
  let settle: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    settle = resolve;
  });
  deps.progress.publish(entry.id, 'started', { instance: entry.instance });
  deps.background.run(async () => {
    try {
      await carryOut(deps, actor, entry, request.wish, lease);
    } finally {
      await lease.release().catch(() => undefined);
      deps.progress.end(entry.id);
      settle();
    }
  });
  return { entry, isRepeat: false, done };
}

async function carryOut(
  deps: ServiceDeps,
  actor: Actor,
  entry: ApplyEntry,
  wish: ApplyWish,
  lease: HeldLease,
): Promise<void> {
  const instance = instanceOf(deps, entry.instance);
  const tell = (type: string, data: Record<string, unknown>): void => deps.progress.publish(entry.id, type, data);
  try {
    const made = await planInstance(deps, instance, wish);
    const ports = {
      reader: instance.newReader(),
      writer: fencedWriter(instance.writer, lease),
      journal: storeJournal(deps, entry.id, lease, made.plan.revision),
      now: deps.now,
    };
    const { digest, override } = wish;
    const report = await applyPlan(ports, instance.target, made, {
      ...{ digest, override },
      onProgress: ({ step, count }) => tell('step', { step, count }),
    });
    await endApply(deps, actor, entry, report.outcome, reportJson(report), made.plan.revision);
    tell('ended', { status: report.outcome });
  } catch (error) {
    const failure = toFailure(error);
    const status: ApplyStatus = error instanceof ApplyRefused ? 'refused' : 'failed';
    await endApply(deps, actor, entry, status, { ...failure }, null);
    tell('ended', { status, code: failure.code, message: failure.message });
    if (failure.code === 'defect') throw error;
  }
}

function newEntry(
  deps: ServiceDeps,
  { actor }: Actor,
  instance: string,
  { wish, origin, idempotencyKey }: ApplyRequest,
): ApplyEntry {
  return {
    id: deps.newId(),
    instance,
    status: 'queued',
    createdAt: deps.now(),
    createdBy: actor,
    startedAt: null,
    endedAt: null,
    digest: wish.digest,
    revision: null,
    total: null,
    origin,
    reason: wish.reason,
    idempotencyKey,
    requestHash: idempotencyKey === null ? null : hash('sha256', canonicalJson({ instance, wish }), 'hex'),
    request: JSON.stringify(wish),
    report: null,
  };
}

export { applyLease };
export type { ApplyReport };
