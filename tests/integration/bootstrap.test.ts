import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bootstrap, type BootstrapReport } from '../../src/app/bootstrap.js';
import { createAccessAdmin } from '../../src/odoo/access/index.js';
import type { AccessAdmin } from '../../src/app/ports.js';
import { connect, type ConnectOptions, type OdooClient } from '../../src/odoo/index.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../odoo/index.js';
import { clientFor, codeDefinition, SyncHarness } from '../support/sync-harness.js';

describe.each(['19', '14'] as const)('bootstrap on Odoo %s', (version) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let admin: OdooClient;
  let access: AccessAdmin;
  let first: BootstrapReport;
  beforeAll(async () => {
    odoo = await startOdoo(version);
    database = await odoo.createDatabase('base');
    admin = clientFor(database, database.sync, 'auto');
    access = createAccessAdmin(admin, (credential, protocol) =>
      connect({ ...optionsOf(database), credential, protocol }),
    );
    first = await bootstrap({ access }, { rotate: [], credentials: [{ role: 'run', login: database.admin.login }] });
  }, 600_000);
  afterAll(async () => {
    admin.close();
    await odoo.dispose();
  });

  const signIn = (name: 'run' | 'monitor', report = first): OdooClient => {
    const role = report.roles.find((one) => one.role.name === name);
    const secret = role?.key?.key ?? '';
    return connect({
      ...optionsOf(database),
      credential: { login: role?.role.login ?? '', secret, kind: 'api_key' },
      protocol: 'auto',
    });
  };

  it('makes a group, a user and a key for each role', () => {
    expect(
      first.roles.map(({ role, group, user, key }) => [role.name, group.created, user.created, key !== null]),
    ).toEqual([
      ['run', true, true, true],
      ['monitor', true, true, true],
    ]);
  });

  it('says which credential has more rights than its role needs, and its own have none', () => {
    expect(first.excess.map(({ login }) => login)).toEqual([database.admin.login]);
    expect(first.excess[0]?.powerful).toContain('base.group_system');
  });

  it('leaves all as it is the second time, and makes a new key only where one is asked for', async () => {
    const second = await bootstrap({ access }, { rotate: ['run'], credentials: [] });
    expect(second.roles.map(({ group, user, key }) => [group.created, user.created, key !== null])).toEqual([
      [false, false, true],
      [false, false, false],
    ]);
    expect(second.roles.map(({ user }) => user.recordId)).toEqual(first.roles.map(({ user }) => user.recordId));
    const runner = signIn('run', second);
    await expect(runner.version()).resolves.toMatchObject({ uid: second.roles[0]?.user.recordId });
    runner.close();
  });

  it('lets the monitor read schedules and nothing of their code', async () => {
    const monitor = signIn('monitor');
    const schedules = await monitor.searchRead('ir.cron', {
      domain: [],
      fields: ['cron_name', 'nextcall', 'lastcall'],
    });
    expect(schedules.length).toBeGreaterThan(0);
    await expect(monitor.searchRead('ir.actions.server', { domain: [], fields: ['code'] })).rejects.toThrow(
      /ir\.actions\.server/,
    );
    await expect(monitor.write('ir.cron', [1], { priority: 1 })).rejects.toThrow(/ir\.cron/);
    monitor.close();
  });

  it('lets the runner run an action of ours that names no group of its own, and not one that is not', async () => {
    const sync = new SyncHarness(database, 'auto');
    const files = codeDefinition('ours', "action = {'ok': True}\n");
    const yaml = (files['ours.yaml'] ?? '').replace('  groups: [base.group_system]\n', '');
    const { report } = await sync.sync({ ...files, 'ours.yaml': yaml, ...codeDefinition('theirs', 'pass\n') });
    expect(report.outcome).toBe('applied');
    const idOf = (name: string) =>
      report.results.find(({ change }) => change.externalId === `acme.${name}`)?.recordId ?? 0;
    const runner = signIn('run');
    const run = (name: string) => runner.call('ir.actions.server', 'run', { ids: [idOf(name)], effect: 'write' });
    // The rotation above did not take the first key away.
    await expect(run('ours')).resolves.toEqual({ ok: true });
    await expect(run('theirs')).rejects.toThrow(/refused|rights|access/i);
    runner.close();
    sync.close();
  });
});

const optionsOf = (database: TestDatabase): Pick<ConnectOptions, 'instance' | 'url' | 'database'> => ({
  instance: 'test',
  url: database.url,
  database: database.name,
});
