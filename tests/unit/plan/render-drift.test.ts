import { describe, expect, it } from '@jest/globals';
import { countDrift, renderDriftJson, renderDriftText, toDrift } from '../../../src/domain/plan/render-drift.js';
import { plainPalette } from '../../../src/domain/plan/render-palette.js';
import {
  actionValues,
  desiredAction,
  desiredState,
  liveAction,
  liveState,
  scheduleValues,
} from '../../support/plan-states.js';
import { NOW, planOf, stamped, variedPlan } from '../../support/rendered-plans.js';

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
     definitions: a folder

     Changed in Odoo
       ~ server action acme.close_quotes (#57)
           code    1 line added, 2 lines removed  # changed on both sides, in Odoo by Mitchell Admin, 7 minutes ago
             @@ -1,3 +1,2 @@
             -for quote in records:
             +for quote in   records:
                  quote.action_cancel()
             -log('closed')
           groups  [base.group_user] → [base.group_system]  # changed in Odoo by Mitchell Admin, 7 minutes ago
       ~ scheduled action acme.close_quotes_schedule (#12)
         ! active  false → true  # switched off in Odoo by Mitchell Admin, 7 minutes ago; --reactivate close_quotes switches it on again

     In our namespace, and in no definition
       ? server action acme.old_report (#60)  # last edited by Mitchell Admin, 7 minutes ago

     Drift: 2 changed, 0 deleted, 1 in no definition, 0 left behind (1 more: new or changed in git, or gone from Odoo with all that we knew of it; see "odoo-steward plan").
     "
    `);
    expect(renderDriftJson(plan, drift)).toMatchObject({
      drift: true,
      pending: 1,
      orphaned: [],
    });
  });

  it('tells a schedule that was deleted in Odoo from one that was never made', () => {
    const action = actionValues();
    const schedule = scheduleValues('a');
    const live = (help: string) =>
      liveState({
        actions: [liveAction(1, { externalId: 'acme.a', values: action, help })],
      });
    const desired = desiredState(desiredAction('a', { action, schedule }));
    const before = live(stamped(action, schedule));
    const never = live(stamped(action));
    expect(toDrift(planOf(desired, before), before).gone.map((change) => change.externalId)).toEqual([
      'acme.a_schedule',
    ]);
    expect(toDrift(planOf(desired, never), never)).toMatchObject({
      gone: [],
      pending: 1,
    });
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
      /No drift\. Nothing of ours was changed in Odoo \(1 more: new or changed in git, or gone from Odoo with all that we knew of it; see "odoo-steward plan"\)\.\n$/,
    );
  });
});
