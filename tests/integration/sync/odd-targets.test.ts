import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { clientFor, codeDefinition, SyncHarness, type Files } from '../../support/sync-harness.js';

const activity: Files = {
  'call.yaml': `id: call
name: Call
model: res.partner
action:
  kind: activity
  type: mail.mail_activity_data_todo
  summary: Call them
  due: { in: 3, unit: days }
  groups: [base.group_system]
`,
};

describe.each(['19', '14'] as const)('Odoo %s', (version) => {
  let odoo: TestOdoo;
  beforeAll(async () => {
    odoo = await startOdoo(version);
  }, 600_000);
  afterAll(() => odoo.dispose());

  const errorsOf = async (database: TestDatabase, files: Files): Promise<string[]> => {
    const sync = new SyncHarness(database, 'auto');
    try {
      sync.files = files;
      const { plan } = await sync.plan();
      return plan.problems.filter((problem) => problem.severity === 'error').map((problem) => problem.message);
    } finally {
      sync.close();
    }
  };

  it('names the module of a kind, a model and a group that are not there, each at its place, and writes nothing', async () => {
    const database = await odoo.createDatabase('base');
    expect(await errorsOf(database, activity)).toEqual(expect.arrayContaining([expect.stringMatching(/\bmail\b/)]));
    const invoice = codeDefinition('x', 'pass\n', '', { model: 'account.move' });
    expect(await errorsOf(database, invoice)).toEqual([expect.stringMatching(/account\.move.*\baccount\b/s)]);
    const group = { ...codeDefinition('x', 'pass\n') };
    group['x.yaml'] = (group['x.yaml'] ?? '').replace('base.group_system', 'sales_team.group_sale_manager');
    expect(await errorsOf(database, group)).toEqual([expect.stringMatching(/sales_team/)]);
    const [row] = await database.sql("SELECT count(*)::int AS count FROM ir_model_data WHERE module = 'acme'");
    expect(row?.['count']).toBe(0);
  });

  it('tells what is missing after a module was uninstalled, and leaves the rest alone', async () => {
    const database = await odoo.createDatabase('mail');
    const sync = new SyncHarness(database, 'auto');
    const both = { ...activity, ...codeDefinition('stays', 'pass\n') };
    expect((await sync.sync(both)).after.plan.changes).toEqual([]);
    const admin = clientFor(database, database.admin, 'auto', { limits: { timeoutMs: 120_000 } });
    try {
      const ids = await admin.search('ir.module.module', [['name', '=', 'mail']]);
      await admin.call('ir.module.module', 'button_immediate_uninstall', { ids, effect: 'write' });
      const { plan } = await sync.plan();
      expect(plan.problems).toEqual([
        expect.objectContaining({ severity: 'error', message: expect.stringMatching(/\bmail\b/) }),
      ]);
      expect(plan.changes.filter((change) => change.id === 'stays')).toEqual([]);
      await expect(sync.apply(await sync.plan())).rejects.toMatchObject({ code: 'plan_has_errors' });
    } finally {
      admin.close();
      sync.close();
    }
  }, 240_000);

  it('says which right a user lacks, and of which model', async () => {
    const database = await odoo.createDatabase('base');
    const sync = new SyncHarness({ ...database, sync: database.plain }, 'auto');
    sync.files = codeDefinition('x', 'pass\n');
    await expect(sync.plan()).rejects.toMatchObject({
      code: 'odoo_access',
      message: expect.stringMatching(/ir\.(model\.data|actions\.server|cron|config_parameter)/),
    });
    sync.close();
  });

  it('refuses to bring a large deletion about by mistake', async () => {
    const database = await odoo.createDatabase('base');
    const sync = new SyncHarness(database, 'auto');
    const many = Object.assign(
      {},
      ...Array.from({ length: 12 }, (_, index) => codeDefinition(`a${index}`, 'pass\n')),
    ) as Files;
    await sync.sync(many);
    sync.files = codeDefinition('a0', 'pass\n');
    await expect(sync.apply(await sync.plan({ prune: true }))).rejects.toMatchObject({
      code: 'guard',
      message: expect.stringContaining('11 of 12 owned records'),
    });
    sync.files = {};
    await expect(sync.apply(await sync.plan({ prune: true }))).rejects.toMatchObject({
      code: 'guard',
      message: expect.stringContaining('--override empty_desired_state'),
    });
    const report = await sync.apply(await sync.plan({ prune: true }), {
      override: ['empty_desired_state', 'too_many_changes'],
    });
    expect(report.outcome).toBe('applied');
    const [row] = await database.sql("SELECT count(*)::int AS count FROM ir_model_data WHERE module = 'acme'");
    expect(row?.['count']).toBe(0);
    sync.close();
  });
});
