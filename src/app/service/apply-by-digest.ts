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
import type { ApplyEntry, ApplyStatus, Records } from './store.js';
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
  /** What the key stands for, where that is not the wish itself. */
  readonly asked?: object;
  /** What is to be written together with a new apply, or not at all. */
  readonly alongside?: (records: Records) => Promise<void>;
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
    const before = await deps.store.transact(async (records) => {
      const { applies, audit } = records;
      const known =
        lease === null && entry.idempotencyKey === null ? null : await knownOrAdded(applies, entry, lease === null);
      if (known === null && lease !== null) {
        await audit.append([applyEvent(deps, actor, entry, 'apply.request', 'succeeded', request.wish)]);
        await request.alongside?.(records);
      }
      return known;
    });
    if (before !== null) {
      await lease?.release();
      return await repeat(deps, actor, before, entry);
    }
    if (lease === null) {
      const message = `Another apply of ${instance} runs: wait for its end.`;
      throw await refused(deps, actor, entry, new Conflict('apply_running', message), request.wish);
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

type Asked = Pick<ApplyEntry, 'id' | 'instance' | 'requestHash'>;

/**
 * What was begun for this key before, for whoever must know ahead of what an apply takes; null: nothing was. Throws
 * `Conflict` when the key stands for another request.
 */
export async function findRepeat(
  deps: ServiceDeps,
  actor: Actor,
  instance: string,
  { idempotencyKey, asked }: { readonly idempotencyKey: string | null; readonly asked: object },
): Promise<StartedApply | null> {
  if (idempotencyKey === null) return null;
  const before = await deps.store.applies.byKey(actor.actor, idempotencyKey);
  const request = { id: deps.newId(), instance, requestHash: hashOf(instance, asked) };
  return before === null ? null : repeat(deps, actor, before, request);
}

async function repeat(deps: ServiceDeps, actor: Actor, before: ApplyEntry, entry: Asked): Promise<StartedApply> {
  if (before.requestHash !== entry.requestHash || before.instance !== entry.instance) {
    const message = 'This idempotency key stands for another request of yours: take a new key for a new request.';
    throw await refused(deps, actor, entry, new Conflict('idempotency_key_reused', message));
  }
  return { entry: before, isRepeat: true, done: Promise.resolve() };
}

/** The refusal, once it stands in the audit log. */
async function refused(
  deps: ServiceDeps,
  actor: Actor,
  entry: Asked,
  refusal: Conflict,
  facts: object = {},
): Promise<Conflict> {
  const { code } = refusal;
  await deps.store.audit.append([applyEvent(deps, actor, entry, 'apply.refuse', 'refused', { code, ...facts })]);
  return refusal;
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
  let report: ApplyReport;
  let revision: string | null;
  try {
    const made = await planInstance(deps, instance, wish);
    const ports = {
      reader: instance.newReader(),
      writer: fencedWriter(instance.writer, lease),
      journal: storeJournal(deps, entry.id, lease, made.plan.revision),
      now: deps.now,
    };
    const { digest, override } = wish;
    report = await applyPlan(ports, instance.target, made, {
      ...{ digest, override },
      onProgress: ({ step, count }) => tell('step', { step, count }),
    });
    ({ revision } = made.plan);
  } catch (error) {
    const failure = toFailure(error);
    const status: ApplyStatus = error instanceof ApplyRefused ? 'refused' : 'failed';
    await endApply(deps, actor, entry, status, { ...failure }, null);
    tell('ended', { status, code: failure.code, message: failure.message });
    if (failure.code === 'defect') throw error;
    return;
  }
  // When this cannot be stored, what was written is not called failed: it is found as interrupted.
  await endApply(deps, actor, entry, report.outcome, reportJson(report), revision);
  tell('ended', { status: report.outcome });
}

function newEntry(
  deps: ServiceDeps,
  { actor }: Actor,
  instance: string,
  { wish, origin, idempotencyKey, asked = wish }: ApplyRequest,
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
    requestHash: idempotencyKey === null ? null : hashOf(instance, asked),
    request: JSON.stringify(wish),
    report: null,
  };
}

const hashOf = (instance: string, asked: object): string =>
  hash('sha256', canonicalJson({ instance, wish: asked }), 'hex');

export { applyLease };
export type { ApplyReport };
