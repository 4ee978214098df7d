import { describe, expect, it } from '@jest/globals';
import { plainPalette } from '../../../src/domain/plan/render-palette.js';
import { renderText } from '../../../src/domain/plan/render-text.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import {
  actionValues,
  desiredAction,
  desiredState,
  liveAction,
  liveState,
  planOf,
  scheduleValues,
  stamped,
} from '../../support/plan-states.js';
import { everyChange, NOW, variedPlan } from '../../support/rendered-plans.js';

const text = (plan: Plan, full = false): string => renderText(plan, { palette: plainPalette, now: NOW, full });

describe('renderText', () => {
  it('shows what is created, changed and held, who moved it, and counts at the end', () => {
    expect(text(variedPlan().plan)).toMatchInlineSnapshot(`
     "test (database prod, Odoo 19.0)
     definitions: a folder at f00df00df0

     close_quotes  Close old quotes  actions/close_quotes.yaml:1:1
       ~ server action acme.close_quotes (#57)
           code    1 line added, 2 lines removed  # changed on both sides, in Odoo by Mitchell Admin, 7 minutes ago
             --- in Odoo (last edited by Mitchell Admin, 7 minutes ago)
             +++ in git at f00df00df0
             @@ -1,3 +1,2 @@
             -for quote in records:
             +for quote in   records:
                  quote.action_cancel()
             -log('closed')
           groups  [base.group_user] → [base.group_system]  # changed in Odoo by Mitchell Admin, 7 minutes ago
           name    "Close quotes" → "Close old quotes"  # changed in git
       ~ scheduled action acme.close_quotes_schedule (#12)
         ! active  stays false, in git true  # switched off in Odoo by Mitchell Admin, 7 minutes ago; --reactivate close_quotes switches it on again
           every   "1 day" → "2 days"  # changed in git

     mark_overdue  Mark overdue  actions/mark_overdue.yaml:1:1
       + server action acme.mark_overdue
           name      "Mark overdue"
           model     res.partner
           kind      code
           sequence  5
           groups    [base.group_system]
           code      2 lines
             +a = 1
             +b = 2

     old_report  Old report
       ! server action acme.old_report (#60)  # no definition asks for it; --prune deletes it

     Plan: 1 to create, 2 to update, 0 to delete, 1 held back. 0 unchanged.
     "
    `);
  });

  it('tells a deleted record from a new one, when a new schedule runs first, and whose edit is not known', () => {
    expect(text(everyChange().plan)).toMatchInlineSnapshot(`
     "test (database prod, Odoo 19.0)
     definitions: a folder at f00df00df0

     close_quotes  Close old quotes  actions/close_quotes.yaml:1:1
       ~ server action acme.close_quotes (#57)
           code    1 line removed  # changed in Odoo by Mitchell Admin, 7 minutes ago
             --- in Odoo (last edited by Mitchell Admin, 7 minutes ago)
             +++ in git at f00df00df0
             @@ -1,3 +1,2 @@
              for quote in records:
                  quote.action_cancel()
             -log('closed')
           groups  [base.group_user] → [base.group_system]  # changed in Odoo by Mitchell Admin, 7 minutes ago
           name    "Close quotes" → "Close old quotes"  # changed in git
       ~ scheduled action acme.close_quotes_schedule (#12)
         ! active  stays false, in git true  # switched off in Odoo by Mitchell Admin, 7 minutes ago; --reactivate close_quotes switches it on again
           every   "1 day" → "2 days"  # changed in git

     covered  covered  actions/covered.yaml:1:1
       ! scheduled action acme.covered_schedule (#171)
         ! active  stays false, in git true  # switched off in Odoo by somebody, or by Odoo after failures; the last write there was our own, 7 minutes ago; --reactivate covered switches it on again

     edited  Edited with our user  actions/edited.yaml:1:1
       ~ server action acme.edited (#72)
           code      1 line removed  # changed in Odoo by somebody; the last write there was our own, 7 minutes ago
             --- in Odoo (last edited by our own user, 7 minutes ago)
             +++ in git at f00df00df0
             @@ -1,2 +1,1 @@
              pass
             -records.unlink()
           sequence  9 → 5  # changed in Odoo by somebody; the last write there was our own, 7 minutes ago

     fails  fails  actions/fails.yaml:1:1
       ! scheduled action acme.fails_schedule (#170)
         ! active  stays false, in git true  # switched off by Odoo itself (failures, or no runs left); --reactivate fails switches it on again

     lost_action  Lost  actions/lost_action.yaml:1:1
       + server action acme.lost_action  # deleted in Odoo since the last apply; apply makes it again
           name      Lost
           model     res.partner
           kind      code
           sequence  5
           groups    [base.group_system]
           code      1 line
             +pass

     new_action  New  actions/new_action.yaml:1:1
       + server action acme.new_action
           name      New
           model     res.partner
           kind      code
           sequence  5
           groups    [base.group_system]
           binding   { model: res.partner, views: [form, list] }
           code      1 line
             +pass
       + scheduled action acme.new_action_schedule
           action     acme.new_action
           every      "1 day"
           user       base.user_root
           priority   5
           active     true
           first_run  2026-11-21 02:00 Europe/Brussels, in 14 hours (2026-01-01 02:00 has passed)

     old_report  Old report
       ! server action acme.old_report (#60)  # no definition asks for it; --prune deletes it

     actions/taken.yaml:1:1  warning: "taken" matches #900, which is not ours yet: run "odoo-steward adopt" to take it over.

     Plan: 3 to create, 3 to update, 0 to delete, 3 held back. 3 unchanged.
     "
    `);
  });

  it.each([
    [
      'that it has passed',
      '2026-01-01 01:00:00',
      {},
      '2026-11-21 02:00 Europe/Brussels, in 14 hours (2026-01-01 02:00 has passed)',
    ],
    ['that it is to come', '2026-11-20 11:07:00', {}, '2026-11-20 12:07 Europe/Brussels, in 1 hour'],
    ['that nothing is said', null, {}, 'at once: the definition names no first_run'],
    [
      'that it is off',
      '2026-11-20 11:07:00',
      { active: false },
      '2026-11-20 12:07 Europe/Brussels, in 1 hour; switched off, so not before somebody switches it on',
    ],
  ])('says of the first run of a new schedule %s', (_, firstRunAt, over, expected) => {
    const schedule = scheduleValues('a', over);
    const wanted = desiredAction('a', {
      schedule,
      firstRunAt,
      timezone: 'Europe/Brussels',
    });
    expect(text(planOf(desiredState(wanted), liveState()))).toContain(`first_run  ${expected}\n`);
  });

  it('shows what --prune and --reactivate release', () => {
    const shown = text(variedPlan({ prune: true, reactivate: 'all' }).plan);
    expect(shown).toContain(
      '- server action acme.old_report (#60)  # no definition asks for it; last edited in Odoo by Mitchell Admin, 7 minutes ago',
    );
    expect(shown).toContain('active  false → true');
    expect(shown).not.toContain('--prune');
    expect(shown).toMatch(/Plan: 1 to create, 2 to update, 1 to delete\. 0 unchanged\.\n$/);
  });

  it('says in one line that nothing is to be done', () => {
    const action = actionValues();
    const live = liveState({
      actions: [liveAction(1, { externalId: 'acme.a', values: action })],
    });
    expect(text(planOf(desiredState(desiredAction('a', { action })), live))).toMatch(
      /No changes\. Odoo matches the definitions \(1 unchanged\)\.\n$/,
    );
  });

  it('shows an adoption, problems with their places, and that errors forbid to apply', () => {
    const desired = desiredState(desiredAction('a', { adopts: '#7' }), desiredAction('b', { adopts: '#8' }));
    const live = liveState({ actions: [liveAction(7)] });
    const shown = text(planOf(desired, live, { mode: 'adopt' }));
    expect(shown).toContain('↻ server action acme.a (#7)  # becomes ours, and is not changed');
    expect(shown).toContain('actions/b.yaml:1:1  error: There is no server action #8');
    expect(shown).toContain('The plan has an error and cannot be applied.');
    expect(shown).toMatch(/Plan: 1 to adopt, 0 to create/);
  });

  it('names the guard that tripped and the option that overrides it', () => {
    const actions = Array.from({ length: 10 }, (_, i) => liveAction(i + 1, { externalId: `acme.a${i}` }));
    expect(text(planOf(desiredState(), liveState({ actions }), { prune: true }))).toContain(
      'To apply it all the same: --override empty_desired_state',
    );
  });

  const webhook = (url: unknown) => actionValues({ kind: 'webhook', url: url as string, fields: [] });
  const changedUrl = (before: unknown, after: unknown): string => {
    const live = liveAction(1, {
      externalId: 'acme.a',
      values: webhook(before),
    });
    return text(planOf(desiredState(desiredAction('a', { action: webhook(after) })), liveState({ actions: [live] })));
  };

  it('shows a secret by its name, and that it changed', () => {
    const shown = changedUrl({ secret: 'HOOK', digest: 'aa11' }, { secret: 'HOOK', digest: 'bb22' });
    expect(shown).toContain('url  (secret HOOK) → (secret HOOK, changed)');
    expect(shown).not.toMatch(/aa11|bb22/);
  });

  it('shows no more than the host of an address that stands in Odoo', () => {
    const shown = changedUrl('https://hooks.example/services/T0/very-secret', {
      secret: 'HOOK',
      digest: 'bb22',
    });
    expect(shown).toContain('"https://hooks.example/…" → (secret HOOK)');
    expect(shown).not.toContain('very-secret');
  });

  it('sends no control character from Odoo or git to the terminal', () => {
    const evil = 'a\u001b[2J\u0007\u202e\r\u0085b';
    const live = liveAction(1, {
      externalId: 'acme.a',
      values: actionValues({ name: evil, code: `${evil}\n` }),
      lastEdit: { by: evil, at: '2026-11-20T10:00:00Z', isOwn: false },
    });
    const desired = desiredState(
      desiredAction('a', {
        action: actionValues({ name: `${evil}!`, code: `x${evil}\n` }),
      }),
    );
    const shown = text(planOf(desired, liveState({ actions: [live] })));
    // eslint-disable-next-line no-control-regex -- their absence is what is tested
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(shown).toContain('a\\x1b[2J\\x07\\u202e\\r\\x85b');
  });

  it('makes blanks at the end of a line visible', () => {
    const live = liveAction(1, {
      externalId: 'acme.a',
      values: actionValues({ code: 'x = 1\n' }),
    });
    const desired = desiredState(desiredAction('a', { action: actionValues({ code: 'x = 1  \n' }) }));
    expect(text(planOf(desired, liveState({ actions: [live] })))).toContain('+x = 1··');
  });

  it('cuts a long diff and says how to see all of it', () => {
    const code = Array.from({ length: 100 }, (_, i) => `line_${i} = ${i}\n`).join('');
    const plan = planOf(desiredState(desiredAction('a', { action: actionValues({ code }) })), liveState());
    expect(text(plan)).toContain('… 60 lines more; --full shows all');
    expect(text(plan)).not.toContain('line_99');
    expect(text(plan, true)).toContain('line_99 = 99');
  });

  it('puts long values under one another', () => {
    const before = actionValues({ name: 'a'.repeat(80) });
    const live = liveAction(1, {
      externalId: 'acme.a',
      values: before,
      help: stamped(before),
    });
    const desired = desiredState(desiredAction('a', { action: actionValues({ name: 'b'.repeat(80) }) }));
    expect(text(planOf(desired, liveState({ actions: [live] })))).toContain(
      `name  # changed in git\n        - ${'a'.repeat(80)}\n        + ${'b'.repeat(80)}\n`,
    );
  });

  it('shows lists of assignments line by line', () => {
    const update = (value: string) =>
      actionValues({
        kind: 'update_record',
        code: null,
        set: [
          { field: 'ref', to: 'value', value },
          { field: 'x', to: 'clear' },
        ],
      });
    const live = liveAction(1, { externalId: 'acme.a', values: update('old') });
    const desired = desiredState(desiredAction('a', { action: update('new') }));
    expect(text(planOf(desired, liveState({ actions: [live] })))).toContain(
      '-{ field: ref, to: value, value: old }\n        +{ field: ref, to: value, value: new }',
    );
  });
});
