import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplyRefused } from '../../../src/app/apply-refused.js';
import { createApplyJournal } from '../../../src/store/index.js';

const root = join(import.meta.dirname, '../../..');
const entry = { instance: 'acme', digest: 'ab'.repeat(32), total: 2 };
const written = (externalId: string) => ({ externalId, recordId: 1, status: 'written' as const, message: null });

let folder: string;
let children: ChildProcess[];
const journal = () =>
  createApplyJournal({ folder, now: Date.now, refuse: (message) => new ApplyRefused('apply_running', message) });
const files = (): string[] => readdirSync(join(folder, 'applies', 'acme')).sort();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-journal-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A second process in the middle of an apply. */
async function applyElsewhere(): Promise<ChildProcess> {
  const script = join(root, 'tests/support/apply-and-hang.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, 'acme'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe('the apply journal', () => {
  it('remembers nothing of an apply that ended', async () => {
    const record = await journal().begin(entry);
    await record.wrote([written('acme.a')]);
    await record.end('applied');
    expect(await journal().interrupted('acme')).toBeNull();
    expect(await journal().interrupted('other')).toBeNull();
  });

  it('refuses a second apply while this process works, and lets it in afterwards', async () => {
    const record = await journal().begin(entry);
    await expect(journal().begin(entry)).rejects.toMatchObject({
      name: 'ApplyRefused',
      code: 'apply_running',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(await journal().interrupted('acme')).toBeNull();
    await expect(journal().begin({ ...entry, instance: 'other' })).resolves.toBeDefined();
    await record.end('failed');
    await expect(journal().begin(entry)).resolves.toBeDefined();
  });

  it('refuses a second apply while another process works, and tells how far it got when that was killed', async () => {
    const child = await applyElsewhere();
    await expect(journal().begin(entry)).rejects.toMatchObject({ code: 'apply_running' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await journal().interrupted('acme')).toEqual({
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      digest: 'd1'.repeat(32),
      total: 3,
      written: ['acme.a', 'acme.c'],
    });
    const record = await journal().begin(entry);
    await record.end('applied');
    expect(await journal().interrupted('acme')).toBeNull();
  });

  it('takes a later process with the same number for another one', async () => {
    const record = await journal().begin(entry);
    await record.wrote([written('acme.a')]);
    const path = join(folder, 'applies', 'acme', files()[0] ?? '');
    const text = readFileSync(path, 'utf8').replace(/"startedAt":"[^"]*"/, '"startedAt":"1"');
    writeFileSync(path, text);
    expect(await journal().interrupted('acme')).toMatchObject({ written: ['acme.a'] });
  });

  it('lets exactly one of many in', async () => {
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => journal().begin(entry)));
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(files()).toHaveLength(1);
  });

  it('passes over a line that a crash cut short', async () => {
    const child = await applyElsewhere();
    child.kill('SIGKILL');
    await once(child, 'exit');
    appendFileSync(join(folder, 'applies', 'acme', files()[0] ?? ''), '{"event":"end","at":"2026');
    expect(await journal().interrupted('acme')).toMatchObject({ total: 3 });
  });

  it('is for the eyes of its user alone, and keeps the last fifty applies', async () => {
    for (let i = 0; i < 55; i++) await (await journal().begin(entry)).end('applied');
    expect(files()).toHaveLength(50);
    expect(files().at(-1)).toBe('00000055.ndjson');
    expect(statSync(join(folder, 'applies', 'acme', files()[0] ?? '')).mode & 0o777).toBe(0o600);
  });
});
