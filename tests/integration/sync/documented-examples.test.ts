import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createActionRunner } from '../../../src/odoo/gateway/index.js';
import { startOdoo, type TestOdoo } from '../../odoo/index.js';
import { exampleFiles } from '../../support/documented-examples.js';
import { SyncHarness } from '../../support/sync-harness.js';

describe.each(['19', '14'] as const)('docs/definitions.md on Odoo %s', (version) => {
  let odoo: TestOdoo;
  beforeAll(async () => {
    odoo = await startOdoo(version);
  }, 600_000);
  afterAll(() => odoo.dispose());

  it('the multi works as it is shown: it runs its actions, in their order', async () => {
    const sync = new SyncHarness(await odoo.createDatabase('base'), 'auto');
    try {
      const note = "record.write({'ref': 'open', 'comment': 'noted'})\n";
      const { report, after } = await sync.sync({
        ...exampleFiles('evening_round', 'note_the_round', 'close_the_round'),
        'code.py': note,
      });
      expect([report.outcome, after.plan.problems, after.plan.changes]).toEqual(['applied', [], []]);

      const [partner = 0] = await sync.client.create('res.partner', [{ name: 'Ada' }]);
      const round = after.live.actions.find((action) => action.externalId === 'acme.evening_round');
      const outcome = await createActionRunner(sync.client).run({
        actionId: round?.recordId ?? 0,
        model: 'res.partner',
        recordIds: [partner],
      });
      expect([outcome.status, outcome.message]).toEqual(['succeeded', null]);
      expect(await sync.client.read('res.partner', [partner], ['ref', 'comment'])).toMatchObject([
        { ref: 'closed', comment: expect.stringContaining('noted') },
      ]);
    } finally {
      sync.close();
    }
  });
});
