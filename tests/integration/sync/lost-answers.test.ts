import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../odoo/index.js';
import { startFaultyProxy, type FaultyProxy } from '../../support/faulty-proxy.js';
import { codeDefinition, SyncHarness, type Files } from '../../support/sync-harness.js';
import { onEveryWire } from './on-every-wire.js';

const files: Files = {
  ...codeDefinition('one', "log('1')\n", 'schedule:\n  every: 1 day\n  first_run: "2030-01-01T02:00:00Z"\n'),
  ...codeDefinition('two', "log('2')\n"),
};

const isLoadOf = (model: string) => (body: string, path: string) =>
  (path.includes('/load') || body.includes('load')) &&
  (path.includes(model) || body.includes(model)) &&
  body.includes('acme.');

onEveryWire('an apply whose line fails to', ({ protocol, createDatabase }) => {
  let database: TestDatabase;
  let proxy: FaultyProxy;
  let sync: SyncHarness;
  beforeEach(async () => {
    database = await createDatabase();
    proxy = await startFaultyProxy(database.url);
    const behind = { ...database, url: proxy.url };
    sync = new SyncHarness(behind, protocol, undefined, { limits: { timeoutMs: 4_000, retries: 1 } });
    sync.files = files;
  });
  afterEach(async () => {
    sync.close();
    await proxy.close();
    await database.drop();
  });

  it('reports a write whose answer was cut off as unknown or reads back what it did, and the next plan converges', async () => {
    const made = await sync.plan();
    let cut = false;
    proxy.decide = (body, path) => {
      if (cut || !isLoadOf('ir.actions.server')(body, path)) return 'pass';
      cut = true;
      return 'cut_after';
    };
    const report = await sync.apply(made);
    expect(cut).toBe(true);
    const actions = report.results.filter((result) => result.change.object === 'server_action');
    expect(actions.map((result) => result.status)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(unknown|written)$/)]),
    );
    expect(actions.filter((result) => result.status === 'failed')).toEqual([]);
    const [{ count } = { count: null }] = await database.sql(
      "SELECT count(*)::int AS count FROM ir_act_server WHERE code LIKE 'log(%'",
    );
    expect(count).toBe(2);

    const next = await sync.plan();
    expect(next.plan.changes.filter((change) => change.object === 'server_action')).toEqual([]);
    await sync.apply(next);
    expect((await sync.plan()).plan.changes).toEqual([]);
    const [again] = await database.sql("SELECT count(*)::int AS count FROM ir_act_server WHERE code LIKE 'log(%'");
    expect(again?.['count']).toBe(2);
  });

  it('never sends a write again whose answer did not come in time', async () => {
    const made = await sync.plan();
    let sent = 0;
    proxy.decide = (body, path) => {
      if (!isLoadOf('ir.actions.server')(body, path)) return 'pass';
      sent += 1;
      return 'hang_after';
    };
    await sync.apply(made);
    expect(sent).toBe(1);
    proxy.decide = () => 'pass';
    await sync.apply(await sync.plan());
    expect((await sync.plan()).plan.changes).toEqual([]);
  });

  it('says that nothing was changed when a proxy answers in Odoo’s place before the first write', async () => {
    proxy.decide = () => 'bad_gateway';
    await expect(sync.plan()).rejects.toMatchObject({ code: 'odoo_unreachable', outcome: 'not_done' });
  });

  it('reports every change when a proxy answers in the middle, and finishes later', async () => {
    const made = await sync.plan();
    proxy.decide = (body, path) => (isLoadOf('ir.cron')(body, path) ? 'bad_gateway' : 'pass');
    const report = await sync.apply(made);
    expect(report.outcome).toBe('partly');
    expect(report.results).toHaveLength(3);
    expect(report.results.find((result) => result.change.object === 'scheduled_action')).toMatchObject({
      status: expect.stringMatching(/^(unknown|failed)$/),
      message: expect.stringMatching(/\S/),
    });
    proxy.decide = () => 'pass';
    expect((await sync.sync(files)).after.plan.changes).toEqual([]);
  });
});
