import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withLock } from '../../odoo/lock.js';

describe('withLock', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'odoo-lock-'));
    process.env['ODOO_STEWARD_CACHE'] = folder;
  });

  afterEach(() => {
    delete process.env['ODOO_STEWARD_CACHE'];
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets one at a time do its work', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock('same', 'counting', work)));
    expect(most).toBe(1);
  });

  it('does not make different names wait for each other', async () => {
    await withLock('one', 'nesting', () => withLock('two', 'nesting', () => Promise.resolve()));
  });

  it('is free again after work that failed', async () => {
    await expect(withLock('same', 'failing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock('same', 'trying', () => Promise.resolve('done'))).toBe('done');
  });

  it('is free again when the process that held it was killed', async () => {
    const lock = join(folder, 'locks', 'same');
    mkdirSync(join(folder, 'locks'));
    const script = `require('node:child_process').spawn('flock', ['-x', '-F', ${JSON.stringify(lock)}, 'sh', '-c', 'echo held; exec cat'],
      { stdio: ['pipe', 'inherit', 'inherit'], detached: true }); setInterval(() => {}, 1000)`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    let isTaken = false;
    const waiting = withLock('same', 'waiting', () => Promise.resolve((isTaken = true)));
    await sleep(100);
    expect(isTaken).toBe(false);
    holder.kill('SIGKILL');
    expect(await waiting).toBe(true);
  });
});
