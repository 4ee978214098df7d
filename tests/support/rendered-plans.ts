import type { PlanPolicy } from '../../src/domain/plan/compute-plan.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import type { LastEdit, LiveState } from '../../src/domain/plan/state.js';
import {
  actionValues,
  appliedIds,
  desiredAction,
  desiredState,
  liveAction,
  liveSchedule,
  liveState,
  planOf,
  scheduleValues,
  stamped,
} from './plan-states.js';

/** Seven minutes after the last edit of the records in plan-states.ts. */
export const NOW = Date.parse('2026-11-20T10:07:00Z');

const CODE = 'for quote in records:\n    quote.action_cancel()\n';

/** One of everything: created, changed on each side, held, unknown to git. */
export function variedPlan(over: Partial<PlanPolicy> = {}): { plan: Plan; live: LiveState } {
  const applied = actionValues({ name: 'Close quotes', code: CODE });
  const schedule = scheduleValues('close_quotes');
  const live = liveState({
    actions: [
      liveAction(57, {
        externalId: 'acme.close_quotes',
        values: { ...applied, groups: ['base.group_user'], code: `${CODE}log('closed')\n` },
        help: stamped(applied, schedule),
      }),
      liveAction(60, { externalId: 'acme.old_report', values: actionValues({ name: 'Old report' }) }),
    ],
    schedules: [
      liveSchedule(12, 57, {
        externalId: 'acme.close_quotes_schedule',
        values: { ...schedule, active: false },
        lastRunAt: '2026-11-19T01:00:00Z',
      }),
    ],
  });
  const desired = desiredState(
    desiredAction('close_quotes', {
      action: { ...applied, name: 'Close old quotes', code: CODE.replace('quote in', 'quote in  ') },
      schedule: { ...schedule, every: '2 days' },
    }),
    desiredAction('mark_overdue', { action: actionValues({ name: 'Mark overdue', code: 'a = 1\nb = 2\n' }) }),
  );
  return { plan: planOf(desired, live, over), live };
}

/** A plan with every kind of change that a sync can have, and every reason to hold one back. */
export function everyChange(over: Partial<PlanPolicy> = {}): { plan: Plan; live: LiveState } {
  const { live } = variedPlan();
  const off = (id: string, recordId: number, lastEdit: LastEdit) => {
    const action = actionValues({ name: id });
    return {
      desired: desiredAction(id, { action, schedule: scheduleValues(id) }),
      action: liveAction(recordId, {
        externalId: `acme.${id}`,
        values: action,
        help: stamped(action, scheduleValues(id)),
      }),
      schedule: liveSchedule(recordId + 100, recordId, {
        externalId: `acme.${id}_schedule`,
        values: scheduleValues(id, { active: false }),
        lastEdit,
        lastRunAt: '2026-11-19T01:00:00Z',
      }),
    };
  };
  const byOdoo = off('fails', 70, { by: 'OdooBot', at: '2026-11-01T01:00:00Z', isOwn: false });
  const covered = off('covered', 71, { by: 'Sync', at: '2026-11-20T10:00:00Z', isOwn: true });
  const edited = actionValues({ name: 'Edited with our user' });
  const state = {
    ...live,
    actions: [
      ...live.actions,
      byOdoo.action,
      covered.action,
      liveAction(72, {
        externalId: 'acme.edited',
        values: { ...edited, sequence: 9, code: 'pass\nrecords.unlink()\n' },
        help: stamped(edited),
        lastEdit: { by: 'Sync', at: '2026-11-20T10:00:00Z', isOwn: true },
      }),
    ],
    schedules: [...live.schedules, byOdoo.schedule, covered.schedule],
    appliedIds: appliedIds('acme.lost_action'),
  };
  const desired = desiredState(
    ...[byOdoo.desired, covered.desired],
    desiredAction('edited', { action: edited }),
    desiredAction('close_quotes', {
      action: actionValues({ name: 'Close old quotes', code: CODE }),
      schedule: scheduleValues('close_quotes', { every: '2 days' }),
    }),
    desiredAction('lost_action', { action: actionValues({ name: 'Lost' }) }),
    desiredAction('new_action', {
      action: actionValues({ name: 'New', binding: { model: 'res.partner', views: ['form', 'list'] } }),
      schedule: scheduleValues('new_action'),
      firstRunAt: '2026-01-01 01:00:00',
      timezone: 'Europe/Brussels',
    }),
    desiredAction('taken', { adopts: '#900' }),
  );
  const taken = liveAction(900, { values: actionValues({ name: 'Name of taken' }) });
  const all = { ...state, actions: [...state.actions, taken] };
  return { plan: planOf(desired, all, over), live: all };
}
