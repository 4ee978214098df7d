import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { planJson } from '../../../src/domain/plan/render-json-schema.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { CliProcess } from '../../support/cli-process.js';
import { clientFor, codeDefinition } from '../../support/sync-harness.js';

const trigger =
  'trigger:\n  roles: [support]\n  reason: required\n  records: { domain: [["is_company", "=", true]], max: 50 }\n';
const schedule = 'schedule:\n  every: 1 day\n  first_run: "2030-01-01T02:00:00Z"\n';
const code = 'for partner in records:\n    partner.write({"comment": "tidied"})\n';

describe.each(['19', '14'] as const)('the command line on Odoo %s', (version) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let cli: CliProcess;

  const define = (over: string, extra = trigger + schedule): void => {
    const files = codeDefinition('tidy', over, extra);
    cli.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [`definitions/${path}`, text])));
  };

  beforeAll(async () => {
    odoo = await startOdoo(version);
    database = await odoo.createDatabase('base');
    cli = new CliProcess(database, database.sync);
    define(code);
  }, 600_000);
  afterAll(async () => {
    cli.remove();
    await odoo.dispose();
  });

  it('finds the definitions valid, and says where they are not', async () => {
    expect(await cli.run('validate', '--odoo-version', version)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Valid: 1 definition (1 with a schedule, 1 with a trigger)'),
    });
    define('import os\n');
    expect(await cli.run('validate')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^tidy\.py:1:1 {2}error: /),
    });
    define(code);
  });

  it('plans, refuses to apply unasked, applies, and has nothing left to do', async () => {
    const planned = await cli.run('plan', '--json', '--out', 'plan.md');
    expect(planned.code).toBe(2);
    const plan = planJson.parse(JSON.parse(planned.out));
    expect(plan.counts).toMatchObject({ create: 2, update: 0, delete: 0 });
    expect(cli.read('plan.md')).toContain('### Plan for `prod`');

    expect(await cli.run('apply')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('--yes') });

    const applied = await cli.run('apply', '--yes', '--digest', plan.digest);
    expect(applied).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Applied: 2 created, 0 updated, 0 deleted\.\n$/),
    });
    expect(await cli.run('plan')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/No changes\. Odoo matches the definitions \(2 unchanged\)\.\n$/),
    });
    expect(await cli.run('apply', '--yes', '--digest', plan.digest)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is out of date'),
    });
  });

  it('shows what somebody changed in Odoo, who and when', async () => {
    expect(await cli.run('drift')).toMatchObject({ code: 0 });
    const editor = clientFor(database, database.admin, 'auto');
    try {
      const ids = await editor.search('ir.actions.server', [['name', '=', 'tidy']]);
      await editor.write('ir.actions.server', ids, { code: 'raise UserError("\u001b[31mmine")\n' });
    } finally {
      editor.close();
    }
    const drifted = await cli.run('drift');
    expect(drifted.code).toBe(2);
    expect(drifted.out).toMatch(/changed in Odoo by .*Admin.*, (just now|\d+ seconds? ago)/);
    expect(drifted.out).toContain('+raise UserError("\\x1b[31mmine")');
    expect(JSON.parse((await cli.run('drift', '--json')).out)).toMatchObject({
      drift: true,
      changed: [{ id: 'tidy', fields: [{ field: 'code', moved: 'live' }] }],
    });
    expect((await cli.run('apply', '--yes', '--json')).code).toBe(0);
    expect((await cli.run('drift')).code).toBe(0);
  });

  it('runs an action as far as its trigger allows', async () => {
    const [company] = await database.sql('SELECT partner_id AS id FROM res_company ORDER BY id LIMIT 1');
    const id = String(company?.['id']);
    expect(await cli.run('run', 'tidy', '--ids', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('wants a reason'),
    });
    expect(await cli.run('run', 'tidy', '--ids', '999999', '--reason', 'test')).toMatchObject({
      code: 1,
      err: expect.stringContaining('may not run on res.partner 999999'),
    });
    expect(await cli.run('run', 'tidy', '--ids', id, '--reason', 'test')).toMatchObject({
      code: 0,
      out: 'succeeded: tidy on 1 record of res.partner\nIt returned nothing.\n',
    });
    const [partner] = await database.sql('SELECT comment FROM res_partner WHERE id = $1', [Number(id)]);
    expect(String(partner?.['comment'])).toContain('tidied');
    define('raise UserError("no such day")\n');
    expect((await cli.run('apply', '--yes')).code).toBe(0);
    const failed = await cli.run('run', 'tidy', '--ids', id, '--reason', 'test', '--json');
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.out)).toMatchObject({ status: 'failed', message: expect.stringContaining('no such day') });
  });

  it('lists every schedule in two calls, by name, ours marked', async () => {
    cli.environment = { STEWARD_LOG_LEVEL: 'debug' };
    const listed = await cli.run('crons', '--json');
    cli.environment = {};
    expect(listed.code).toBe(0);
    expect(listed.err.match(/debug: prod ir\.\S+\.search_read/g)?.sort()).toEqual([
      'debug: prod ir.cron.search_read',
      'debug: prod ir.model.data.search_read',
    ]);
    const { schedules } = JSON.parse(listed.out) as { schedules: { name: string; owned: boolean }[] };
    expect(schedules.filter((one) => one.owned)).toMatchObject([
      { name: 'tidy', every: '1 day', active: true, lateSeconds: 0, nextRunAt: '2030-01-01T02:00:00Z' },
    ]);
    expect(schedules.length).toBeGreaterThan(1);
    expect(schedules.filter((one) => one.name.startsWith('#'))).toEqual([]);
    expect((await cli.run('crons')).out).toMatch(/\* {2}tidy .*2030-01-01 02:00 \(in 3 years\) +on\n/);
  });

  it('checks its instances, and exports what is not ours', async () => {
    expect(await cli.run('instances', '--check')).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`Odoo ${version}\\.0 over \\w+; the database that it is bound to`)),
    });
    // Over the protocols before JSON-2 Odoo itself refuses a login that is not the key's.
    const instances = cli.read('instances.yaml');
    cli.write({ 'instances.yaml': instances.replace(/login: .*/, 'login: somebody@else') });
    expect(await cli.run('instances', '--check')).toMatchObject(
      version === '19'
        ? { code: 0, err: expect.stringContaining(`the key of sync belongs to ${database.sync.login}, not to`) }
        : { code: 1 },
    );
    cli.write({ 'instances.yaml': instances });
    const exported = await cli.run('export', '--to', 'exported', '--scheduled', '--json');
    expect(exported.code).toBe(0);
    const { files } = JSON.parse(exported.out) as { files: string[] };
    expect(files).toContain('exported/steward.yaml');
    expect((await cli.run('validate', '--source', 'exported')).code).toBe(0);
  });

  it('knows after kill -9 how far an apply got, and carries on', async () => {
    define(code, trigger + schedule.replace('1 day', '2 days'));
    const lock = await database.hold(
      "SELECT id FROM ir_cron WHERE id = (SELECT res_id FROM ir_model_data WHERE name = 'tidy_schedule') FOR UPDATE",
    );
    try {
      const child = cli.start('apply', '--yes');
      const ended = once(child, 'exit');
      for (let last = await cli.lastApply(); ; last = await cli.lastApply()) {
        if (last?.entry.status === 'running' && last.written.length === 1) break;
        if (child.exitCode !== null) throw new Error('apply ended although the schedule is locked');
        await sleep(50);
      }
      expect(await cli.run('apply', '--yes')).toMatchObject({
        code: 1,
        err: expect.stringContaining('Another apply to prod is running (process '),
      });
      child.kill('SIGKILL');
      await ended;
    } finally {
      await lock.release();
    }
    const planned = await cli.run('plan');
    expect(planned).toMatchObject({
      code: 2,
      out: expect.stringMatching(
        /^The last apply \(.*\) was interrupted after 1 of 2 changes; this plan shows what is left\.\n/,
      ),
    });
    expect((await cli.run('apply', '--yes')).code).toBe(0);
    expect((await cli.run('plan')).code).toBe(0);
  });

  it('does the same as a process: exit codes, no colour in a pipe, and no complaint when its reader goes', async () => {
    define(code, trigger);
    expect(await cli.spawn('plan', '--prune')).toMatchObject({
      code: 2,
      err: '',
      out: expect.not.stringContaining('\u001b'),
    });
    expect(await cli.spawn('apply')).toMatchObject({ code: 1, err: expect.stringContaining('Without a terminal') });
    cli.environment = { FORCE_COLOR: '1' };
    expect((await cli.spawn('instances')).out).toContain('\u001b[');
    cli.environment = {};
    const child = cli.start('crons', '--json');
    child.stdout?.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('fails in one sentence, and prints no secret whatever happens', async () => {
    cli.environment = {
      STEWARD_LOG_LEVEL: 'debug',
      STEWARD_DEBUG: '1',
      STEWARD_SECRET_HOOK: 'https://hooks.example/s3cret',
    };
    expect((await cli.run('plan')).err).toContain('debug: prod ');
    cli.environment = { ...cli.environment, PROD_KEY: `${database.sync.apiKey.slice(0, -4)}ffff` };
    expect(await cli.run('plan', '--json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('"code": "odoo_credentials"'),
    });
    cli.environment = {};
    for (const secret of [database.sync.apiKey, database.sync.apiKey.slice(0, 30), 's3cret']) {
      expect(cli.printed).not.toContain(secret);
    }
  });
});
