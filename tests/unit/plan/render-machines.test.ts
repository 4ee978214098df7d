import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderJson } from '../../../src/domain/plan/render-json.js';
import { planJson } from '../../../src/domain/plan/render-json-schema.js';
import { renderMarkdown } from '../../../src/domain/plan/render-markdown.js';
import { plainPalette } from '../../../src/domain/plan/render-palette.js';
import { renderText } from '../../../src/domain/plan/render-text.js';
import {
  actionValues,
  arbitraryDesired,
  arbitraryLive,
  desiredAction,
  desiredState,
  liveAction,
  liveState,
} from '../../support/plan-states.js';
import { NOW, planOf, variedPlan } from '../../support/rendered-plans.js';

describe('renderJson', () => {
  it('has the documented shape, whatever the plan', () => {
    fc.assert(
      fc.property(arbitraryDesired, arbitraryLive, fc.boolean(), (desired, live, prune) => {
        const json = renderJson(planOf(desired, live, { prune }));
        expect(planJson.parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
      }),
      { numRuns: 50 },
    );
  });

  it('tells counts, digest, and whether apply would do something', () => {
    const { plan } = variedPlan();
    expect(renderJson(plan)).toMatchObject({
      format: 1,
      digest: plan.digest,
      counts: {
        create: 1,
        update: 2,
        delete: 0,
        adopt: 0,
        held: 1,
        unchanged: 0,
      },
      applicable: true,
      pending: true,
    });
  });

  it('shows neither a secret nor its digest', () => {
    const webhook = (digest: string) =>
      actionValues({
        kind: 'webhook',
        url: { secret: 'HOOK', digest },
        fields: [],
      });
    const live = liveAction(1, {
      externalId: 'acme.a',
      values: webhook('aa11'),
    });
    const old = liveAction(2, {
      externalId: 'acme.old',
      values: actionValues({ url: 'https://h.example/very-secret' }),
    });
    const plan = planOf(
      desiredState(desiredAction('a', { action: webhook('bb22') }), desiredAction('b', { action: webhook('bb22') })),
      liveState({ actions: [live, old] }),
    );
    const all = JSON.stringify(renderJson(plan)) + renderMarkdown(plan, { now: NOW });
    expect(all).toContain('HOOK');
    expect(all).not.toMatch(/aa11|bb22|very-secret/);
  });
});

describe('renderMarkdown', () => {
  it('is a table with the differences folded below', () => {
    expect(renderMarkdown(variedPlan().plan, { now: NOW })).toMatchInlineSnapshot(`
     "### Plan for \`test\`

     Database \`prod\`, Odoo \`19.0\`; definitions from \`a folder\` at \`f00df00df0\`.

     **Plan: 1 to create, 2 to update, 0 to delete, 1 held back. 0 unchanged.**

     | | definition | change |
     | --- | --- | --- |
     | \`~\` | \`close_quotes\` | update server action (code, groups, name) |
     | \`~\` | \`close_quotes\` | update scheduled action (active, every) |
     | \`+\` | \`mark_overdue\` | create server action |
     | \`!\` | \`old_report\` | held back server action |

     <details><summary><code>close_quotes</code> Close old quotes</summary>

     \`~\` server action \`acme.close_quotes\` #57

     - \`code\` changed on both sides, in Odoo by Mitchell Admin, 7 minutes ago
     - \`groups\` changed in Odoo by Mitchell Admin, 7 minutes ago
     - \`name\` changed in git

     \`\`\`diff
       code:
     @@ -1,3 +1,2 @@
     -for quote in records:
     +for quote in   records:
          quote.action_cancel()
     -log('closed')
     - groups: [base.group_user]
     + groups: [base.group_system]
     - name: "Close quotes"
     + name: "Close old quotes"
     \`\`\`

     \`~\` scheduled action \`acme.close_quotes_schedule\` #12

     - \`active\` held back: switched off in Odoo by Mitchell Admin, 7 minutes ago; --reactivate close\\_quotes switches it on again
     - \`every\` changed in git

     \`\`\`diff
     - active: false
     + active: true
     - every: "1 day"
     + every: "2 days"
     \`\`\`

     </details>

     <details><summary><code>mark_overdue</code> Mark overdue</summary>

     \`+\` server action \`acme.mark_overdue\`

     \`\`\`diff
     + name: "Mark overdue"
     + model: res.partner
     + kind: code
     + sequence: 5
     + groups: [base.group_system]
     + code:
     +     a = 1
     +     b = 2
     \`\`\`

     </details>

     <details><summary><code>old_report</code> Old report</summary>

     \`!\` server action \`acme.old_report\` #60: no definition asks for it; --prune deletes it.

     </details>

     Digest \`913f9ecfdb755154ed1de12e5418d39b8e3788638363534cc5770cbe48098bc4\`
     "
    `);
  });

  it('keeps fences, HTML, tables and mentions of others from meaning anything', () => {
    const evil = '</summary><img src=x> | @team `x` ```';
    const code = '```\n</details>\n````` \n@team\n';
    const live = liveAction(1, {
      externalId: 'acme.a',
      values: actionValues({ name: 'x', code: 'y\n' }),
    });
    const desired = desiredState(desiredAction('a', { action: actionValues({ name: evil, code }) }));
    const shown = renderMarkdown(planOf(desired, liveState({ actions: [live] })), { now: NOW });
    const fences = shown.split('\n').filter((line) => line.startsWith('``````'));
    expect(fences).toEqual(['``````diff', '``````']);
    const outside = shown.replace(/``````diff[\s\S]*?\n``````\n/g, '');
    expect(outside).not.toMatch(/<img|@team/);
    expect(outside.match(/<\/details>/g)).toHaveLength(1);
  });

  it('stays below what a code host takes, and says what is left out', () => {
    const code = 'x = "a long line of code that goes on"\n'.repeat(200);
    const actions = Array.from({ length: 60 }, (_, i) => desiredAction(`a${i}`, { action: actionValues({ code }) }));
    const shown = renderMarkdown(planOf(desiredState(...actions), liveState()), { now: NOW });
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(60_000);
    expect(shown).toMatch(/The differences of \d+ more definitions did not fit here/);
    expect(shown).toContain('| `+` | `a59` | create server action |');
  });
});

it('every renderer takes every plan', () => {
  fc.assert(
    fc.property(arbitraryDesired, arbitraryLive, fc.boolean(), (desired, live, prune) => {
      const plan = planOf(desired, live, { prune });
      expect(renderText(plan, { palette: plainPalette, now: NOW, full: false })).toMatch(
        plan.changes.length === 0 ? /No changes\./ : /Plan: \d+ to create/,
      );
      expect(renderMarkdown(plan, { now: NOW })).toContain(plan.digest);
    }),
    { numRuns: 50 },
  );
});
