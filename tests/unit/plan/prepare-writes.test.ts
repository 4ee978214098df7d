import { describe, expect, it } from '@jest/globals';
import { prepareWrites } from '../../../src/domain/plan/prepare-writes.js';
import { appliedDigests, readStamp } from '../../../src/domain/plan/stamp.js';
import type { DesiredState, LiveState } from '../../../src/domain/plan/state.js';
import {
  actionValues,
  desiredAction,
  desiredState,
  liveAction,
  liveSchedule,
  liveState,
  origin,
  planOf,
  scheduleValues,
  stamped,
} from '../../support/plan-states.js';

const prepare = (desired: DesiredState, live: LiveState) =>
  prepareWrites(
    planOf(desired, live).changes,
    new Map(desired.actions.map((action) => [action.id, action] as const)),
    live,
    origin.revision,
  );

const wanted = desiredAction('a', { schedule: scheduleValues('a') });
const stamp = stamped(wanted.action, scheduleValues('a'));

describe('prepareWrites', () => {
  it('remembers a new schedule in the row of its new server action, to spare a write', () => {
    const { actions, schedules } = prepare(desiredState(wanted), liveState());
    expect(readStamp(actions[0]?.help ?? null).applied).toEqual({
      action: appliedDigests(wanted.action),
      schedule: appliedDigests(scheduleValues('a')),
    });
    expect(schedules[0]?.help).toBeNull();
  });

  it('writes only the fields that differ', () => {
    const live = liveState({
      actions: [liveAction(5, { externalId: 'acme.a', values: { ...wanted.action, code: 'edited' }, help: stamp })],
      schedules: [liveSchedule(6, 5, { externalId: 'acme.a_schedule', values: scheduleValues('a', { priority: 9 }) })],
    });
    const { actions, schedules } = prepare(desiredState(wanted), live);
    expect(actions.map(({ fields }) => fields)).toEqual([['code']]);
    expect(schedules.map(({ fields }) => fields)).toEqual([['priority']]);
  });

  it('remembers a change of the schedule alone with the schedule’s own write', () => {
    const live = liveState({
      actions: [liveAction(5, { externalId: 'acme.a', values: wanted.action, help: stamp })],
      schedules: [
        liveSchedule(6, 5, { externalId: 'acme.a_schedule', values: scheduleValues('a', { every: '2 days' }) }),
      ],
    });
    const { actions, schedules } = prepare(desiredState(wanted), live);
    expect(actions).toEqual([]);
    expect(readStamp(schedules[0]?.help ?? null).applied?.schedule).toEqual(appliedDigests(scheduleValues('a')));
  });

  it('does not remember a field that is held back', () => {
    const off = scheduleValues('a', { active: false, every: '2 days' });
    const live = liveState({
      actions: [liveAction(5, { externalId: 'acme.a', values: wanted.action, help: null })],
      schedules: [liveSchedule(6, 5, { externalId: 'acme.a_schedule', values: off })],
    });
    const { schedules } = prepare(desiredState(wanted), live);
    const schedule = readStamp(schedules[0]?.help ?? null).applied?.schedule;
    expect(schedule?.['every']).toBe(appliedDigests(scheduleValues('a'))['every']);
    expect(schedule).not.toHaveProperty('active');
  });

  it('keeps what somebody wrote into the help', () => {
    const live = liveState({
      actions: [
        liveAction(5, { externalId: 'acme.a', values: actionValues({ code: 'old' }), help: '<p>Ask Ann first</p>' }),
      ],
    });
    expect(prepare(desiredState(desiredAction('a')), live).actions[0]?.help).toMatch(
      /^<p>Ask Ann first<\/p><p>Managed by/,
    );
  });
});
