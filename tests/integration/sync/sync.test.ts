import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../odoo/index.js';
import { clientFor, codeDefinition, SyncHarness, type Files } from '../../support/sync-harness.js';
import { onEveryWire } from './on-every-wire.js';

const nightly = 'schedule:\n  every: 1 day\n  first_run: "2030-01-01T02:00:00Z"\n';

onEveryWire('a sync with', ({ version, protocol, createDatabase }) => {
  let database: TestDatabase;
  let sync: SyncHarness;
  beforeAll(async () => {
    database = await createDatabase();
    sync = new SyncHarness(database, protocol);
  });
  afterAll(() => sync.close());

  const base: Files = {
    ...codeDefinition('tidy', "log('tidy')\n", nightly),
    ...codeDefinition('greet', '# ünïcode, <tags> & \'quotes\'\nname = "x"\n\n\n'),
    ...codeDefinition('lone', 'pass\n'),
    'both.yaml':
      'id: both\nname: Both\nmodel: res.partner\naction:\n  kind: multi\n  actions: [greet, tidy]\n  groups: [base.group_system]\n  binding: { views: [list, form] }\n',
  };

  it('creates what is missing, and a plan after it is empty', async () => {
    const { report, after } = await sync.sync(base);
    expect(report.results.filter((result) => result.status !== 'written')).toEqual([]);
    expect(report.results).toHaveLength(5);
    expect({
      changes: after.plan.changes,
      errors: after.plan.problems.filter((one) => one.severity === 'error'),
    }).toEqual({
      changes: [],
      errors: [],
    });
  });

  it('reads an unchanged database in four calls', async () => {
    sync.takeCalls();
    await sync.plan();
    expect(sync.takeCalls().length).toBeLessThanOrEqual(4);
  });

  it('carries one changed definition through in six calls, reading back included', async () => {
    sync.takeCalls();
    sync.files = { ...base, 'tidy.py': "log('tidier')\n" };
    const report = await sync.apply(await sync.plan());
    expect(report.outcome).toBe('applied');
    expect(sync.takeCalls().length).toBeLessThanOrEqual(6);
    sync.files = base;
    await sync.apply(await sync.plan());
  });

  it('finds an edit made in Odoo, says who made it, and undoes it', async () => {
    const editor = clientFor(database, database.admin, 'auto');
    try {
      const [record] = await editor.searchRead<{ id: number }>('ir.actions.server', {
        domain: [['name', '=', 'greet']],
        fields: ['name'],
      });
      await editor.write('ir.actions.server', [record?.id ?? 0], { code: 'raise UserError("mine")' });
    } finally {
      editor.close();
    }
    const drifted = await sync.plan();
    expect(drifted.plan.changes).toMatchObject([
      { op: 'update', id: 'greet', fields: [{ field: 'code', moved: 'live', before: 'raise UserError("mine")' }] },
    ]);
    const [change] = drifted.plan.changes;
    expect(change?.op === 'update' && change.lastEdit?.by).toEqual(expect.stringMatching(/Admin/));
    expect((await sync.apply(drifted)).outcome).toBe('applied');
    expect((await sync.plan()).plan.changes).toEqual([]);
  });

  it('tells an edit in git from an edit on both sides', async () => {
    sync.files = { ...base, 'greet.py': 'x = 1\n' };
    expect((await sync.plan()).plan.changes).toMatchObject([{ fields: [{ field: 'code', moved: 'git' }] }]);
    await database.sql(
      "UPDATE ir_act_server SET code = 'y = 2' WHERE id IN (SELECT res_id FROM ir_model_data WHERE module = 'acme' AND name = 'greet')",
    );
    expect((await sync.plan()).plan.changes).toMatchObject([{ fields: [{ field: 'code', moved: 'both' }] }]);
    expect((await sync.sync(base)).after.plan.changes).toEqual([]);
  });

  it('keeps the server action when the definition loses its schedule and gets it back', async () => {
    const idOf = async () =>
      (await database.sql("SELECT res_id FROM ir_model_data WHERE module = 'acme' AND name = 'tidy'"))[0]?.['res_id'];
    const before = await idOf();
    const without = { ...base, ...codeDefinition('tidy', "log('tidy')\n") };
    expect((await sync.sync(without)).after.plan.changes).toMatchObject([
      { op: 'delete', object: 'scheduled_action', held: 'prune_not_asked' },
    ]);
    const { report, after } = await sync.sync(without, { prune: true });
    expect(report.outcome).toBe('applied');
    expect(after.plan.changes).toEqual([]);
    expect(await idOf()).toBe(before);
    const [action] = await database.sql('SELECT usage FROM ir_act_server WHERE id = $1', [Number(before)]);
    expect(action?.['usage']).toBe('ir_actions_server');
    expect((await sync.sync(base)).after.plan.changes).toEqual([]);
    expect(await idOf()).toBe(before);
  });

  it('makes a record anew that somebody deleted in Odoo', async () => {
    const editor = clientFor(database, database.admin, 'auto');
    try {
      const [record] = await editor.searchRead<{ id: number }>('ir.actions.server', {
        domain: [['name', '=', 'lone']],
        fields: ['name'],
      });
      await editor.unlink('ir.actions.server', [record?.id ?? 0]);
    } finally {
      editor.close();
    }
    const made = await sync.plan();
    expect(made.plan.changes).toMatchObject([{ op: 'create', id: 'lone' }]);
    expect((await sync.apply(made)).outcome).toBe('applied');
    expect((await sync.plan()).plan.changes).toEqual([]);
  });

  it('names a record back that somebody renamed in Odoo', async () => {
    await database.sql(
      version === '14'
        ? "UPDATE ir_act_server SET name = 'Renamed' WHERE name = 'greet'"
        : "UPDATE ir_act_server SET name = jsonb_build_object('en_US', 'Renamed') WHERE name->>'en_US' = 'greet'",
    );
    const made = await sync.plan();
    expect(made.plan.changes).toMatchObject([
      { op: 'update', id: 'greet', fields: [{ field: 'name', before: 'Renamed', moved: 'live' }] },
    ]);
    expect((await sync.apply(made)).outcome).toBe('applied');
  });

  it('refuses a plan that is no longer true, before it writes', async () => {
    sync.files = { ...base, 'greet.py': 'a = 1\n' };
    const shown = await sync.plan();
    sync.files = { ...base, 'greet.py': 'a = 2\n' };
    await expect(sync.apply(await sync.plan(), { digest: shown.plan.digest })).rejects.toMatchObject({
      code: 'plan_stale',
    });
    sync.files = base;
    expect((await sync.plan()).plan.changes).toEqual([]);
  });

  it('deletes only when prune is asked for, the schedule before its action', async () => {
    const { 'tidy.yaml': _yaml, 'tidy.py': _py, 'both.yaml': _both, ...left } = base;
    expect((await sync.sync(left)).report.results).toEqual([]);
    const { report, after } = await sync.sync(left, { prune: true });
    expect(report.results.map((result) => `${result.change.op} ${result.change.externalId} ${result.status}`)).toEqual([
      'delete acme.both written',
      'delete acme.tidy written',
      'delete acme.tidy_schedule written',
    ]);
    expect(after.plan.changes).toEqual([]);
  });
});
