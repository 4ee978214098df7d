import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query, renderName } from '../../odoo/psql.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { codeDefinition, SyncHarness, type Files } from '../../support/sync-harness.js';

const scheduled = (every: string): Files =>
  codeDefinition('nightly', "log('x')\n", `schedule:\n  every: ${every}\n  first_run: "2030-01-01T02:00:00Z"\n`);

describe.each(['19', '14'] as const)('a copy of a production database, on Odoo %s', (version) => {
  let odoo: TestOdoo;
  let original: TestDatabase;
  let copy: TestDatabase;
  beforeAll(async () => {
    odoo = await startOdoo(version, { exclusive: true });
    original = await odoo.createDatabase('base');
    const sync = new SyncHarness(original, 'auto');
    expect((await sync.sync(scheduled('1 day'))).report.outcome).toBe('applied');
    sync.close();
    await odoo.stop();
    const name = `${original.name}_copy`;
    await query('postgres', `CREATE DATABASE ${renderName(name)} TEMPLATE ${renderName(original.name)} OWNER odoo`);
    await odoo.start();
    copy = { ...original, name, sql: (statement, parameters) => query(name, statement, parameters) };
  }, 600_000);
  // Over JSON-RPC: the exclusive server's database filter knows the original alone, and JSON-RPC does not look at it.
  afterAll(async () => {
    await odoo.stop();
    await query('postgres', `DROP DATABASE IF EXISTS ${renderName(copy.name)}`);
    await odoo.dispose();
  });

  it('is known by its name, although it has the same UUID, and gets no schedule switched on', async () => {
    const sync = new SyncHarness(copy, 'jsonrpc');
    try {
      await copy.sql('UPDATE ir_cron SET active = false');
      sync.files = scheduled('1 day');
      const { plan } = await sync.plan({ reactivate: 'all' });
      expect(plan.changes).toEqual([]);
      expect(plan.problems).toMatchObject([
        { code: 'database_copy', message: expect.stringContaining(`"${copy.name}"`) },
      ]);
      const { after } = await sync.sync({
        ...scheduled('2 days'),
        ...codeDefinition('other', 'x = 1\n', 'schedule:\n  every: 1 day\n'),
      });
      expect(after.plan.changes).toEqual([]);
      const rows = await copy.sql('SELECT active FROM ir_cron WHERE active');
      expect(rows).toEqual([]);
    } finally {
      sync.close();
    }
  });

  it('is an ordinary database again once somebody binds it', async () => {
    const sync = new SyncHarness(copy, 'jsonrpc');
    try {
      sync.files = scheduled('2 days');
      const { identity } = (await sync.plan()).live;
      await sync.writer.bind({
        uuid: identity.uuid,
        database: identity.database,
        baseUrl: identity.baseUrl,
        boundAt: '2026-01-01T00:00:00Z',
      });
      const { plan } = await sync.plan({ reactivate: 'all' });
      expect(plan.problems.filter((problem) => problem.code === 'database_copy')).toEqual([]);
      expect(plan.changes).toContainEqual(
        expect.objectContaining({ op: 'update', externalId: 'acme.nightly_schedule', held: null }),
      );
    } finally {
      sync.close();
    }
  });

  it('is a copy as well when it was neutralized, whatever its name', async () => {
    const sync = new SyncHarness(original, 'auto');
    try {
      await original.sql("INSERT INTO ir_config_parameter (key, value) VALUES ('database.is_neutralized', 'True')");
      await original.sql('UPDATE ir_cron SET active = false');
      sync.files = scheduled('1 day');
      const { plan } = await sync.plan({ reactivate: 'all' });
      expect(plan.problems).toMatchObject([{ code: 'database_copy', message: expect.stringContaining('neutralized') }]);
      expect(plan.changes).toEqual([]);
    } finally {
      sync.close();
    }
  });
});
