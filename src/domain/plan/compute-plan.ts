import type { Problem } from '../problem.js';
import { wasApplied, type AppliedIds } from './applied-ids.js';
import { holdAccepted, type Acceptance } from './accept.js';
import { notAdopted, planAction, type ActionMatch } from './plan-action.js';
import { planSchedule, type ScheduleMatch } from './plan-schedule.js';
import type { Change, Delete } from './change.js';
import { guardPlan, type GuardPolicy } from './guard.js';
import { judgeIdentity } from './identity.js';
import { planDigest, type Plan, type PlanOrigin } from './plan.js';
import type { DesiredAction, DesiredState, LiveAction, LiveSchedule, LiveState, ObjectKind } from './state.js';
import type { Value } from './values.js';

export interface PlanPolicy {
  /** Delete owned records that no definition asks for. */
  readonly prune: boolean;
  /** Schedules that may be switched on again although something in Odoo switched them off: IDs, or all. */
  readonly reactivate: 'all' | ReadonlySet<string>;
  /** `adopt` plans only adoptions; `sync` everything else. */
  readonly mode: 'sync' | 'adopt';
  readonly guard: GuardPolicy;
  /** Differences that somebody lets stand. */
  readonly accepted: readonly Acceptance[];
  /** The instance's own address, for the clone guard. */
  readonly url: string;
}

/**
 * Decides what to change so that live state becomes desired state. Pure and deterministic; touches only records in the
 * namespace, and in mode `adopt` those that a definition names with `adopts`.
 */
export function computePlan(desired: DesiredState, live: LiveState, policy: PlanPolicy, origin: PlanOrigin): Plan {
  const verdict = judgeIdentity(live.binding, live.identity, policy.url);
  const activate = verdict.kind !== 'copy';
  const index = indexLive(live);
  const changes: Change[] = [];
  const problems: Problem[] = takenIds(desired, live);
  let unchanged = 0;
  if (verdict.kind === 'copy') {
    problems.push({
      severity: 'warning',
      code: 'database_copy',
      message: `This is not the database that the instance is bound to (${verdict.reasons.join('; ')}): no schedule is switched on here until somebody binds it again with "odoo-steward instances --bind ${origin.instance}".`,
      at: null,
    });
  }

  const renamed = namesAfterAdoption(desired, index);
  for (const wanted of desired.actions) {
    const action = withChildren(matchAction(wanted, index), renamed);
    const outcomes = [
      planAction(wanted, action, policy.mode),
      planSchedule(wanted, matchSchedule(wanted, index), action, { ...policy, activate }),
    ] as const;
    problems.push(...notAdopted(wanted, ...outcomes));
    for (const outcome of outcomes) {
      if (outcome === null) continue;
      problems.push(...outcome.problems);
      if (outcome.change === null) unchanged += 1;
      else changes.push(outcome.change);
    }
  }
  if (policy.mode === 'sync') changes.push(...deletions(desired, live, policy.prune));
  problems.push(...foreignSchedules(desired, live, index));

  const owned = live.actions.filter(isOwned).length + live.schedules.filter(isOwned).length;
  const sorted = holdAccepted(changes, policy.accepted).sort(byDefinition);
  const plan = {
    ...origin,
    namespace: desired.namespace,
    database: live.identity.database,
    serie: live.serie,
    changes: sorted,
    unchanged,
    owned,
    objections: guardPlan({ changes: sorted, owned, desired: desired.actions.length }, policy.guard),
  };
  return { ...plan, problems, digest: planDigest(plan) };
}

interface LiveIndex {
  readonly actions: ReadonlyMap<string, LiveAction>;
  readonly actionsById: ReadonlyMap<number, LiveAction>;
  readonly schedules: ReadonlyMap<string, LiveSchedule>;
  readonly schedulesById: ReadonlyMap<number, LiveSchedule>;
  readonly references: ReadonlyMap<string, number>;
  readonly appliedIds: AppliedIds;
}

const isOwned = (record: { readonly externalId: string | null }): boolean => record.externalId !== null;

function indexLive(live: LiveState): LiveIndex {
  const owned = <T extends { readonly externalId: string | null }>(records: readonly T[]) =>
    new Map(records.flatMap((record) => (record.externalId === null ? [] : [[record.externalId, record] as const])));
  const byId = <T extends { readonly recordId: number }>(records: readonly T[]) =>
    new Map(records.map((record) => [record.recordId, record] as const));
  return {
    actions: owned(live.actions),
    actionsById: byId(live.actions),
    schedules: owned(live.schedules),
    schedulesById: byId(live.schedules),
    references: live.references,
    appliedIds: live.appliedIds,
  };
}

function matchAction(wanted: DesiredAction, index: LiveIndex): ActionMatch {
  const owned = index.actions.get(wanted.externalId);
  if (owned !== undefined) return { kind: 'owned', live: owned };
  if (wanted.adopts === null) return { kind: 'none', wasApplied: wasApplied(index.appliedIds, wanted.externalId) };
  const target = index.actionsById.get(targetId(wanted.adopts, 'ir.actions.server', index));
  return target === undefined ? { kind: 'target_missing', reference: wanted.adopts } : { kind: 'target', live: target };
}

/** Before adoption a record still bears its other names; a `multi` over it is the same all the same. */
function namesAfterAdoption(desired: DesiredState, index: LiveIndex): Map<string, string> {
  return new Map(
    desired.actions.flatMap((wanted) => {
      const match = matchAction(wanted, index);
      if (match.kind !== 'target') return [];
      return [...match.live.externalIds, `#${match.live.recordId}`].map((name) => [name, wanted.externalId] as const);
    }),
  );
}

function withChildren(match: ActionMatch, renamed: ReadonlyMap<string, string>): ActionMatch {
  if (match.kind !== 'owned' && match.kind !== 'target') return match;
  const children = match.live.values['actions'];
  if (renamed.size === 0 || !Array.isArray(children)) return match;
  const actions = (children as readonly Value[]).map((name) =>
    typeof name === 'string' ? (renamed.get(name) ?? name) : name,
  );
  return { ...match, live: { ...match.live, values: { ...match.live.values, actions } } };
}

function matchSchedule(wanted: DesiredAction, index: LiveIndex): ScheduleMatch {
  const owned = index.schedules.get(wanted.scheduleExternalId);
  if (owned !== undefined) return { kind: 'owned', live: owned };
  if (wanted.scheduleAdopts === null)
    return { kind: 'none', wasApplied: wasApplied(index.appliedIds, wanted.scheduleExternalId) };
  const target = index.schedulesById.get(targetId(wanted.scheduleAdopts, 'ir.cron', index));
  return target === undefined
    ? { kind: 'target_missing', reference: wanted.scheduleAdopts }
    : { kind: 'target', live: target };
}

function targetId(reference: string, model: string, index: LiveIndex): number {
  return reference.startsWith('#') ? Number(reference.slice(1)) : (index.references.get(`${model}|${reference}`) ?? -1);
}

function deletions(desired: DesiredState, live: LiveState, prune: boolean): Delete[] {
  const wantedActions = new Set(desired.actions.map((action) => action.externalId));
  const wantedSchedules = new Set(
    desired.actions.flatMap((action) => (action.schedule === null ? [] : [action.scheduleExternalId])),
  );
  const actionNames = new Map(live.actions.map((action) => [action.recordId, nameOf(action)] as const));
  const remove = (object: ObjectKind, record: LiveAction | LiveSchedule, externalId: string, name: string): Delete => ({
    op: 'delete',
    object,
    id: definitionId(externalId, object),
    externalId,
    name,
    at: null,
    recordId: record.recordId,
    before: record.values,
    lastEdit: record.lastEdit,
    held: prune ? null : 'prune_not_asked',
  });
  return [
    ...live.actions.flatMap((record) =>
      record.externalId === null || wantedActions.has(record.externalId)
        ? []
        : [remove('server_action', record, record.externalId, nameOf(record))],
    ),
    ...live.schedules.flatMap((record) =>
      record.externalId === null || wantedSchedules.has(record.externalId)
        ? []
        : [
            remove(
              'scheduled_action',
              record,
              record.externalId,
              actionNames.get(record.actionId) ?? record.externalId,
            ),
          ],
    ),
  ];
}

const nameOf = (record: LiveAction): string => {
  const name = record.values['name'];
  return typeof name === 'string' ? name : `#${record.recordId}`;
};

function definitionId(externalId: string, object: ObjectKind): string {
  const name = externalId.slice(externalId.indexOf('.') + 1);
  return object === 'scheduled_action' ? name.replace(/_schedule$/, '') : name;
}

function takenIds(desired: DesiredState, live: LiveState): Problem[] {
  const models = new Map(live.foreign.map((row) => [row.externalId, row.model] as const));
  return desired.actions.flatMap((wanted) =>
    [wanted.externalId, ...(wanted.schedule === null ? [] : [wanted.scheduleExternalId])].flatMap((externalId) => {
      const model = models.get(externalId);
      return model === undefined
        ? []
        : [
            {
              severity: 'error' as const,
              code: 'external_id_taken',
              message: `The external ID ${externalId} belongs to a ${model} record in this database: choose another id or namespace.`,
              at: wanted.places['id'] ?? wanted.at,
            },
          ];
    }),
  );
}

/** A schedule that somebody made in Odoo over an action of ours runs it behind our back: say so, touch nothing. */
function foreignSchedules(desired: DesiredState, live: LiveState, index: LiveIndex): Problem[] {
  const wanted = new Map(desired.actions.map((action) => [action.externalId, action] as const));
  const adopted = new Set(
    desired.actions.flatMap((action) =>
      action.scheduleAdopts === null ? [] : [targetId(action.scheduleAdopts, 'ir.cron', index)],
    ),
  );
  return live.schedules.flatMap((schedule) => {
    const action = index.actionsById.get(schedule.actionId);
    if (
      schedule.externalId !== null ||
      action === undefined ||
      action.externalId === null ||
      adopted.has(schedule.recordId)
    )
      return [];
    return [
      {
        severity: 'warning' as const,
        code: 'foreign_schedule',
        message: `${action.externalId} also runs by a scheduled action made in Odoo (record #${schedule.recordId}${schedule.lastEdit === null ? '' : `, by ${schedule.lastEdit.by}`}): adopt it with "schedule: adopts", or delete it there.`,
        at: wanted.get(action.externalId)?.at ?? null,
      },
    ];
  });
}

function byDefinition(one: Change, other: Change): number {
  const key = (change: Change) => `${change.id}\u0000${change.object === 'server_action' ? 0 : 1}`;
  return key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0;
}
