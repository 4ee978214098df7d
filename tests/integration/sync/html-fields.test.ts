import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOdoo, type TestOdoo } from '../../odoo/index.js';
import { SyncHarness, type Files } from '../../support/sync-harness.js';

/** Texts for fields that are HTML on 19 (`comment`; text on 14) and text everywhere (`ref`). */
const texts: Readonly<Record<string, string>> = {
  plain: 'Call back',
  escaped: 'Tom & Jerry: 1 < 2 > 0, "so" they say',
  lines: 'one\n\ntwo\n',
  indented: '  moved',
  mixed: 'Hello <b>you</b> & me',
  paragraph: '<p>text</p>',
  paragraphs: '<p>a</p><p>b</p>',
  bold: '<b>bold</b>',
  space: 'a\u00a0b',
};

const update = (id: string, field: string, text: string): Files => ({
  [`${id}.yaml`]: `id: ${id}\nname: ${id}\nmodel: res.partner\naction:\n  kind: update_record\n  set: { ${field}: ${JSON.stringify(text)} }\n  groups: [base.group_system]\n`,
});

const all: Files = Object.assign(
  {},
  ...Object.entries(texts).flatMap(([id, text]) => [
    update(`html_${id}`, 'comment', text),
    update(`text_${id}`, 'ref', text),
  ]),
  update('text_empty', 'ref', ''),
) as Files;

describe.each(['19', '14'] as const)('text that an action sets on Odoo %s', (version) => {
  let odoo: TestOdoo;
  let sync: SyncHarness;
  beforeAll(async () => {
    odoo = await startOdoo(version);
    sync = new SyncHarness(await odoo.createDatabase('mail'), 'auto');
  }, 600_000);
  afterAll(async () => {
    sync.close();
    await odoo.dispose();
  });

  const movesOf = async () => {
    const { plan } = await sync.plan();
    return plan.changes.map((change) => [
      change.id,
      change.op === 'update' ? change.fields.map(({ before, after, moved }) => ({ before, after, moved })) : change.op,
    ]);
  };

  it('is the same to the next plan, whether the field is HTML or not', async () => {
    const { report, after } = await sync.sync(all);
    expect(report.results.filter(({ status }) => status !== 'written')).toEqual([]);
    expect(after.plan.changes).toEqual([]);
  });

  it('is kept as it is written in a field that is no HTML', async () => {
    const { live } = await sync.plan();
    const values = new Map(live.actions.map((action) => [action.externalId, action.values['set']]));
    for (const [id, text] of Object.entries(texts))
      expect(values.get(`acme.text_${id}`)).toEqual([{ field: 'ref', to: 'value', value: text }]);
  });

  const set = (value: string) => [{ field: 'comment', to: 'value', value }];

  it('is shown as moved by git when git moved', async () => {
    sync.files = { ...all, ...update('html_plain', 'comment', 'Write') };
    const inGit = { before: set('Call back'), after: set('Write'), moved: 'git' };
    expect(await movesOf()).toEqual([['html_plain', [inGit]]]);
  });

  if (version === '19')
    it('is shown as moved by Odoo when somebody edited it there, and put back', async () => {
      sync.files = all;
      const { live } = await sync.plan();
      const id = live.actions.find(({ externalId }) => externalId === 'acme.html_plain')?.recordId ?? 0;
      await sync.client.write('ir.actions.server', [id], { html_value: '<p>By hand</p>' });
      const byHand = { before: set('By hand'), after: set('Call back'), moved: 'live' };
      expect(await movesOf()).toEqual([['html_plain', [byHand]]]);
      expect((await sync.sync(all)).after.plan.changes).toEqual([]);
    });
});

describe('text of a record that Odoo 14 creates', () => {
  it('is the same to the next plan', async () => {
    const odoo = await startOdoo('14');
    const sync = new SyncHarness(await odoo.createDatabase('mail'), 'auto');
    try {
      const { after } = await sync.sync({
        'a.yaml': `id: a\nname: a\nmodel: res.partner\naction:\n  kind: create_record\n  creates: mail.mail\n  values: { body_html: Call back, subject: Call back }\n  groups: [base.group_system]\n`,
      });
      expect([after.plan.changes, after.plan.problems]).toEqual([[], []]);
    } finally {
      sync.close();
      await odoo.dispose();
    }
  }, 600_000);
});
