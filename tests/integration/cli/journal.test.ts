import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent, Store } from '../../../src/app/service/store.js';
import { createStoredJournal } from '../../../src/cli-journal.js';
import { loadSettings } from '../../../src/settings/index.js';
import { openStore } from '../../../src/store/index.js';
import { killApply, startHangingApply } from '../../support/hanging-apply.js';

const entry = { instance: 'acme', digest: 'ab'.repeat(32), total: 2, revision: 'c1' };
const written = (externalId: string) => ({ externalId, recordId: 1, status: 'written' as const, message: null });

let state: string;
let warnings: string[];
let children: ChildProcess[];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'steward-journal-'));
  warnings = [];
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(state, { recursive: true, force: true });
});

const file = (): string => join(state, 'steward.db');

/** Each as another process has it. */
const journal = () =>
  createStoredJournal(
    loadSettings({ environment: { STEWARD_STATE: state }, folder: state, needsInstance: false }),
    (message) => void warnings.push(message),
  );

async function applyElsewhere(): Promise<ChildProcess> {
  const child = await startHangingApply(state, 'acme');
  children.push(child);
  return child;
}

async function looking<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ url: null, file: file() });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const auditLog = (): Promise<readonly AuditEvent[]> =>
  looking(async (store) => (await store.audit.list({}, { limit: 50, cursor: null })).items);

describe('the journal of the command line', () => {
  it('remembers nothing of an apply that ended', async () => {
    const record = await journal().begin(entry);
    await record.wrote([written('acme.a')]);
    await record.end('applied', { outcome: 'applied' });
    expect(await journal().interrupted('acme')).toBeNull();
    expect(await journal().interrupted('other')).toBeNull();
  });

  it('makes no database to find out that nothing was ever applied', async () => {
    expect(await journal().interrupted('acme')).toBeNull();
    expect(existsSync(file())).toBe(false);
  });

  it('keeps an apply where the service keeps its own: results, report, and what the instance stands at', async () => {
    const record = await journal().begin(entry);
    await record.wrote([written('acme.a'), written('acme.b')]);
    await record.end('applied', { outcome: 'applied' });
    await looking(async (store) => {
      const { items } = await store.applies.list('acme', { limit: 10, cursor: null });
      expect(items).toMatchObject([
        {
          ...{ origin: 'cli', status: 'applied', digest: entry.digest, total: 2, revision: 'c1' },
          createdBy: expect.stringMatching(/^cli:.+/),
          report: '{"outcome":"applied"}',
        },
      ]);
      expect(await store.applies.results(items[0]?.id ?? '')).toHaveLength(2);
      expect(await store.instances.get('acme')).toMatchObject({ appliedRevision: 'c1' });
    });
    expect(await auditLog()).toMatchObject([
      { action: 'apply.end', outcome: 'succeeded', actor: expect.stringMatching(/^cli:/) },
      { action: 'apply.request', outcome: 'succeeded', instance: 'acme' },
    ]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('refuses a second apply while this process works, and lets it in afterwards', async () => {
    const record = await journal().begin(entry);
    await expect(journal().begin(entry)).rejects.toMatchObject({
      name: 'ApplyRefused',
      code: 'apply_running',
      message: expect.stringMatching(
        new RegExp(`^Another apply to acme is running \\(process ${process.pid} on .+, begun \\d+ s ago by cli:`),
      ),
    });
    expect(await journal().interrupted('acme')).toBeNull();
    const other = await journal().begin({ ...entry, instance: 'other' });
    await other.end('applied', null);
    await record.end('failed', null);
    await (await journal().begin(entry)).end('applied', null);
    expect((await auditLog()).filter(({ action }) => action === 'apply.refuse')).toMatchObject([
      { outcome: 'refused' },
    ]);
  });

  it('refuses a second apply while another process works, and tells how far it got when that was killed', async () => {
    const child = await applyElsewhere();
    await expect(journal().begin(entry)).rejects.toMatchObject({ code: 'apply_running' });
    await killApply(child);
    // At once: nobody waits for the lease of a process that is known to be gone.
    const interrupted = {
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      digest: 'd1'.repeat(32),
      total: 3,
      written: ['acme.a', 'acme.c'],
    };
    expect(await journal().interrupted('acme')).toEqual(interrupted);
    expect(await journal().interrupted('acme')).toEqual(interrupted);
    const record = await journal().begin(entry);
    await record.end('applied', null);
    expect(await journal().interrupted('acme')).toBeNull();
    expect((await auditLog()).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'apply.end succeeded',
      'apply.request succeeded',
      'apply.end unknown',
      'apply.refuse refused',
      'apply.request succeeded',
    ]);
  });

  it('still tells of an interrupted apply when one after it was refused', async () => {
    await killApply(await applyElsewhere());
    await looking(async (store) => {
      const refused = { ...entry, id: 'later', status: 'queued' as const, createdAt: Date.now(), createdBy: 'key:a' };
      const nothing = { startedAt: null, endedAt: null, total: null, reason: null, idempotencyKey: null };
      await store.applies.addOnce({
        ...refused,
        ...nothing,
        origin: 'api',
        requestHash: null,
        request: '{}',
        report: null,
      });
      await store.applies.end('later', { status: 'refused', endedAt: Date.now(), report: null });
    });
    expect(await journal().interrupted('acme')).toMatchObject({ total: 3 });
  });

  it('is refused while the service applies, by the lease that the two share', async () => {
    await (await journal().begin(entry)).end('applied', null);
    await looking(async (store) => {
      await store.leases.take('apply:acme', 'elsewhere:1:-:-:x/apply', 60_000);
      await expect(journal().begin(entry)).rejects.toMatchObject({
        code: 'apply_running',
        message: expect.stringContaining('(process 1 on elsewhere)'),
      });
    });
  });

  it('writes no more once its lease is lost', async () => {
    const own = journal();
    expect(await own.stillHeld()).toBe(true);
    const record = await own.begin(entry);
    expect(await own.stillHeld()).toBe(true);
    await looking(async (store) => {
      const lease = await store.leases.holder('apply:acme');
      if (lease !== null) await store.leases.release(lease);
      await store.leases.take('apply:acme', 'elsewhere:1:-:-:x/apply', 60_000);
    });
    expect(await own.stillHeld()).toBe(false);
    await record.end('partly', null);
  });

  it('lets exactly one of many in', async () => {
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => journal().begin(entry)));
    const winners = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(winners).toHaveLength(1);
    for (const winner of winners) await winner.end('applied', null);
  });

  it('says in one sentence that its store cannot be opened', async () => {
    writeFileSync(file(), 'this is no database, and long enough to be looked at as one: '.repeat(20));
    chmodSync(file(), 0o600);
    await expect(journal().begin(entry)).rejects.toMatchObject({ name: 'StoreError', code: 'store_corrupt' });
    await expect(journal().interrupted('acme')).rejects.toMatchObject({ name: 'StoreError' });
  });
});
