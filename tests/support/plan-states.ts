import fc from 'fast-check';
import { fieldDigest } from '../../src/domain/plan/stamp.js';
import { noAppliedIds, type AppliedIds } from '../../src/domain/plan/applied-ids.js';
import type { Change } from '../../src/domain/plan/change.js';
import { defaultGuard } from '../../src/domain/plan/guard.js';
import { computePlan, type PlanPolicy } from '../../src/domain/plan/compute-plan.js';
import type { Plan, PlanOrigin } from '../../src/domain/plan/plan.js';
import { prepareWrites } from '../../src/domain/plan/prepare-writes.js';
import { appliedDigests, writeStamp } from '../../src/domain/plan/stamp.js';
import type { DesiredAction, DesiredState, LiveAction, LiveSchedule, LiveState } from '../../src/domain/plan/state.js';
import type { Values } from '../../src/domain/plan/values.js';

/** Builders for desired and live state: a test states only its own difference. */
export const NAMESPACE = 'acme';
export const origin: PlanOrigin = {
  instance: 'test',
  environment: null,
  source: 'a folder',
  revision: 'f00d'.repeat(10),
};

export const policy = (over: Partial<PlanPolicy> = {}): PlanPolicy => ({
  prune: false,
  reactivate: new Set(),
  mode: 'sync',
  accepted: [],
  guard: defaultGuard,
  url: 'http://odoo.test',
  ...over,
});

export const planOf = (desired: DesiredState, live: LiveState, over: Partial<PlanPolicy> = {}): Plan =>
  computePlan(desired, live, policy(over), origin);

/** The help text after an apply of these values. */
export const stamped = (action: Values = actionValues(), schedule: Values = {}): string =>
  writeStamp(
    null,
    { file: 'a.yaml', revision: null },
    { action: appliedDigests(action), schedule: appliedDigests(schedule) },
  );

export function desiredAction(id: string, over: Partial<DesiredAction> = {}): DesiredAction {
  return {
    id,
    externalId: `${NAMESPACE}.${id}`,
    scheduleExternalId: `${NAMESPACE}.${id}_schedule`,
    at: { file: `actions/${id}.yaml`, line: 1, column: 1 },
    places: {},
    action: actionValues({ name: `Name of ${id}` }),
    schedule: null,
    firstRunAt: null,
    timezone: 'UTC',
    adopts: null,
    scheduleAdopts: null,
    ...over,
  };
}

export const actionValues = (over: Values = {}): Values => ({
  name: 'An action',
  model: 'res.partner',
  kind: 'code',
  sequence: 5,
  groups: ['base.group_system'],
  binding: null,
  code: 'pass\n',
  ...over,
});

export const scheduleValues = (id: string, over: Values = {}): Values => ({
  action: `${NAMESPACE}.${id}`,
  every: '1 day',
  user: 'base.user_root',
  priority: 5,
  active: true,
  ...over,
});

export const desiredState = (...actions: DesiredAction[]): DesiredState => ({ namespace: NAMESPACE, actions });

export function liveAction(recordId: number, over: Partial<LiveAction> = {}): LiveAction {
  return {
    recordId,
    externalId: null,
    externalIds: [],
    values: actionValues(),
    lastEdit: { by: 'Mitchell Admin', at: '2026-11-20T10:00:00Z', isOwn: false },
    help: null,
    htmlFields: [],
    usedBySchedule: false,
    warning: null,
    ...over,
  };
}

export function liveSchedule(recordId: number, actionId: number, over: Partial<LiveSchedule> = {}): LiveSchedule {
  return {
    recordId,
    actionId,
    name: `Schedule ${recordId}`,
    externalId: null,
    externalIds: [],
    values: scheduleValues('x'),
    lastEdit: { by: 'Mitchell Admin', at: '2026-11-20T10:00:00Z', isOwn: false },
    nextRunAt: '2026-11-23T01:00:00Z',
    lastRunAt: '2026-11-22T01:00:00Z',
    runsLeft: null,
    failureCount: 0,
    firstFailureAt: null,
    ...over,
  };
}

export const identity = { uuid: 'u-1', database: 'prod', baseUrl: 'http://odoo.test', neutralized: false };
export const binding = { uuid: 'u-1', database: 'prod', baseUrl: 'http://odoo.test', boundAt: '2026-01-01T00:00:00Z' };

export const liveState = (over: Partial<LiveState> = {}): LiveState => ({
  identity,
  binding,
  appliedIds: noAppliedIds,
  serie: '19.0',
  actions: [],
  schedules: [],
  references: new Map(),
  foreign: [],
  ...over,
});

/** The list that an apply leaves when these stood after it. */
export const appliedIds = (...externalIds: string[]): AppliedIds => ({
  recordId: 3,
  digests: new Set(externalIds.map(fieldDigest)),
});

/** What Odoo would hold after the changes were written: the laws of the plan are stated against this. */
export function applyTo(live: LiveState, desired: DesiredState, changes: readonly Change[]): LiveState {
  const wanted = new Map(desired.actions.map((action) => [action.id, action] as const));
  const prepared = prepareWrites(changes, wanted, live, origin.revision);
  let nextId =
    1 + Math.max(0, ...live.actions.map((one) => one.recordId), ...live.schedules.map((one) => one.recordId));
  let actions = [...live.actions];
  let schedules = [...live.schedules];
  for (const { change, values, fields, help } of prepared.actions) {
    if (change.op === 'create') actions.push(liveAction(nextId++, { externalId: change.externalId, values, help }));
    else {
      actions = actions.map((one) =>
        one.recordId === change.recordId ? { ...one, help, values: merge(one.values, values, fields) } : one,
      );
    }
  }
  for (const { change, wanted: definition, values, fields, help } of prepared.schedules) {
    const action = actions.find((one) => one.externalId === definition.externalId);
    const actionId = action?.recordId ?? -1;
    if (change.op === 'create')
      schedules.push(liveSchedule(nextId++, actionId, { externalId: change.externalId, values }));
    else {
      schedules = schedules.map((one) =>
        one.recordId === change.recordId
          ? {
              ...one,
              actionId: fields.includes('action') ? actionId : one.actionId,
              values: merge(one.values, values, fields),
            }
          : one,
      );
    }
    if (help !== null) actions = actions.map((one) => (one.recordId === actionId ? { ...one, help } : one));
  }
  const deleted = new Set(
    changes.filter((one) => one.op === 'delete' && one.held === null).map((one) => `${one.object}|${one.externalId}`),
  );
  return {
    ...live,
    actions: actions.filter((one) => !deleted.has(`server_action|${one.externalId ?? ''}`)),
    schedules: schedules.filter((one) => !deleted.has(`scheduled_action|${one.externalId ?? ''}`)),
  };
}

/** A changed kind brings its own fields and drops those of the old one, as the writer does. */
function merge(before: Values, after: Values, fields: readonly string[]): Values {
  const next: Record<string, Values[string]> = { ...before };
  for (const field of fields) {
    const value = after[field];
    if (value === undefined) Reflect.deleteProperty(next, field);
    else next[field] = value;
  }
  return next;
}

const ids = ['close_quotes', 'mark_overdue', 'purge_logs', 'report', 'tidy'] as const;

const arbitraryAction = fc.oneof(
  fc.record({
    name: fc.string({ maxLength: 8 }),
    model: fc.constantFrom('res.partner', 'account.move'),
    kind: fc.constant('code'),
    sequence: fc.integer({ min: 0, max: 9 }),
    groups: fc.subarray(['a.b', 'base.group_system']),
    binding: fc.option(fc.constant({ model: 'res.partner', views: ['form'] })),
    code: fc.option(fc.string({ maxLength: 10 })),
  }),
  fc.record({
    name: fc.string({ maxLength: 8 }),
    model: fc.constant('res.partner'),
    kind: fc.constant('update_record'),
    sequence: fc.integer({ min: 0, max: 9 }),
    groups: fc.constant(['base.group_system']),
    binding: fc.constant(null),
    set: fc.constantFrom([{ field: 'ref', to: 'value', value: 'x' }], [{ field: 'active', to: 'value', value: true }]),
  }),
);

const arbitrarySchedule = (id: string) =>
  fc.record({
    action: fc.constant(`${NAMESPACE}.${id}`),
    every: fc.constantFrom('1 day', '15 minutes'),
    user: fc.constantFrom('base.user_root', 'base.user_admin'),
    priority: fc.integer({ min: 0, max: 9 }),
    active: fc.boolean(),
  });

export const arbitraryDesired = fc
  .subarray([...ids])
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((id) =>
        fc
          .tuple(arbitraryAction, fc.option(arbitrarySchedule(id)))
          .map(([action, schedule]) => desiredAction(id, { action, schedule })),
      ),
    ),
  )
  .map((actions): DesiredState => desiredState(...actions));

/** Live state with owned records (some also desired), records of others, and a schedule only over its own action. */
export const arbitraryLive = fc
  .tuple(
    fc.subarray([...ids]).chain((chosen) =>
      fc.tuple(
        ...chosen.map((id, index) =>
          fc.tuple(arbitraryAction, fc.option(arbitrarySchedule(id))).map(([values, schedule]) => ({
            action: liveAction(10 + index, { externalId: `${NAMESPACE}.${id}`, values }),
            schedule:
              schedule === null
                ? null
                : liveSchedule(100 + index, 10 + index, {
                    externalId: `${NAMESPACE}.${id}_schedule`,
                    values: schedule,
                  }),
          })),
        ),
      ),
    ),
    fc.boolean(),
  )
  .map(([owned, others]) =>
    liveState({
      actions: [
        ...owned.map((one) => one.action),
        ...(others ? [liveAction(900, { externalIds: ['account.x'] })] : []),
      ],
      schedules: [
        ...owned.flatMap((one) => (one.schedule === null ? [] : [one.schedule])),
        ...(others ? [liveSchedule(901, 900)] : []),
      ],
    }),
  );
