import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DemoRun } from '../../support/demo-run.js';

const waysOut =
  'run this as root on Debian 12 or 13, or, for the demo, use an Odoo that you have: set ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or put them into .env.';

describe('npm run demo, where Odoo cannot be installed and none is named', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-ways-out-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'tmp'));
    chmodSync(join(folder, 'tmp'), 0o777);
    writeFileSync(join(folder, 'os-release'), 'ID=alpine\nID_LIKE=debian-not\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The last of what it says; all before it is the heading. */
  async function sentence(through: (command: readonly string[]) => readonly string[], cache: string): Promise<string> {
    const home = join(folder, 'tmp');
    const demo = new DemoRun({ env: { ODOO_STEWARD_CACHE: cache, TMPDIR: home, HOME: home }, through });
    expect(await demo.exited).toBe(1);
    const [heading, said, ...more] = demo.output.split('\n').filter((line) => line !== '');
    expect([heading, more]).toEqual(['▌ A real Odoo 19 with the Invoicing app', []]);
    return said ?? '';
  }

  // Somebody who may read this checkout wherever it is, and has none of root's other rights.
  const asNobody = (command: readonly string[]): string[] => {
    const rights = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const reading = ['--inh-caps=-all,+dac_read_search', '--ambient-caps=-all,+dac_read_search'];
    return ['setpriv', ...rights, ...reading, '--', ...command];
  };

  it('says that it is not root, and the ways out', async () => {
    const cache = join(folder, 'nothing-installed');
    expect(await sentence(asNobody, cache)).toBe(
      `Installing and running Odoo takes root on Debian, and this is not root: ${waysOut}`,
    );
  });

  it('says so as well where root has installed it before', async () => {
    expect(await sentence(asNobody, '/var/cache/odoo-steward')).toBe(
      `Installing and running Odoo takes root on Debian, and this is not root: ${waysOut}`,
    );
  });

  it('says that the machine is not Debian, and the ways out', async () => {
    const mount = 'mount --bind "$0" /etc/os-release && exec "$@"';
    const elsewhere = (command: readonly string[]) => [
      ...['unshare', '--mount', '--propagation', 'private', 'sh', '-c', mount, join(folder, 'os-release')],
      ...command,
    ];
    expect(await sentence(elsewhere, join(folder, 'nothing-installed'))).toBe(
      `Installing Odoo takes root on Debian, and this machine is not Debian: ${waysOut}`,
    );
  });
});
