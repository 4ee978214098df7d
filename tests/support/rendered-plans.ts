import { computePlan, type PlanPolicy } from '../../src/domain/plan/compute-plan.js';
import type { Plan } from '../../src/domain/plan/plan.js';
import { appliedDigests, writeStamp } from '../../src/domain/plan/stamp.js';
import type { DesiredState, LiveState } from '../../src/domain/plan/state.js';
import type { Values } from '../../src/domain/plan/values.js';
import {
  actionValues,
  desiredAction,
  desiredState,
  liveAction,
  liveSchedule,
  liveState,
  origin,
  policy,
  scheduleValues,
} from './plan-states.js';

/** Seven minutes after the last edit of the records in plan-states.ts. */
export const NOW = Date.parse('2026-11-20T10:07:00Z');

export const planOf = (desired: DesiredState, live: LiveState, over: Partial<PlanPolicy> = {}): Plan =>
  computePlan(desired, live, policy(over), origin);

/** The help text after an apply of these values. */
export const stamped = (action: Values, schedule: Values = {}): string =>
  writeStamp(
    null,
    { file: 'a.yaml', revision: null },
    { action: appliedDigests(action), schedule: appliedDigests(schedule) },
  );

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
