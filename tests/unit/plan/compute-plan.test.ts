import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DesiredAction, LiveState } from '../../../src/domain/plan/state.js';
import {
  actionValues,
  appliedIds,
  applyTo,
  arbitraryDesired,
  arbitraryLive,
  desiredAction,
  desiredState,
  liveAction,
  liveSchedule,
  liveState,
  NAMESPACE,
  planOf as plan,
  scheduleValues,
  stamped,
} from '../../support/plan-states.js';

describe('computePlan, as laws', () => {
  it('leaves an empty plan after it was applied, with everything allowed', () => {
    fc.assert(
      fc.property(arbitraryDesired, arbitraryLive, (desired, live) => {
        const everything = { prune: true, reactivate: 'all' } as const;
        const after = applyTo(live, desired, plan(desired, live, everything).changes);
        expect(plan(desired, after, everything).changes).toEqual([]);
      }),
    );
  });

  it('leaves exactly what it held back after it was applied', () => {
    fc.assert(
      fc.property(arbitraryDesired, arbitraryLive, (desired, live) => {
        const first = plan(desired, live);
        const after = applyTo(live, desired, first.changes);
        const left = plan(desired, after).changes;
        expect(left.every((change) => change.held !== null)).toBe(true);
      }),
    );
  });

  it('is empty for nothing on both sides', () => {
    const empty = plan(desiredState(), liveState());
    expect({ changes: empty.changes, problems: empty.problems, objections: empty.objections }).toEqual({
      changes: [],
      problems: [],
      objections: [],
    });
  });

  it('does not depend on the order of definitions or of live records', () => {
    fc.assert(
      fc.property(arbitraryDesired, arbitraryLive, fc.integer(), (desired, live, seed) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item, index) => ({ item, key: Math.sin(seed + index) }))
            .sort((one, other) => one.key - other.key)
            .map(({ item }) => item);
        const other = plan(
          { ...desired, actions: shuffled(desired.actions) },
          { ...live, actions: shuffled(live.actions), schedules: shuffled(live.schedules) },
        );
        expect(other.digest).toBe(plan(desired, live).digest);
        expect(JSON.stringify(other.changes)).toBe(JSON.stringify(plan(desired, live).changes));
      }),
    );
  });

  it('names nothing outside the namespace', () => {
    fc.assert(
      fc.property(arbitraryDesired, arbitraryLive, fc.boolean(), (desired, live, prune) => {
        const { changes } = plan(desired, live, { prune });
        expect(changes.filter((change) => !change.externalId.startsWith(`${NAMESPACE}.`))).toEqual([]);
        const ids = changes.flatMap((change) => (change.op === 'create' ? [] : [change.recordId]));
        expect(ids.filter((id) => id >= 900)).toEqual([]);
      }),
    );
  });
});

describe('computePlan', () => {
  it('creates a server action and the one schedule over it', () => {
    const wanted = desiredAction('close', { schedule: scheduleValues('close') });
    expect(plan(desiredState(wanted), liveState()).changes).toMatchObject([
      { op: 'create', object: 'server_action', externalId: 'acme.close' },
      { op: 'create', object: 'scheduled_action', externalId: 'acme.close_schedule' },
    ]);
  });

  it('keeps the server action when a definition gains or loses its schedule', () => {
    const live = liveState({
      actions: [
        liveAction(5, { externalId: 'acme.close', values: desiredAction('close').action, usedBySchedule: true }),
      ],
      schedules: [liveSchedule(6, 5, { externalId: 'acme.close_schedule', values: scheduleValues('close') })],
    });
    const lost = plan(desiredState(desiredAction('close')), live, { prune: true }).changes;
    expect(lost).toMatchObject([{ op: 'delete', object: 'scheduled_action', recordId: 6, held: null }]);
    const gained = plan(desiredState(desiredAction('close', { schedule: scheduleValues('close') })), {
      ...live,
      schedules: [],
    });
    expect(gained.changes).toMatchObject([{ op: 'create', object: 'scheduled_action' }]);
  });

  it('holds back every delete until prune is asked for', () => {
    const live = liveState({ actions: [liveAction(5, { externalId: 'acme.old' })] });
    const kept = desiredAction('kept');
    expect(plan(desiredState(kept), live).changes).toMatchObject([
      { op: 'create', id: 'kept' },
      { op: 'delete', id: 'old', held: 'prune_not_asked' },
    ]);
    expect(plan(desiredState(kept), live, { prune: true }).changes).toMatchObject([{}, { op: 'delete', held: null }]);
  });

  it.each([
    ['git', 'new', 'old', 'old'],
    ['live', 'old', 'edited', 'old'],
    ['both', 'new', 'edited', 'old'],
  ] as const)('tells that %s moved', (moved, inGit, inOdoo, applied) => {
    const help = stamped(actionValues({ code: applied }));
    const live = liveState({
      actions: [liveAction(5, { externalId: 'acme.a', values: actionValues({ code: inOdoo }), help })],
    });
    const wanted = desiredAction('a', { action: actionValues({ code: inGit }) });
    expect(plan(desiredState(wanted), live).changes).toMatchObject([
      {
        op: 'update',
        fields: [{ field: 'code', before: inOdoo, after: inGit, moved }],
        lastEdit: { by: 'Mitchell Admin' },
      },
    ]);
  });

  it('does not guess who moved when the stamp is gone', () => {
    const live = liveState({ actions: [liveAction(5, { externalId: 'acme.a', help: '<p>my own words</p>' })] });
    const wanted = desiredAction('a', { action: actionValues({ code: 'x' }) });
    expect(plan(desiredState(wanted), live).changes).toMatchObject([{ fields: [{ moved: 'unknown' }] }]);
  });

  it('calls an external ID that another model holds an error, at the definition', () => {
    const live = liveState({ foreign: [{ externalId: 'acme.a', model: 'res.partner' }] });
    expect(plan(desiredState(desiredAction('a')), live).problems).toMatchObject([
      { severity: 'error', code: 'external_id_taken', at: { file: 'actions/a.yaml' } },
    ]);
  });

  it('names a schedule that somebody made over our action, and leaves it', () => {
    const live = liveState({
      actions: [liveAction(5, { externalId: 'acme.a', values: desiredAction('a').action })],
      schedules: [liveSchedule(6, 5)],
    });
    const made = plan(desiredState(desiredAction('a')), live, { prune: true });
    expect(made.changes).toEqual([]);
    expect(made.problems).toMatchObject([{ code: 'foreign_schedule', severity: 'warning' }]);
  });
});

describe('a schedule that is off in Odoo and on in git', () => {
  const wanted = desiredAction('a', { schedule: scheduleValues('a') });
  const off = (
    over: Parameters<typeof liveSchedule>[2],
    help: string | null = stamped(wanted.action, scheduleValues('a')),
  ) =>
    liveState({
      actions: [liveAction(5, { externalId: 'acme.a', values: wanted.action, help })],
      schedules: [
        liveSchedule(6, 5, { externalId: 'acme.a_schedule', values: scheduleValues('a', { active: false }), ...over }),
      ],
    });
  const before = {
    lastEdit: { by: 'OdooBot', at: '2026-11-01T00:00:00Z', isOwn: false },
    lastRunAt: '2026-11-22T01:00:00Z',
  };
  const after = {
    lastEdit: { by: 'Marc Demo', at: '2026-11-22T09:00:00Z', isOwn: false },
    lastRunAt: '2026-11-22T01:00:00Z',
  };

  it.each([
    ['switched_off_by_odoo', before],
    ['switched_off_by_person', after],
    ['switched_off_by_odoo', { ...after, runsLeft: 0 }],
    ['switched_off_by_person', { ...after, lastRunAt: null }],
    ['switched_off', { ...after, lastEdit: { ...after.lastEdit, isOwn: true } }],
    ['switched_off_by_odoo', { ...after, runsLeft: 0, lastEdit: { ...after.lastEdit, isOwn: true } }],
  ] as const)('is held as %s', (held, over) => {
    expect(plan(desiredState(wanted), off(over)).changes).toMatchObject([
      { op: 'update', object: 'scheduled_action', held, fields: [{ field: 'active', moved: 'live', held }] },
    ]);
  });

  it('is switched on when that is asked for, by ID or for all', () => {
    for (const reactivate of ['all', new Set(['a'])] as const)
      expect(plan(desiredState(wanted), off(before), { reactivate }).changes).toMatchObject([
        { op: 'update', held: null },
      ]);
    expect(plan(desiredState(wanted), off(before), { reactivate: new Set(['b']) }).changes).toMatchObject([
      { held: 'switched_off_by_odoo' },
    ]);
  });

  it('is switched on without a word when git is what moved', () => {
    const help = stamped(wanted.action, scheduleValues('a', { active: false }));
    expect(plan(desiredState(wanted), off(before, help)).changes).toMatchObject([{ op: 'update', held: null }]);
  });

  it('is written for its other fields all the same', () => {
    const live = off({ ...before, values: scheduleValues('a', { active: false, every: '2 days' }) });
    expect(plan(desiredState(wanted), live).changes).toMatchObject([
      {
        held: null,
        fields: [
          { field: 'active', held: 'switched_off_by_odoo' },
          { field: 'every', held: null },
        ],
      },
    ]);
  });
});

describe('a record that is not there', () => {
  const wanted = desiredAction('a', { schedule: scheduleValues('a') });

  it('was deleted in Odoo when it stood there after the last apply, and else is new', () => {
    const live = liveState({ appliedIds: appliedIds('acme.a_schedule', 'acme.old') });
    expect(plan(desiredState(wanted, desiredAction('b')), live).changes).toMatchObject([
      { op: 'create', externalId: 'acme.a', moved: 'git' },
      { op: 'create', externalId: 'acme.a_schedule', moved: 'live' },
      { op: 'create', externalId: 'acme.b', moved: 'git' },
    ]);
  });

  it('is made just the same either way', () => {
    const created = (live: LiveState) =>
      plan(desiredState(wanted), live).changes.map((change) => change.op === 'create' && change.after);
    expect(created(liveState({ appliedIds: appliedIds('acme.a', 'acme.a_schedule') }))).toEqual(created(liveState()));
  });
});

describe('adoption', () => {
  const target = liveAction(7, { externalIds: ['account.x'], values: actionValues({ name: 'Name of a' }) });
  const live = liveState({ actions: [target], references: new Map([['ir.actions.server|account.x', 7]]) });
  const wanted = desiredAction('a', { adopts: 'account.x' });

  it('leaves an equal record that is not ours alone, and says how to take it over', () => {
    const made = plan(desiredState(wanted), live);
    expect(made.changes).toEqual([]);
    expect(made.problems).toMatchObject([{ severity: 'warning', code: 'not_adopted' }]);
  });

  it('never creates a second record beside one that differs', () => {
    const other = desiredAction('a', { adopts: 'account.x', action: actionValues({ code: 'other' }) });
    const made = plan(desiredState(other), live);
    expect(made.changes).toEqual([]);
    expect(made.problems).toMatchObject([{ severity: 'error', code: 'not_adopted' }]);
  });

  it('takes over by the explicit command, by external ID or record ID, and changes nothing else', () => {
    for (const adopts of ['account.x', '#7'])
      expect(plan(desiredState(desiredAction('a', { adopts })), live, { mode: 'adopt' }).changes).toMatchObject([
        { op: 'adopt', object: 'server_action', recordId: 7 },
      ]);
  });

  it('says when the record to adopt is not there', () => {
    const made = plan(desiredState(desiredAction('a', { adopts: 'account.gone' })), live);
    expect(made.problems).toMatchObject([{ severity: 'error', code: 'adopt_target_missing' }]);
  });

  const both = desiredAction('a', { adopts: '#7', scheduleAdopts: '#8', schedule: scheduleValues('a') });
  const withSchedule = {
    ...live,
    schedules: [liveSchedule(8, 7, { values: scheduleValues('a', { action: 'account.x' }) })],
  };

  it('says once for an action and its schedule that they are not ours yet', () => {
    const said = (wanted: DesiredAction, state: LiveState) =>
      plan(desiredState(wanted), state).problems.map(({ severity, message }) => `${severity}: ${message}`);
    expect(said(both, withSchedule)).toEqual([
      'warning: "a" matches #7, which is not ours yet: run "odoo-steward adopt" to take it over.',
    ]);
    const other = { action: actionValues({ code: 'other' }), schedule: scheduleValues('a', { every: '2 days' }) };
    expect(said({ ...both, ...other }, withSchedule)).toEqual([
      'error: "a" differs from #7 (code, name, every), which is not ours yet: run "odoo-steward adopt" to take it over first.',
    ]);
    const ours = { ...withSchedule, actions: [{ ...target, externalId: 'acme.a' }] };
    expect(said({ ...both, adopts: null }, ours)).toEqual([
      'warning: "a" matches #8, which is not ours yet: run "odoo-steward adopt" to take it over.',
    ]);
    expect(said({ ...both, adopts: '#70', scheduleAdopts: null }, live)).toEqual([
      expect.stringContaining('There is no server action #70'),
    ]);
  });

  it('takes over the schedule with its action, whose name it does not know yet', () => {
    expect(plan(desiredState(both), withSchedule).changes).toEqual([]);
    expect(plan(desiredState(both), withSchedule, { mode: 'adopt' }).changes).toMatchObject([
      { op: 'adopt', object: 'server_action', recordId: 7 },
      { op: 'adopt', object: 'scheduled_action', recordId: 8 },
    ]);
  });
});

describe('in a copy of the database', () => {
  const wanted = desiredAction('a', { schedule: scheduleValues('a') });
  const copy = liveState({
    identity: { uuid: 'u-1', database: 'staging', baseUrl: 'http://odoo.test', neutralized: false },
  });

  it('creates a schedule switched off', () => {
    expect(plan(desiredState(wanted), copy).changes).toMatchObject([{}, { op: 'create', after: { active: false } }]);
  });

  it('does not switch one on, even when asked to', () => {
    const live = {
      ...copy,
      actions: [liveAction(5, { externalId: 'acme.a', values: wanted.action })],
      schedules: [
        liveSchedule(6, 5, { externalId: 'acme.a_schedule', values: scheduleValues('a', { active: false }) }),
      ],
    };
    const made = plan(desiredState(wanted), live, { reactivate: 'all' });
    expect(made.changes).toEqual([]);
    expect(made.problems).toMatchObject([{ severity: 'warning', code: 'database_copy' }]);
  });
});
