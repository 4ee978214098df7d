import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../../src/app/service/store.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { anEvent } from '../../support/store-entries.js';
import { startWriter } from '../../support/store-process.js';

/** STORE_CRASH_ROUNDS=200 for a night. */
const rounds = Number(process.env['STORE_CRASH_ROUNDS'] ?? 5);

/** How many events and plans each transaction of a writer left, by its number. */
async function readTransactions(store: Store, instance: string): Promise<Map<number, number>> {
  const rows = new Map<number, number>();
  let cursor: string | null = null;
  do {
    const page = await store.audit.list({ instance }, { limit: 200, cursor });
    for (const { at } of page.items) rows.set(at, 0);
    cursor = page.nextCursor;
  } while (cursor !== null);
  do {
    const page = await store.plans.list(instance, { limit: 200, cursor });
    for (const { createdAt } of page.items) rows.set(createdAt, (rows.get(createdAt) ?? Number.NaN) + 1);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

describe.each(engineNames)('when processes die (%s)', (engine) => {
  let place: StorePlace;
  beforeAll(async () => {
    place = await makePlace(engine);
    await (await place.open()).close();
  }, 300_000);
  afterAll(() => place.remove());

  const checkIntegrity = async () => {
    if (engine === 'sqlite') expect(await place.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  };

  it.each([1, 40])(
    'loses nothing acknowledged and keeps no half of a transaction (%i rows each)',
    async (size) => {
      for (let round = 0; round < rounds; round++) {
        const name = `killed-${size}-${round}`;
        const writer = startWriter(place.options, String(size), name);
        await writer.heard(2);
        await sleep(Math.random() * 200);
        writer.signal('SIGKILL');
        await writer.ended;
        const acknowledged = Number(writer.lines.at(-1));
        const store = await place.open();
        const kept = await readTransactions(store, name);
        await store.close();
        // The last one may have been committed without a chance to say so.
        expect(kept.size - acknowledged).toBeGreaterThanOrEqual(0);
        expect(kept.size - acknowledged).toBeLessThanOrEqual(1);
        expect([...kept.values()].filter((count) => count !== size)).toEqual([]);
        await checkIntegrity();
      }
    },
    60_000 + rounds * 5_000,
  );

  it('lets several processes append together', async () => {
    const writers = ['first', 'second', 'third'].map((name) => startWriter(place.options, '1', name));
    await Promise.all(writers.map((writer) => writer.heard(30)));
    for (const writer of writers) writer.signal('SIGKILL');
    await Promise.all(writers.map((writer) => writer.ended));
    const store = await place.open();
    for (const [index, name] of ['first', 'second', 'third'].entries()) {
      const acknowledged = Number(writers[index]?.lines.at(-1));
      expect((await readTransactions(store, name)).size).toBeGreaterThanOrEqual(acknowledged);
    }
    await checkIntegrity();
  });

  it('refuses the write of a leader that was frozen past its lease', async () => {
    const store = await place.open();
    const leader = startWriter(place.options, 'leader', 'frozen');
    await leader.heard(3);
    leader.signal('SIGSTOP');
    await sleep(600);
    expect(await store.leases.take('leader', 'successor', 60_000)).toMatchObject({ fence: 2 });
    await store.audit.append([anEvent({ instance: 'successor' })]);
    const wrote = async () =>
      (await store.audit.list({ instance: 'frozen' }, { limit: 200, cursor: null })).items.length;
    const before = await wrote();
    leader.signal('SIGCONT');
    await leader.ended;
    expect(leader.lines.at(-1)).toBe('refused');
    expect(await wrote()).toBe(before);
    expect(await store.leases.holder('leader')).toMatchObject({ holder: 'successor' });
  });
});
