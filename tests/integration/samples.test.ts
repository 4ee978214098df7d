import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderSource } from '../../src/git/index.js';
import type { OdooClient } from '../../src/odoo/index.js';
import { makeInvoices, readInvoices } from '../demo/invoices.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../odoo/index.js';
import { clientFor, SyncHarness } from '../support/sync-harness.js';

/** The samples of `config/samples/definitions`, as `npm run demo` and the README use them. */
describe('the sample definitions, on a real Odoo 19 with Invoicing and its cron worker', () => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let sync: SyncHarness;
  let admin: OdooClient;
  let invoices: number[];
  beforeAll(async () => {
    odoo = await startOdoo('19', { exclusive: true, cronThreads: 1 });
    database = await odoo.createDatabase('account');
    admin = clientFor(database, database.admin, 'auto');
    sync = new SyncHarness(database, 'auto', { instance: 'test', environment: 'development', url: database.url });
    invoices = await makeInvoices(admin, new Date());
    const tree = await folderSource('config/samples/definitions').read();
    sync.files = Object.fromEntries(tree.files.map(({ path, text }) => [path, text]));
  }, 600_000);
  afterAll(async () => {
    sync.close();
    admin.close();
    await odoo.dispose();
  });

  const recordId = async (name: string): Promise<number> => {
    const [row] = await database.sql("SELECT res_id FROM ir_model_data WHERE module = 'acme' AND name = $1", [name]);
    return Number(row?.['res_id']);
  };

  const logged = async (pattern: string): Promise<string[]> => {
    const rows = await database.sql(
      "SELECT message FROM ir_logging WHERE path = 'action' AND message LIKE $1 ORDER BY id",
      [pattern],
    );
    return rows.map((row) => String(row['message']));
  };

  /** Makes a schedule due and has Odoo's own worker run it. */
  const runByWorker = async (name: string, pattern: string): Promise<string[]> => {
    const before = (await logged(pattern)).length;
    await database.sql("UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE id = $1", [
      await recordId(`${name}_schedule`),
    ]);
    for (let attempt = 0; attempt < 120; attempt += 1) {
      if (attempt % 20 === 0) await odoo.wakeCron();
      const messages = await logged(pattern);
      if (messages.length > before) return messages.slice(before);
      await sleep(500);
    }
    throw new Error(`Odoo's worker did not run ${name}`);
  };

  it('are applied, and leave an empty plan', async () => {
    const report = await sync.apply(await sync.plan());
    expect(report.results.filter((result) => result.status !== 'written')).toEqual([]);
    expect((await sync.plan()).plan).toMatchObject({ changes: [], problems: [] });
  });

  it('have first runs in the future, so that nothing runs by surprise', async () => {
    const rows = await database.sql(
      "SELECT d.name FROM ir_cron c JOIN ir_model_data d ON d.res_id = c.id AND d.model = 'ir.cron' AND d.module = 'acme' WHERE c.nextcall > now() AT TIME ZONE 'UTC'",
    );
    expect(rows).toHaveLength(4);
  });

  it('mark overdue invoices on demand, only those that were chosen', async () => {
    const [first = 0, second = 0] = invoices;
    const answer = await admin.call('ir.actions.server', 'run', {
      ids: [await recordId('mark_overdue_invoices')],
      context: { active_model: 'account.move', active_id: first, active_ids: [first] },
      effect: 'write',
    });
    expect(answer).toMatchObject({ params: { message: '1 overdue invoices marked' } });
    const rows = await readInvoices(admin, [first, second]);
    expect(rows.map((row) => row.activity_summary)).toEqual(['Overdue by 41 days', null]);
  });

  it('mark all of them at night, once each', async () => {
    expect(await runByWorker('mark_overdue_invoices', '% overdue invoices marked')).toEqual([
      '3 overdue invoices marked',
    ]);
    expect(await runByWorker('mark_overdue_invoices', '% overdue invoices marked')).toEqual([
      '3 overdue invoices marked',
    ]);
    const rows = await readInvoices(admin, invoices);
    expect(rows.map((row) => row.activity_summary)).toEqual([
      'Overdue by 41 days',
      'Overdue by 12 days',
      'Overdue by 3 days',
      null,
    ]);
    const [row] = await database.sql(
      "SELECT count(*)::int AS count FROM mail_activity WHERE summary LIKE 'Overdue by %'",
    );
    expect(row?.['count']).toBe(3);
  }, 180_000);

  it('check customer data on the fly, and tell what they found', async () => {
    const answer = await admin.call('ir.actions.server', 'run', {
      ids: [await recordId('check_customer_data')],
      effect: 'write',
    });
    expect(answer).toMatchObject({
      tag: 'display_notification',
      params: { title: '4 findings in 4 customers', message: expect.stringContaining('Azure Interior has no e-mail') },
    });
  });

  it('check customer data daily', async () => {
    const findings = await runByWorker('check_customer_data', '% has no e-mail');
    expect(findings).toContain('Azure Interior has no e-mail');
  }, 90_000);

  it('clean old log rows and keep the others', async () => {
    await database.sql(
      "INSERT INTO ir_logging (create_date, name, type, level, message, path, func, line) SELECT now() - interval '100 days', 'x', 'server', 'info', 'ancient', 'x', 'x', '1' FROM generate_series(1, 25)",
    );
    const [message] = await runByWorker('clean_logs', '% log rows older than % removed');
    expect(message).toMatch(/^25 log rows/);
    const [row] = await database.sql("SELECT count(*)::int AS count FROM ir_logging WHERE message = 'ancient'");
    expect(row?.['count']).toBe(0);
    expect((await logged('%')).length).toBeGreaterThan(0);
  }, 90_000);

  it('report what customers owed, as a file of the company', async () => {
    await runByWorker('monthly_receivables_report', 'receivables-%');
    const [file] = await admin.searchRead<{ name: string; datas: string }>('ir.attachment', {
      domain: [['name', '=like', 'receivables-%']],
      fields: ['name', 'datas'],
    });
    const lines = Buffer.from(file?.datas ?? '', 'base64')
      .toString()
      .split('\n');
    expect(lines[0]).toBe('invoice,customer,due,open amount');
    expect(lines.find((line) => line.includes('Azure Interior'))).toMatch(
      /^INV\/\d{4}\/\d+,"Azure Interior",\d{4}-\d\d-\d\d,1250\.00$/,
    );
  }, 90_000);
});
