import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { leaseRecords, serverRecords } from '../../odoo/records.js';
import { isAnswering } from '../../odoo/server.js';
import { leaseSharedServer, releaseOwn } from '../../odoo/services.js';
import { DemoRun, processesIn } from '../../support/demo-run.js';
import { OwnCache } from '../../support/own-cache.js';

const execute = promisify(execFile);

/** The demo as a person runs it, one run after the other, in a cache folder that no other test uses. */
describe('npm run demo, on an Odoo of its own', () => {
  let cache: OwnCache;
  let state: string;
  let running: DemoRun | null = null;
  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'steward-demo-'));
    cache = await OwnCache.make();
  }, 600_000);
  afterEach(() => {
    running?.endIfRunning();
    running = null;
  });
  afterAll(async () => {
    await odoo('down', '--force');
    await cache.remove();
    rmSync(state, { recursive: true, force: true });
  }, 60_000);

  const env = (): Record<string, string> => ({ ODOO_STEWARD_CACHE: cache.folder, STEWARD_STATE: state });
  const start = (): DemoRun => (running = new DemoRun({ env: env() }));
  const odoo = async (...args: string[]): Promise<string> => {
    const { PATH = '', HOME = '' } = process.env;
    const { stdout } = await execute('npm', ['run', '-s', 'odoo', '--', ...args], { env: { PATH, HOME, ...env() } });
    return stdout;
  };
  const server = () => cache.within(() => Promise.resolve(serverRecords.list().find(({ id }) => id === '19') ?? null));
  const leases = () => cache.within(() => Promise.resolve(leaseRecords.list()));

  async function expectNothingLeft(demo: DemoRun): Promise<void> {
    expect(await demo.exited).toBe(130);
    expect(demo.output).toMatch(/Stopped Odoo 19 \(process \d+\), PostgreSQL \(process \d+\)\.\n$/);
    expect(demo.survivors(cache.folder)).toEqual([]);
    expect([await server(), await leases()]).toEqual([null, []]);
  }

  it('stops all that it started at Ctrl-C while its server starts', async () => {
    const demo = start();
    const record = join(cache.folder, 'servers', '19.json');
    await demo.until(() => existsSync(record));
    const starting = await server();
    expect(starting !== null && (await isAnswering(starting))).toBe(false);
    demo.pressCtrlC();
    await expectNothingLeft(demo);
  });

  it('stops all that it started at Ctrl-C in the middle of an apply', async () => {
    const demo = start();
    await demo.until(() => existsSync(join(cache.folder, 'demo/state/steward.db'))); // begun before the first write
    demo.pressCtrlC();
    await expectNothingLeft(demo);
  });

  it('goes through the main job after that, and leaves Odoo to be tried until "down"', async () => {
    const demo = start();
    expect([await demo.exited, demo.output]).toEqual([0, expect.stringContaining('3 overdue invoices marked')]);
    expect(demo.output).toMatch(/Done in \d+ s\.\s*$/);
    const left = await server();
    expect(left !== null && (await isAnswering(left))).toBe(true);
    const [, key = ''] = /^export KEY=(\S+)$/m.exec(demo.output) ?? [];
    const [, url = ''] = /it listens on +(\S+)/.exec(demo.output) ?? [];
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const tried = demo.output.split('\n').filter((line) => /^(export KEY|curl|DIGEST)/.test(line));
    const { stdout } = await execute('bash', ['-c', tried.join(' && echo && ')]);
    const [, instances, plan, apply] = stdout
      .split('\n')
      .map((line) => (line === '' ? null : (JSON.parse(line) as object)));
    expect(instances).toMatchObject({ items: [{ name: 'default' }] });
    expect(plan).toMatchObject({ status: 'ready' });
    expect(apply).toMatchObject({ status: 'applied', createdBy: expect.stringContaining(key.slice(4, 12)) });
  });

  it('lets an Odoo that was up before stay up at Ctrl-C', async () => {
    const demo = start();
    await demo.until(() => demo.output.includes('A real Odoo 19'));
    demo.pressCtrlC();
    expect([await demo.exited, demo.output]).toEqual([130, expect.stringContaining('was up before and stays up')]);
    const left = await server();
    expect(left !== null && (await isAnswering(left))).toBe(true);
  });

  it('is ended by "down", which leaves what another process uses until that has ended', async () => {
    await cache.within(() => leaseSharedServer('19', 'process'));
    const down = await odoo('down');
    expect(down).toMatch(/^Stopped the service of the demo \(process \d+\)/m);
    expect(down).toContain(`In use by process ${process.pid}`);
    expect(processesIn(cache.folder)).not.toEqual([]);
    expect(await cache.within(releaseOwn)).toEqual([
      expect.stringMatching(/^Odoo 19/),
      expect.stringMatching(/^PostgreSQL/),
    ]);
    expect(processesIn(cache.folder)).toEqual([]);
    expect(await odoo('down')).toBe('Nothing was stopped.\n');
  });

  it('is ended by "down" where nobody else uses it', async () => {
    await odoo('up', '19');
    expect(processesIn(cache.folder)).not.toEqual([]);
    expect(await odoo('down')).toMatch(/^Stopped Odoo 19 \(process \d+\), PostgreSQL \(process \d+\)\.$/m);
    expect(processesIn(cache.folder)).toEqual([]);
    expect(await leases()).toEqual([]);
  });
});
