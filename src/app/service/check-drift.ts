import { definitionStates } from '../../domain/plan/definition-states.js';
import { countPlan } from '../../domain/plan/plan.js';
import { countDrift, renderDriftJson, toDrift } from '../../domain/plan/render-drift.js';
import { toFailure, type Failure } from '../failure.js';
import { planInstance } from './create-plan.js';
import { auditEvent, instanceOf, type Actor, type ServiceDeps } from './deps.js';
import { readCheck, type InstanceCheck } from './instance-check.js';

const asTheyStand = { ref: null, prune: false, reactivate: [] } as const;

/**
 * Looks how an instance stands against its definitions, and keeps what it finds; Odoo is only read. An instance that
 * cannot be reached is `unreachable`, with the last states that were seen, never `in_sync`. Audited when it changes.
 */
export async function checkDrift(deps: ServiceDeps, actor: Actor, name: string): Promise<InstanceCheck> {
  const instance = instanceOf(deps, name);
  const before = (await readCheck(deps.store, name)).check;
  const check = await look(deps, instance, before).catch((error: unknown) => unreachable(toFailure(error), before));
  await deps.store.transact(async ({ instances, audit }) => {
    await instances.change(name, { lastCheck: JSON.stringify(check), checkedAt: deps.now() });
    if (before?.status === check.status && before.driftCount === check.driftCount) return;
    await audit.append([
      auditEvent(deps, actor, {
        action: 'drift.check',
        instance: name,
        target: null,
        outcome: check.status === 'unreachable' ? 'failed' : 'succeeded',
        body: { from: before?.status ?? null, to: check.status, drift: check.driftCount, problem: check.problem },
      }),
    ]);
  });
  return check;
}

async function look(
  deps: ServiceDeps,
  instance: Parameters<typeof planInstance>[1],
  before: InstanceCheck | null,
): Promise<InstanceCheck> {
  const { plan, live, desired } = await planInstance(deps, instance, asTheyStand);
  const drift = toDrift(plan, live);
  const driftCount = countDrift(drift);
  const counts = countPlan(plan);
  const pending = counts.create + counts.update + counts.delete + counts.adopt;
  const status = driftCount > 0 ? 'drifted' : pending > 0 ? 'pending' : 'in_sync';
  return {
    status,
    since: before?.status === status ? before.since : deps.now(),
    revision: plan.revision,
    odoo: plan.serie,
    digest: plan.digest,
    counts: { ...counts },
    driftCount,
    drift: renderDriftJson(plan, drift, { now: deps.now() }),
    definitions: definitionStates(desired, plan),
    problem: null,
  };
}

function unreachable({ code, message }: Failure, before: InstanceCheck | null): InstanceCheck {
  const nothing = {
    revision: null,
    odoo: null,
    digest: null,
    counts: null,
    driftCount: 0,
    drift: null,
    definitions: [],
    since: 0,
  };
  return { ...(before ?? nothing), status: 'unreachable', problem: { code, message } };
}
