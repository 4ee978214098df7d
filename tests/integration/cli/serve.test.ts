import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../../src/store/index.js';
import { CliProcess } from '../../support/cli-process.js';
import { startLineDouble, type Double } from '../../support/odoo-double/double.js';
import { killApply, startHangingApply } from '../../support/hanging-apply.js';
import { ServiceProcess } from '../../support/service-process.js';

let odoo: Double;
let cli: CliProcess;
let service: ServiceProcess | null;
beforeEach(async () => {
  // It accepts, and never answers: what asks it is under way until its time is over.
  odoo = await startLineDouble(() => undefined);
  cli = new CliProcess({ url: odoo.url, name: 'prod' }, { login: 'a', apiKey: 'k', password: null, uid: 2 });
  cli.write({
    'instances.yaml': `${cli.read('instances.yaml')}    limits: { timeout: 3s }\n    sync: { check_drift: "off" }\n`,
  });
  service = null;
});
afterEach(async () => {
  service?.signal('SIGKILL');
  await service?.end();
  await odoo.stop();
  cli.remove();
});

const firstKey = async (): Promise<string> => (await cli.run('keys', 'create')).out.trim();

describe('odoo-steward serve', () => {
  it('starts, is ready, takes a key that was made while it runs, and ends with 0', async () => {
    service = await ServiceProcess.start(cli);
    await service.says(/There is no API key yet: "odoo-steward keys create"/);
    expect((await service.get('/readyz')).status).toBe(200);
    expect((await service.get('/docs')).status).toBe(200);
    expect((await service.get('/api/v1/instances')).status).toBe(401);
    const key = await firstKey();
    expect(await service.get('/api/v1/instances', key)).toMatchObject({
      status: 200,
      body: expect.stringContaining('"prod"'),
    });
    service.signal('SIGINT');
    expect(await service.end()).toMatchObject({ code: 0, err: expect.stringContaining('Stopping: ') });
    expect(service.out + service.err).not.toContain(key.slice(13));
  });

  it('starts without any instance, and says how to add one', async () => {
    cli.write({ 'instances.yaml': 'instances: {}\n' });
    service = await ServiceProcess.start(cli);
    await service.says(/There is no instance: [^\n]+\n/);
    expect((await service.get('/readyz')).status).toBe(200);
  });

  it('lets a plan that runs come to its end at SIGTERM', async () => {
    const key = await firstKey();
    service = await ServiceProcess.start(cli);
    const asked = await service.post('/api/v1/instances/prod/plans', key, {});
    expect(asked.status).toBe(202);
    service.signal('SIGTERM');
    expect(await service.end()).toMatchObject({ code: 0 });
    const store = await openStore({ url: null, file: join(cli.folder, 'state', 'steward.db') });
    const { items } = await store.plans.list('prod', { limit: 10, cursor: null });
    await store.close();
    expect(items).toMatchObject([{ status: 'failed' }]);
  });

  it('takes signals that come together for one press of Ctrl-C, and stops at once at a second one', async () => {
    const key = await firstKey();
    service = await ServiceProcess.start(cli);
    await service.post('/api/v1/instances/prod/plans', key, {});
    service.signal('SIGINT');
    await service.says(/Stopping: /);
    service.signal('SIGINT');
    await sleep(500);
    expect(service.err).not.toContain('Stopped at once');
    service.signal('SIGINT');
    expect(await service.end()).toMatchObject({ code: 1, err: expect.stringMatching(/\nStopped at once: [^\n]+\n$/) });
  });
});

describe('a start after kill -9 in the middle of an apply', () => {
  it('says which apply it was at once, and what is known of it, by whomever it was carried out', async () => {
    const state = join(cli.folder, 'state');
    const key = await firstKey();
    await killApply(await startHangingApply(state, 'prod'));
    service = await ServiceProcess.start(cli);
    expect(service.out).toContain('an apply was interrupted: plan again to see what is left');
    const list = await service.get('/api/v1/instances/prod/applies', key);
    const { items } = JSON.parse(list.body) as { items: { id: string; status: string; origin: string }[] };
    expect(items).toMatchObject([{ status: 'interrupted', origin: 'cli' }]);
    const one = await service.get(`/api/v1/applies/${items[0]?.id}`, key);
    expect(one.body).toContain('2 of 3 changes are known to be written');
  });
});

describe('a service that cannot start', () => {
  const fails = async (words: RegExp): Promise<void> => {
    const { code, out, err } = await cli.run('serve');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
  };

  it('says that its port is taken', async () => {
    const other: Server = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    cli.environment = { STEWARD_LISTEN: `127.0.0.1:${port}` };
    await fails(new RegExp(`^Error: 127\\.0\\.0\\.1:${port} is taken: [^\\n]+STEWARD_LISTEN\\.\\n$`));
    await new Promise((resolve) => other.close(resolve));
  });

  it('says that its PostgreSQL does not answer, without the password', async () => {
    cli.environment = { DATABASE_URL: 'postgres://steward:s3cret@127.0.0.1:1/steward' };
    await fails(/^Error: PostgreSQL at 127\.0\.0\.1:1\/steward does not answer [^\n]+\n$/);
    expect(cli.printed).not.toContain('s3cret');
  });

  it('says that a newer version has written its database', async () => {
    const file = join(cli.folder, 'state', 'steward.db');
    await (await openStore({ url: null, file })).close();
    const { loadSqlite } = await import('../../../src/store/sql/sqlite-driver.js');
    const { DatabaseSync } = await loadSqlite();
    const database = new DatabaseSync(file);
    database.exec("insert into schema_migration (version, name, checksum, applied_at) values (999, 'later', 'x', 0)");
    database.close();
    await fails(/^Error: The database has schema 999 [^\n]+start the newer version[^\n]+\n$/);
  });

  it('lists every mistake of the settings', async () => {
    const wrong: Record<string, string> = {
      STEWARD_LISTEN: 'nowhere:99999',
      STEWARD_PUBLIC_URL: 'steward.example.com',
      STEWARD_TRUST_PROXY: 'yes please',
      STEWARD_METRICS: 'closed',
      STEWARD_RETENTION: '0',
      STEWARD_LOG_LEVEL: 'loud',
      STEWARD_DEBUG: 'on',
      STEWARD_ENVIRONMENT: 'Production!',
      DATABASE_URL: 'mysql://steward:s3cret@localhost/steward',
      ODOO_PROTOCOL: 'soap',
    };
    cli.environment = wrong;
    const { code, err } = await cli.run('serve');
    expect(code).toBe(1);
    for (const name of Object.keys(wrong)) expect(err).toMatch(new RegExp(`^error: ${name}`, 'm'));
    expect(err).toMatch(/\nError: The settings have \d\d mistakes: [^\n]+\n$/);
    expect(err).not.toContain('s3cret');
  });
});
