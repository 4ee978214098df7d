/**
 * How long the demo takes the first time, in a cache folder where nothing is installed yet, and the second time; fails
 * above six minutes and above one. It downloads Odoo once more (about 300 MB), and removes everything at the end.
 *
 *   node --import tsx tests/bench/demo.ts [--json] [--cache FOLDER]
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeTree } from '../odoo/mounts.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    cache: { type: 'string', default: '/var/tmp/odoo-steward-first-time' },
  },
});
const root = join(import.meta.dirname, '..', '..');
const folder = flags.cache;
if (existsSync(folder)) {
  console.error(
    `${folder} is there already: name a folder with --cache that is not, so that nothing is installed in it.`,
  );
  process.exit(1);
}

/** Without what names an Odoo of one's own, which the demo would use in place of this one. */
const env = { ...process.env, ODOO_STEWARD_CACHE: folder, ODOO_URL: '' };

function npm(...args: string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync('npm', ['run', '-s', ...args], { cwd: root, env, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exitCode = 1;
  return Math.round((performance.now() - startedAt) / 1000);
}

const measured: { what: string; seconds: number; limit: number }[] = [];
try {
  measured.push({ what: 'first time', seconds: npm('demo'), limit: 360 });
  npm('odoo', '--', 'down');
  measured.push({ what: 'second time', seconds: npm('demo'), limit: 60 });
} finally {
  npm('odoo', '--', 'down');
  await removeTree(folder);
}
if (measured.some(({ seconds, limit }) => seconds >= limit)) process.exitCode = 1;
if (flags.json) console.log(JSON.stringify(measured, null, 2));
else for (const { what, seconds, limit } of measured) console.log(`${what}: ${seconds} s (limit ${limit} s)`);
