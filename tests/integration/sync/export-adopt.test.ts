import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportDefinitions } from '../../../src/app/export-definitions.js';
import { startOdoo, type TemplateName, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { SyncHarness } from '../../support/sync-harness.js';

const guard = { minOwned: 10_000, maxShare: 1 };

describe.each([
  ['19', 'account'],
  ['19', 'mail'],
  ['14', 'account'],
  ['14', 'mail'],
] as const)('all that Odoo %s brings with %s', (version, template: TemplateName) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let sync: SyncHarness;
  beforeAll(async () => {
    odoo = await startOdoo(version);
    database = await odoo.createDatabase(template);
    sync = new SyncHarness(database, 'auto');
  }, 600_000);
  afterAll(async () => {
    sync.close();
    await odoo.dispose();
  });

  it('is exported as definitions in which a plan finds nothing to change', async () => {
    const [{ actions } = { actions: 0 }] = await database.sql('SELECT count(*)::int AS actions FROM ir_act_server');
    const [{ crons } = { crons: 0 }] = await database.sql('SELECT count(*)::int AS crons FROM ir_cron');
    const exported = await exportDefinitions(sync, {}, 'acme');
    // 19.0's payment.action_start_payment_onboarding has an empty name, which no definition can have.
    const nameless = exported.problems.filter((problem) => problem.message.includes('has no name'));
    expect(exported.problems).toEqual(nameless);
    expect(nameless.length).toBe(version === '19' && template === 'account' ? 1 : 0);
    expect(exported.exported + nameless.length).toBe(actions);
    expect(exported.withSchedule).toBe(crons);
    sync.files = Object.fromEntries(exported.files.map(({ path, text }) => [path, text]));
    const { plan } = await sync.plan();
    expect(plan.changes).toEqual([]);
    expect(plan.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
    expect(plan.problems.filter((problem) => problem.code === 'not_adopted')).toHaveLength(exported.exported);
  });

  it('is taken over by adopt, which changes nothing but whose it is', async () => {
    const before = await database.sql('SELECT id, write_date FROM ir_act_server ORDER BY id');
    const made = await sync.plan({ mode: 'adopt', guard });
    expect(new Set(made.plan.changes.map((change) => change.op))).toEqual(new Set(['adopt']));
    const report = await sync.apply(made);
    expect(report.results.filter((result) => result.status !== 'written')).toEqual([]);
    expect(await database.sql('SELECT id, write_date FROM ir_act_server ORDER BY id')).toEqual(before);
    const { plan } = await sync.plan({ prune: true });
    expect({ changes: plan.changes, problems: plan.problems }).toEqual({ changes: [], problems: [] });
  });

  it('is from then on changed from git', async () => {
    const [path, text] = Object.entries(sync.files).find(([, content]) => content.includes('schedule:')) ?? ['', ''];
    const { report, after } = await sync.sync({
      ...sync.files,
      [path]: text.replace(/^name: .*$/m, 'name: Renamed in git'),
    });
    expect(report.results).toMatchObject([
      { status: 'written', change: { op: 'update', fields: [{ field: 'name' }] } },
    ]);
    expect(after.plan.changes).toEqual([]);
  });
});
