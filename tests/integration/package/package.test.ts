import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** What somebody gets who installs the package, and nothing of this checkout. */
describe('the package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odoo-steward-package-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: root,
      maxBuffer: 16e6,
    });
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string }[];
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', join(folder, packed?.filename ?? '')], {
      cwd: folder,
    });
  }, 240_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(join(root, 'dist'), { recursive: true, force: true });
  });

  const steward = (...args: string[]) =>
    run('npx', ['--no-install', 'odoo-steward', ...args], { cwd: folder, env: { ...process.env, ODOO_URL: '' } });

  it('brings the command line', async () => {
    const { stdout } = await steward('--help');
    expect(stdout).toContain('Usage: odoo-steward');
  });

  it('checks its own samples with it, Python included', async () => {
    const samples = join('node_modules', 'odoo-steward', 'config', 'samples', 'definitions');
    const { stdout } = await steward('validate', '--source', samples, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ definitions: 4 });
  });

  it('brings the schemas that editors use', async () => {
    const { stdout } = await run('ls', [join('node_modules', 'odoo-steward', 'config')], { cwd: folder });
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining(['definition.schema.json', 'steward.schema.json', 'samples']),
    );
  });
});
