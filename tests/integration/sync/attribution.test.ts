import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toDrift } from '../../../src/domain/plan/render-drift.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { clientFor, codeDefinition, SyncHarness, type Files } from '../../support/sync-harness.js';

const nightly = (every: string): string => `schedule:\n  every: ${every}\n  first_run: "2030-01-01T02:00:00Z"\n`;
const base: Files = {
  ...codeDefinition('tidy', "log('tidy')\n", nightly('1 day')),
  ...codeDefinition('greet', 'pass\n'),
};
const KEY = 'odoo_steward.applied.acme';

describe.each(['19', '14'] as const)('what Odoo %s remembers of an apply', (version) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let sync: SyncHarness;
  beforeAll(async () => {
    odoo = await startOdoo(version);
    database = await odoo.createDatabase('base');
    sync = new SyncHarness(database, 'auto');
  }, 600_000);
  afterAll(async () => {
    sync.close();
    await odoo.dispose();
  });

  const asAdmin = async (work: (admin: ReturnType<typeof clientFor>) => Promise<void>): Promise<void> => {
    const admin = clientFor(database, database.admin, 'auto');
    try {
      await work(admin);
    } finally {
      admin.close();
    }
  };
  const recordOf = async (name: string): Promise<number> => {
    const [row] = await database.sql("SELECT res_id FROM ir_model_data WHERE module = 'acme' AND name = $1", [name]);
    return Number(row?.['res_id']);
  };
  const moves = async (): Promise<(readonly [string, unknown])[]> =>
    (await sync.plan()).plan.changes.map((change) => [
      change.externalId,
      change.op === 'create' ? change.moved : change.op,
    ]);

  it('calls everything new at first contact, and remembers what it made with one call after the writes', async () => {
    sync.files = base;
    expect(await moves()).toEqual([
      ['acme.greet', 'git'],
      ['acme.tidy', 'git'],
      ['acme.tidy_schedule', 'git'],
    ]);
    sync.takeCalls();
    const report = await sync.apply(await sync.plan());
    expect(report).toMatchObject({ outcome: 'applied', warnings: [] });
    // The first is the binding.
    expect(sync.takeCalls().filter((call) => /^ir\.config_parameter\.(create|write)$/.test(call))).toEqual([
      'ir.config_parameter.create',
      'ir.config_parameter.create',
    ]);
    expect(await database.sql('SELECT length(value) AS length FROM ir_config_parameter WHERE key = $1', [KEY])).toEqual(
      [{ length: 'steward1 '.length + 3 * 6 }],
    );
  });

  it('asks for it in the same call as before, and writes nothing while the same records stand', async () => {
    sync.takeCalls();
    expect(await moves()).toEqual([]);
    expect(sync.takeCalls().sort()).toEqual([
      'ir.actions.server.search_read',
      'ir.config_parameter.search_read',
      'ir.cron.search_read',
      'ir.model.data.search_read',
    ]);
    sync.files = { ...base, 'greet.py': 'x = 1\n' };
    expect((await sync.apply(await sync.plan())).outcome).toBe('applied');
    const calls = sync.takeCalls();
    expect(calls.length).toBeLessThanOrEqual(6);
    expect(calls.filter((call) => call.startsWith('ir.config_parameter'))).toEqual(['ir.config_parameter.search_read']);
    sync.files = base;
    await sync.apply(await sync.plan());
  });

  it('tells what somebody deleted in Odoo from what is new, and makes both', async () => {
    await asAdmin(async (admin) => {
      await admin.unlink('ir.cron', [await recordOf('tidy_schedule')]);
      await admin.unlink('ir.actions.server', [await recordOf('greet')]);
    });
    sync.files = { ...base, ...codeDefinition('fresh', 'pass\n') };
    const made = await sync.plan();
    expect(await moves()).toEqual([
      ['acme.fresh', 'git'],
      ['acme.greet', 'live'],
      ['acme.tidy_schedule', 'live'],
    ]);
    const drift = toDrift(made.plan, made.live);
    expect(drift.gone.map((change) => change.externalId)).toEqual(['acme.greet', 'acme.tidy_schedule']);
    expect({ orphaned: drift.orphaned, pending: drift.pending }).toEqual({ orphaned: [], pending: 1 });
    sync.takeCalls();
    expect((await sync.apply(made)).outcome).toBe('applied');
    expect(sync.takeCalls().filter((call) => call.startsWith('ir.config_parameter'))).toEqual([
      'ir.config_parameter.write',
    ]);
    expect(await moves()).toEqual([]);
  });

  it('calls new what we ourselves deleted, when git has it again', async () => {
    await sync.sync(base, { prune: true });
    sync.files = { ...base, ...codeDefinition('fresh', 'pass\n') };
    expect(await moves()).toEqual([['acme.fresh', 'git']]);
  });

  it('remembers what was adopted as well', async () => {
    let id = 0;
    await asAdmin(async (admin) => {
      const [model = 0] = await admin.search('ir.model', [['model', '=', 'res.partner']]);
      const [made = 0] = await admin.create('ir.actions.server', [{ name: 'By hand', model_id: model, state: 'code' }]);
      id = made;
    });
    const adopting = codeDefinition('taken', 'pass\n', `adopts: "#${id}"\n`);
    sync.files = { ...base, ...adopting };
    expect((await sync.apply(await sync.plan({ mode: 'adopt' }))).outcome).toBe('applied');
    await asAdmin((admin) => admin.unlink('ir.actions.server', [id]));
    sync.files = { ...base, ...codeDefinition('taken', 'pass\n') };
    expect(await moves()).toEqual([['acme.taken', 'live']]);
  });

  it.each(['', 'steward9 abc', '[1, 2]'])('takes %j in its place for nothing, and mends it', async (value) => {
    await sync.sync({ ...base, ...codeDefinition('taken', 'pass\n') });
    await asAdmin(async (admin) => {
      await admin.write('ir.config_parameter', await admin.search('ir.config_parameter', [['key', '=', KEY]]), {
        value: value === '' ? ' ' : value,
      });
      await admin.unlink('ir.actions.server', [await recordOf('taken')]);
    });
    expect(await moves()).toEqual([['acme.taken', 'git']]);
    const made = await sync.plan();
    expect(await sync.apply(made)).toMatchObject({ outcome: 'applied', warnings: [] });
    expect((await sync.plan()).live.appliedIds.digests.size).toBe(4);
  });

  it('has applied all the same, with a warning, when the list changed hands meanwhile', async () => {
    sync.files = base;
    await sync.apply(await sync.plan({ prune: true }));
    await asAdmin(async (admin) => {
      await admin.unlink('ir.config_parameter', await admin.search('ir.config_parameter', [['key', '=', KEY]]));
    });
    sync.files = { ...base, ...codeDefinition('one', 'pass\n') };
    const made = await sync.plan();
    await asAdmin(async (admin) => {
      await admin.create('ir.config_parameter', [{ key: KEY, value: 'steward1 ' }]);
    });
    expect(await sync.apply(made)).toMatchObject({
      outcome: 'applied',
      warnings: [expect.stringContaining('could not be remembered')],
    });
    expect(await moves()).toEqual([]);
  });

  it('names nobody for a schedule that was switched off before our own last write', async () => {
    await sync.sync(base, { prune: true });
    const id = await recordOf('tidy_schedule');
    await asAdmin((admin) => admin.write('ir.cron', [id], { active: false }));
    const before = (await sync.plan()).plan.changes;
    expect(before).toMatchObject([{ held: 'switched_off_by_person', lastEdit: { isOwn: false } }]);
    const { report, after } = await sync.sync({
      ...base,
      ...codeDefinition('tidy', "log('tidy')\n", nightly('2 days')),
    });
    expect(report.outcome).toBe('applied');
    expect(after.plan.changes).toMatchObject([{ held: 'switched_off', lastEdit: { isOwn: true } }]);
  });
});
