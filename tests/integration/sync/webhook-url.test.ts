import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { SyncHarness } from '../../support/sync-harness.js';

const hook = (url: string): Record<string, string> => ({
  'hook.yaml': `id: hook\nname: Hook\nmodel: res.partner\naction:\n  kind: webhook\n  url: ${url}\n  fields: [name]\n  groups: [base.group_system]\n`,
});

describe('a webhook whose URL stands in git as text', () => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let sync: SyncHarness;
  beforeAll(async () => {
    odoo = await startOdoo('19');
    database = await odoo.createDatabase('base');
    sync = new SyncHarness(database, 'auto');
  }, 600_000);
  afterAll(async () => {
    sync.close();
    await odoo.dispose();
  });

  it('is in sync after it was applied, shows how its URL changes, and hides it once no definition names it', async () => {
    const { report, after } = await sync.sync(hook('https://hooks.example/one'));
    expect([report.outcome, after.plan.changes]).toEqual(['applied', []]);

    sync.files = hook('https://hooks.example/two');
    expect((await sync.plan()).plan.changes).toMatchObject([
      { fields: [{ field: 'url', before: 'https://hooks.example/one', after: 'https://hooks.example/two' }] },
    ]);

    sync.files = {};
    const { plan } = await sync.plan({ prune: true });
    expect(plan.changes).toMatchObject([{ op: 'delete' }]);
    expect(JSON.stringify(plan)).not.toContain('hooks.example');
  });
});
