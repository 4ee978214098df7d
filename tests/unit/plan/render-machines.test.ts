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
  planOf,
} from '../../support/plan-states.js';
import { everyChange, NOW, variedPlan } from '../../support/rendered-plans.js';

describe('renderJson', () => {
  it('has the documented shape, whatever the plan', () => {
    fc.assert(
      fc.property(arbitraryDesired, arbitraryLive, fc.boolean(), (desired, live, prune) => {
        const json = renderJson(planOf(desired, live, { prune }), {
          now: NOW,
        });
        expect(planJson.parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
      }),
      { numRuns: 50 },
    );
  });

  it('tells counts, digest, and whether apply would do something', () => {
    const { plan } = variedPlan();
    expect(renderJson(plan, { now: NOW })).toMatchObject({
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

  it('tells when a new schedule runs first, and that a record was deleted in Odoo', () => {
    const { plan } = everyChange();
    const creates = renderJson(plan, { now: NOW }).changes.flatMap((change) =>
      change.op === 'create' ? [change] : [],
    );
    expect(
      creates.map(({ externalId, moved, firstRun }) => ({
        externalId,
        moved,
        firstRun,
      })),
    ).toEqual([
      { externalId: 'acme.lost_action', moved: 'live', firstRun: null },
      { externalId: 'acme.new_action', moved: 'git', firstRun: null },
      {
        externalId: 'acme.new_action_schedule',
        moved: 'git',
        firstRun: {
          writtenAt: '2026-01-01T01:00:00Z',
          timezone: 'Europe/Brussels',
          at: '2026-11-21T01:00:00Z',
        },
      },
    ]);
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
    const all = JSON.stringify(renderJson(plan, { now: NOW })) + renderMarkdown(plan, { now: NOW });
    expect(all).toContain('HOOK');
    expect(all).not.toMatch(/aa11|bb22|very-secret/);
  });
});

describe('renderMarkdown', () => {
  it('is a table with the differences folded below', () => {
    expect(renderMarkdown(variedPlan().plan, { now: NOW })).toMatchInlineSnapshot(`
     "### Plan for \`test\`

     Database \`prod\`, Odoo \`19.0\`; definitions: \`a folder\` at \`f00df00df0\`

     **Plan: 1 to create, 2 to update, 0 to delete, 1 held back. 0 unchanged.**

     | | definition | change |
     | --- | --- | --- |
     | \`~\` | \`close_quotes\` | update server action: code, groups, name |
     | \`~\` | \`close_quotes\` | update scheduled action: every; held back: active |
     | \`+\` | \`mark_overdue\` | create server action |
     | \`!\` | \`old_report\` | delete server action: held back |

     <details><summary><code>close_quotes</code> Close old quotes</summary>

     \`~\` server action \`acme.close_quotes\` #57

     - \`code\` changed on both sides, in Odoo by Mitchell Admin, 7 minutes ago
     - \`groups\` changed in Odoo by Mitchell Admin, 7 minutes ago
     - \`name\` changed in git

     \`\`\`diff
     --- in Odoo (last edited by Mitchell Admin, 7 minutes ago)
     +++ in git at f00df00df0
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

     - \`active\` stays \`false\`, in git \`true\`: switched off in Odoo by Mitchell Admin, 7 minutes ago; \`--reactivate close_quotes\` switches it on again
     - \`every\` changed in git

     \`\`\`diff
     --- in Odoo
     +++ in git at f00df00df0
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

     \`!\` server action \`acme.old_report\` #60 stays: no definition asks for it; \`--prune\` deletes it.

     </details>

     Digest \`fdf7a028abc4273ff5be82a0b0239f1792a3c4c49e7dd188fa1fbd18ecf182e1\`: \`odoo-steward apply test --digest fdf7a028abc4\`, with the options of this plan, applies it and no other.
     "
    `);
  });

  it('says of every kind of change what a reviewer asks', () => {
    expect(renderMarkdown(everyChange().plan, { now: NOW })).toMatchInlineSnapshot(`
     "### Plan for \`test\`

     Database \`prod\`, Odoo \`19.0\`; definitions: \`a folder\` at \`f00df00df0\`

     **Plan: 3 to create, 3 to update, 0 to delete, 3 held back. 3 unchanged.**

     - **warning** \`actions/taken.yaml:1:1\` "taken" matches \\#900, which is not ours yet: run "odoo-steward adopt" to take it over.

     | | definition | change |
     | --- | --- | --- |
     | \`~\` | \`close_quotes\` | update server action: code, groups, name |
     | \`~\` | \`close_quotes\` | update scheduled action: every; held back: active |
     | \`!\` | \`covered\` | update scheduled action; held back: active |
     | \`~\` | \`edited\` | update server action: code, sequence |
     | \`!\` | \`fails\` | update scheduled action; held back: active |
     | \`+\` | \`lost_action\` | create server action (deleted in Odoo since the last apply) |
     | \`+\` | \`new_action\` | create server action |
     | \`+\` | \`new_action\` | create scheduled action |
     | \`!\` | \`old_report\` | delete server action: held back |

     <details><summary><code>close_quotes</code> Close old quotes</summary>

     \`~\` server action \`acme.close_quotes\` #57

     - \`code\` changed in Odoo by Mitchell Admin, 7 minutes ago
     - \`groups\` changed in Odoo by Mitchell Admin, 7 minutes ago
     - \`name\` changed in git

     \`\`\`diff
     --- in Odoo (last edited by Mitchell Admin, 7 minutes ago)
     +++ in git at f00df00df0
       code:
     @@ -1,3 +1,2 @@
      for quote in records:
          quote.action_cancel()
     -log('closed')
     - groups: [base.group_user]
     + groups: [base.group_system]
     - name: "Close quotes"
     + name: "Close old quotes"
     \`\`\`

     \`~\` scheduled action \`acme.close_quotes_schedule\` #12

     - \`active\` stays \`false\`, in git \`true\`: switched off in Odoo by Mitchell Admin, 7 minutes ago; \`--reactivate close_quotes\` switches it on again
     - \`every\` changed in git

     \`\`\`diff
     --- in Odoo
     +++ in git at f00df00df0
     - every: "1 day"
     + every: "2 days"
     \`\`\`

     </details>

     <details><summary><code>covered</code> covered</summary>

     \`!\` scheduled action \`acme.covered_schedule\` #171

     - \`active\` stays \`false\`, in git \`true\`: switched off in Odoo by somebody, or by Odoo after failures; the last write there was our own, 7 minutes ago; \`--reactivate covered\` switches it on again

     </details>

     <details><summary><code>edited</code> Edited with our user</summary>

     \`~\` server action \`acme.edited\` #72

     - \`code\` changed in Odoo by somebody; the last write there was our own, 7 minutes ago
     - \`sequence\` changed in Odoo by somebody; the last write there was our own, 7 minutes ago

     \`\`\`diff
     --- in Odoo (last edited by our own user, 7 minutes ago)
     +++ in git at f00df00df0
       code:
     @@ -1,2 +1,1 @@
      pass
     -records.unlink()
     - sequence: 9
     + sequence: 5
     \`\`\`

     </details>

     <details><summary><code>fails</code> fails</summary>

     \`!\` scheduled action \`acme.fails_schedule\` #170

     - \`active\` stays \`false\`, in git \`true\`: switched off by Odoo itself (failures, or no runs left); \`--reactivate fails\` switches it on again

     </details>

     <details><summary><code>lost_action</code> Lost</summary>

     \`+\` server action \`acme.lost_action\`: deleted in Odoo since the last apply; apply makes it again

     \`\`\`diff
     + name: Lost
     + model: res.partner
     + kind: code
     + sequence: 5
     + groups: [base.group_system]
     + code:
     +     pass
     \`\`\`

     </details>

     <details><summary><code>new_action</code> New</summary>

     \`+\` server action \`acme.new_action\`

     \`\`\`diff
     + name: New
     + model: res.partner
     + kind: code
     + sequence: 5
     + groups: [base.group_system]
     + binding: { model: res.partner, views: [form, list] }
     + code:
     +     pass
     \`\`\`

     \`+\` scheduled action \`acme.new_action_schedule\`

     \`\`\`diff
     + action: acme.new_action
     + every: "1 day"
     + user: base.user_root
     + priority: 5
     + active: true
     + first_run: 2026-11-21 02:00 Europe/Brussels, in 14 hours (2026-01-01 02:00 has passed)
     \`\`\`

     </details>

     <details><summary><code>old_report</code> Old report</summary>

     \`!\` server action \`acme.old_report\` #60 stays: no definition asks for it; \`--prune\` deletes it.

     </details>

     Digest \`6a6f8cb347795691fcffd4896793c94669e9793efca886c18579bcb9e2d30d35\`: \`odoo-steward apply test --digest 6a6f8cb34779\`, with the options of this plan, applies it and no other.
     "
    `);
  });

  it('names the commit once, whether or not the source is described with it', () => {
    const { plan } = variedPlan();
    const described = {
      ...plan,
      source: 'main at f00df00 of https://git.test/defs.git',
    };
    for (const one of [plan, described]) {
      const [head = ''] = renderMarkdown(one, { now: NOW }).split('**Plan');
      expect(head.match(/f00df00/g)).toHaveLength(1);
    }
  });

  it('does not invite anybody to apply what cannot be applied', () => {
    const plan = planOf(desiredState(desiredAction('a', { adopts: '#8' }), desiredAction('b')), liveState());
    const shown = renderMarkdown(plan, { now: NOW });
    expect(shown).toContain('**The plan has an error and cannot be applied.**');
    expect(shown).not.toContain('odoo-steward apply');
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
