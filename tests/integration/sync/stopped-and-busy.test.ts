import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLiveWriter } from '../../../src/odoo/gateway/index.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { codeDefinition, SyncHarness, type Files } from '../../support/sync-harness.js';

const nightly = 'schedule:\n  every: 1 day\n  first_run: "2030-01-01T02:00:00Z"\n';
const files: Files = { ...codeDefinition('one', "log('1')\n", nightly), ...codeDefinition('two', "log('2')\n") };

describe.each(['19', '14'] as const)('Odoo %s, stopped', (version) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let sync: SyncHarness;
  beforeAll(async () => {
    odoo = await startOdoo(version, { exclusive: true });
    database = await odoo.createDatabase('base');
    sync = new SyncHarness(database, 'auto', undefined, {
      limits: { retries: 1, timeoutMs: 10_000, circuitFailures: 100 },
    });
  }, 600_000);
  afterAll(async () => {
    sync.close();
    await odoo.dispose();
  });

  it('before an apply: nothing was done, and the sentence names the instance', async () => {
    sync.files = files;
    const made = await sync.plan();
    await odoo.stop();
    const report = await sync.apply(made).catch((error: unknown) => error);
    expect(report).toMatchObject({
      code: 'odoo_unreachable',
      outcome: 'not_done',
      message: expect.stringMatching(/^test: /),
    });
    await odoo.start();
    expect((await sync.plan()).plan.changes).toHaveLength(3);
  });

  it('in the middle of one: what was written stands and is told, the rest is told as not done, and the next plan goes on', async () => {
    sync.files = files;
    const made = await sync.plan();
    const { writer } = sync;
    sync.writer = {
      ...writer,
      writeSchedules: async (writes) => {
        await odoo.stop('killed');
        return writer.writeSchedules(writes);
      },
    };
    const report = await sync.apply(made);
    sync.writer = writer;
    expect(report.outcome).toBe('partly');
    const statuses = report.results.map((result) => [result.change.externalId, result.status]);
    expect(statuses).toContainEqual(['acme.one_schedule', 'failed']);
    expect(report.results.every((result) => result.status === 'written' || (result.message ?? '') !== '')).toBe(true);
    await odoo.start();
    expect((await sync.plan()).plan.changes).toMatchObject([{ op: 'create', externalId: 'acme.one_schedule' }]);
    expect((await sync.sync(files)).after.plan.changes).toEqual([]);
  });

  it('after the writes: it could not be read back, which is said, and the next plan is empty', async () => {
    sync.files = { ...files, 'two.py': "log('2b')\n" };
    const made = await sync.plan();
    const { reader } = sync;
    sync.reader = {
      ...reader,
      reread: async (actions, schedules) => {
        await odoo.stop('killed');
        return reader.reread(actions, schedules);
      },
    };
    const report = await sync.apply(made);
    sync.reader = reader;
    expect(report.results).toMatchObject([
      { status: 'unverified', message: expect.stringContaining('could not be read back') },
    ]);
    await odoo.start();
    expect((await sync.plan()).plan.changes).toEqual([]);
  });
});

describe.each(['19', '14'] as const)('a schedule that Odoo %s is running right now', (version) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let sync: SyncHarness;
  const slow = (every: string, code = "env.cr.execute('SELECT pg_sleep(12)')\n"): Files =>
    codeDefinition('slow', code, `schedule:\n  every: ${every}\n`);
  beforeAll(async () => {
    odoo = await startOdoo(version, { exclusive: true, cronThreads: 1 });
    database = await odoo.createDatabase('base');
    sync = new SyncHarness(database, 'auto');
    sync.writer = createLiveWriter(sync.client, { resolveSecret: () => '', busyTimeoutMs: 1_500 });
  }, 600_000);
  afterAll(async () => {
    sync.close();
    await odoo.dispose();
  });

  it('is reported as busy, not failed; its code can be changed at once; and it is written when the run has ended', async () => {
    expect((await sync.sync(slow('1 day'))).report.outcome).toBe('applied');
    // On 14 nothing wakes the worker: there the pass is made for it, and lasts as long as the run.
    const pass = odoo.wakeCron();
    await untilRunning(database);

    const newCode = await sync.sync(slow('1 day', "env.cr.execute('SELECT pg_sleep(0)')\n"));
    expect(newCode.report.outcome).toBe('applied');

    const { report } = await sync.sync(slow('2 days', "env.cr.execute('SELECT pg_sleep(0)')\n"));
    expect(report.results).toMatchObject([{ status: 'busy', message: expect.stringMatching(/right now/) }]);

    await untilIdle(database);
    await pass;
    const later = await sync.sync(slow('2 days', "env.cr.execute('SELECT pg_sleep(0)')\n"));
    expect(later.report.outcome).toBe('applied');
    expect(later.after.plan.changes).toEqual([]);
  }, 240_000);
});

async function untilRunning(database: TestDatabase): Promise<void> {
  await until(async () => (await sleepers(database)) > 0, 'the cron worker did not begin the run');
}

async function untilIdle(database: TestDatabase): Promise<void> {
  await until(async () => (await sleepers(database)) === 0, 'the run did not end');
  await sleep(500);
}

async function sleepers(database: TestDatabase): Promise<number> {
  const rows = await database.sql(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep(%' AND state = 'active'",
  );
  return rows.length;
}

async function until(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (await condition()) return;
    await sleep(150);
  }
  throw new Error(otherwise);
}
