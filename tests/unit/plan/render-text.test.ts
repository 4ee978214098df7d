import { describe, expect, it } from '@jest/globals';
import { plainPalette } from '../../../src/domain/plan/render-palette.js';
import { renderText } from '../../../src/domain/plan/render-text.js';
import type { Plan } from '../../../src/domain/plan/plan.js';
import { actionValues, desiredAction, desiredState, liveAction, liveState } from '../../support/plan-states.js';
import { NOW, planOf, stamped, variedPlan } from '../../support/rendered-plans.js';

const text = (plan: Plan, full = false): string => renderText(plan, { palette: plainPalette, now: NOW, full });

describe('renderText', () => {
  it('shows what is created, changed and held, who moved it, and counts at the end', () => {
    expect(text(variedPlan().plan)).toMatchInlineSnapshot(`
     "test (database prod, Odoo 19.0)
     definitions: a folder

     close_quotes  Close old quotes  actions/close_quotes.yaml:1:1
       ~ server action acme.close_quotes (#57)
           code    1 line added, 2 lines removed  # changed on both sides, in Odoo by Mitchell Admin, 7 minutes ago
             @@ -1,3 +1,2 @@
             -for quote in records:
             +for quote in   records:
                  quote.action_cancel()
             -log('closed')
           groups  [base.group_user] → [base.group_system]  # changed in Odoo by Mitchell Admin, 7 minutes ago
           name    "Close quotes" → "Close old quotes"  # changed in git
       ~ scheduled action acme.close_quotes_schedule (#12)
         ! active  false → true  # switched off in Odoo by Mitchell Admin, 7 minutes ago; --reactivate close_quotes switches it on again
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
      lastEdit: { by: evil, at: '2026-11-20T10:00:00Z' },
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
