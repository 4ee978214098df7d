import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../src/store/index.js';
import { anEvent, aPlan } from '../../support/store-entries.js';

const isRoot = process.getuid?.() === 0;

describe('the SQLite file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odoo-steward-file-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  it('and its side files belong to their owner alone', async () => {
    const store = await openStore({ url: null, file: join(folder, 'deep', 'data', 'steward.db') });
    await store.audit.append([anEvent()]);
    const inside = join(folder, 'deep', 'data');
    expect(await modeOf(inside)).toBe(0o700);
    const names = await readdir(inside);
    expect(names).toContain('steward.db-wal');
    for (const name of names) expect([name, await modeOf(join(inside, name))]).toEqual([name, 0o600]);
    await store.close();
  });

  it('holds all by itself after closing, so that it may be copied alone', async () => {
    const store = await openStore({ url: null, file: join(folder, 'steward.db') });
    await store.plans.add(aPlan({ id: 'kept' }));
    await store.close();
    await copyFile(join(folder, 'steward.db'), join(folder, 'copy.db'));
    const copy = await openStore({ url: null, file: join(folder, 'copy.db') });
    expect(await copy.plans.get('kept')).not.toBeNull();
    await copy.close();
  });

  it('is closed to others when it was open to them, and that is said', async () => {
    const file = join(folder, 'steward.db');
    await writeFile(file, '');
    await chmod(file, 0o644);
    const warnings: string[] = [];
    const store = await openStore({ url: null, file, warn: (message) => warnings.push(message) });
    await store.close();
    expect(await modeOf(file)).toBe(0o600);
    expect(warnings).toEqual([expect.stringContaining('its mode is 0600 now')]);
  });

  it('that is no database is named as such, and not touched', async () => {
    const file = join(folder, 'steward.db');
    await writeFile(file, 'a letter to aunt Ida '.repeat(300), { mode: 0o600 });
    await expect(openStore({ url: null, file })).rejects.toMatchObject({
      code: 'store_corrupt',
      message: expect.stringContaining(file),
    });
    expect((await stat(file)).size).toBe(6300);
  });

  it('that cannot be opened is named, with the reason', async () => {
    await mkdir(join(folder, 'steward.db'));
    await expect(openStore({ url: null, file: join(folder, 'steward.db') })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('EISDIR'),
    });
    await writeFile(join(folder, 'plain'), '');
    await expect(openStore({ url: null, file: join(folder, 'plain', 'x.db') })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });

  // To mount a small file system of its own, it needs root.
  (isRoot ? it : it.skip)('on a full disk refuses writes, loses nothing, and goes on when there is space', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]);
    try {
      const store = await openStore({ url: null, file: join(folder, 'data', 'steward.db') });
      await writeFile(join(folder, 'ballast'), Buffer.alloc(1024 * 1024));
      const kept: string[] = [];
      const fill = async () => {
        for (;;) {
          const plan = aPlan({ body: 'x'.repeat(50_000) });
          await store.transact(async (records) => {
            await records.plans.add(plan);
            await records.audit.append([anEvent()]);
          });
          kept.push(plan.id);
        }
      };
      await expect(fill()).rejects.toMatchObject({ code: 'store_full' });
      await expect(fill()).rejects.toMatchObject({ code: 'store_full' });
      expect(kept.length).toBeGreaterThan(2);
      for (const id of kept) expect((await store.plans.get(id))?.body).toHaveLength(50_000);
      await rm(join(folder, 'ballast'));
      await store.plans.add(aPlan({ id: 'after' }));
      expect((await store.audit.list({}, { limit: 200, cursor: null })).items).toHaveLength(kept.length);
      await store.close();
      const again = await openStore({ url: null, file: join(folder, 'data', 'steward.db') });
      for (const id of [...kept, 'after']) expect(await again.plans.get(id)).not.toBeNull();
      await again.close();
    } finally {
      // Lazily: the driver lets go of the file when it collects garbage.
      execFileSync('umount', ['--lazy', folder]);
    }
  });
});
