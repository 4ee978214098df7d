import { describe, expect, it } from '@jest/globals';
import { countDrift, renderDriftJson, renderDriftText, toDrift } from '../../../src/domain/plan/render-drift.js';
import { plainPalette } from '../../../src/domain/plan/render-palette.js';
import {
  actionValues,
  appliedIds,
  desiredAction,
  desiredState,
  liveAction,
  liveState,
  planOf,
  scheduleValues,
  stamped,
} from '../../support/plan-states.js';
import { NOW, variedPlan } from '../../support/rendered-plans.js';

const options = { palette: plainPalette, now: NOW, full: false };

describe('toDrift', () => {
  it('keeps what Odoo moved, and leaves out what comes from git', () => {
    const { plan, live } = variedPlan();
    const drift = toDrift(plan, live);
    expect(drift.changed.map((change) => [change.externalId, change.fields.map((field) => field.field)])).toEqual([
      ['acme.close_quotes', ['code', 'groups']],
      ['acme.close_quotes_schedule', ['active']],
    ]);
    expect(drift.unknown.map((change) => change.externalId)).toEqual(['acme.old_report']);
    expect(drift.pending).toBe(1);
    expect(renderDriftText(plan, drift, options)).toMatchInlineSnapshot(`
     "test (database prod, Odoo 19.0)
     definitions: a folder at f00df00df0

     Changed in Odoo (from git to Odoo)
       ~ server action acme.close_quotes (#57)
           code    2 lines added, 1 line removed  # changed on both sides, in Odoo by Mitchell Admin, 7 minutes ago
             --- in git at f00df00df0
             +++ in Odoo (last edited by Mitchell Admin, 7 minutes ago)
             @@ -1,2 +1,3 @@
             -for quote in   records:
             +for quote in records:
                  quote.action_cancel()
             +log('closed')
           groups  [base.group_system] → [base.group_user]  # changed in Odoo by Mitchell Admin, 7 minutes ago
       ~ scheduled action acme.close_quotes_schedule (#12)
         ! active  true → false  # switched off in Odoo by Mitchell Admin, 7 minutes ago; --reactivate close_quotes switches it on again

     In our namespace, and in no definition
       ? server action acme.old_report (#60)  # last edited by Mitchell Admin, 7 minutes ago

     Drift: 2 changed, 0 deleted, 1 in no definition, 0 left behind (1 more: new or changed in git; see "odoo-steward plan").
     "
    `);
    expect(renderDriftJson(plan, drift, options)).toMatchObject({
      drift: true,
      pending: 1,
      orphaned: [],
    });
  });

  it('tells a record that was deleted in Odoo from one that was never made', () => {
    const desired = desiredState(desiredAction('a', { schedule: scheduleValues('a') }), desiredAction('b'));
    const live = liveState({
      appliedIds: appliedIds('acme.a', 'acme.a_schedule'),
    });
    const plan = planOf(desired, live);
    const drift = toDrift(plan, live);
    expect(drift.gone.map((change) => change.externalId)).toEqual(['acme.a', 'acme.a_schedule']);
    expect({ count: countDrift(drift), pending: drift.pending }).toEqual({
      count: 2,
      pending: 1,
    });
    expect(renderDriftText(plan, drift, options)).toContain(
      'Deleted in Odoo\n  - server action acme.a  # apply makes it again\n  - scheduled action acme.a_schedule  # apply makes it again\n',
    );
    expect(renderDriftJson(plan, drift, options)).toMatchObject({
      drift: true,
      gone: [
        { externalId: 'acme.a', moved: 'live' },
        { externalId: 'acme.a_schedule', moved: 'live' },
      ],
    });
  });

  it('calls nothing deleted in a database that remembers nothing', () => {
    const action = actionValues();
    const schedule = scheduleValues('a');
    const live = liveState({
      actions: [
        liveAction(1, {
          externalId: 'acme.a',
          values: action,
          help: stamped(action, schedule),
        }),
      ],
    });
    const plan = planOf(desiredState(desiredAction('a', { action, schedule }), desiredAction('b')), live);
    const drift = toDrift(plan, live);
    expect(drift).toMatchObject({ gone: [], pending: 2 });
    expect(renderDriftText(plan, drift, options)).toContain('(2 more: new or changed in git; see "odoo-steward plan")');
  });

  it('shows what somebody added in Odoo as added, and says which side is which', () => {
    const before = actionValues({ code: 'a = 1\n' });
    const live = liveState({
      actions: [
        liveAction(1, {
          externalId: 'acme.a',
          values: { ...before, code: 'a = 1\nb = 2\n' },
          help: stamped(before),
        }),
      ],
    });
    const plan = planOf(desiredState(desiredAction('a', { action: before })), live);
    expect(renderDriftText(plan, toDrift(plan, live), options)).toContain(
      [
        'code  1 line added  # changed in Odoo by Mitchell Admin, 7 minutes ago',
        '        --- in git at f00df00df0',
        '        +++ in Odoo (last edited by Mitchell Admin, 7 minutes ago)',
        '        @@ -1,1 +1,2 @@',
        '         a = 1',
        '        +b = 2',
      ].join('\n'),
    );
  });

  it('finds actions that a deleted schedule left behind', () => {
    const action = actionValues();
    const live = liveState({
      actions: [
        liveAction(1, {
          externalId: 'acme.a',
          values: action,
          usedBySchedule: true,
        }),
      ],
    });
    const drift = toDrift(planOf(desiredState(desiredAction('a', { action })), live), live);
    expect(drift.orphaned.map((one) => one.recordId)).toEqual([1]);
    expect(countDrift(drift)).toBe(1);
  });

  it('says that there is none', () => {
    const live = liveState();
    const plan = planOf(desiredState(desiredAction('a')), live);
    expect(renderDriftText(plan, toDrift(plan, live), options)).toMatch(
      /No drift\. Nothing of ours was changed in Odoo \(1 more: new or changed in git; see "odoo-steward plan"\)\.\n$/,
    );
  });
});
