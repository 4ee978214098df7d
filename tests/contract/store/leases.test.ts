import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../../src/app/service/store.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { aPlan } from '../../support/store-entries.js';

describe.each(engineNames)('leases (%s)', (engine) => {
  let place: StorePlace;
  let store: Store;
  let rival: Store;
  beforeAll(async () => {
    place = await makePlace(engine);
    [store, rival] = [await place.open(), await place.open()];
  }, 300_000);
  afterAll(() => place.remove());

  it('go to one holder, who extends them under the same fence', async () => {
    const lease = await store.leases.take('one', 'ann', 60_000);
    expect(lease).toMatchObject({ name: 'one', holder: 'ann', fence: 1 });
    expect(await rival.leases.take('one', 'bob', 60_000)).toBeNull();
    expect(await rival.leases.holder('one')).toEqual(lease);
    const longer = await store.leases.take('one', 'ann', 120_000);
    expect(longer?.fence).toBe(1);
    expect(longer?.until).toBeGreaterThan(lease?.until ?? Infinity);
  });

  it('end on the clock of the database, and the old holder learns it', async () => {
    const lease = { name: 'brief', holder: 'ann', fence: 1 };
    expect(await store.leases.take('brief', 'ann', 80)).toMatchObject(lease);
    expect(await store.leases.renew(lease, 80)).toBe(true);
    await sleep(120);
    expect(await store.leases.holder('brief')).toBeNull();
    expect(await store.leases.renew(lease, 60_000)).toBe(false);
    expect(await rival.leases.take('brief', 'bob', 60_000)).toMatchObject({ holder: 'bob', fence: 2 });
    expect(await store.leases.renew(lease, 60_000)).toBe(false);
    await store.leases.release(lease);
    expect(await store.leases.holder('brief')).toMatchObject({ holder: 'bob', fence: 2 });
  });

  it('are free after their release, and have a new fence then, even for the same holder', async () => {
    await store.leases.take('freed', 'ann', 60_000);
    await store.leases.release({ name: 'freed', holder: 'ann', fence: 1 });
    expect(await store.leases.holder('freed')).toBeNull();
    expect(await store.leases.take('freed', 'ann', 60_000)).toMatchObject({ fence: 2 });
    expect(await store.leases.renew({ name: 'freed', holder: 'ann', fence: 1 }, 1000)).toBe(false);
  });

  it('are won by exactly one of those who race for them', async () => {
    for (let round = 0; round < 10; round++) {
      const race = Array.from({ length: 6 }, (_, index) =>
        (index % 2 ? store : rival).leases.take(`race-${round}`, `holder-${index}`, 60_000),
      );
      expect((await Promise.all(race)).filter((lease) => lease !== null)).toHaveLength(1);
    }
  });

  it('guard a write in the same transaction: it stands only when the lease was held', async () => {
    const lease = { name: 'guard', holder: 'ann', fence: 1 };
    const write = (id: string) =>
      store.transact(async (records) => {
        await records.plans.add(aPlan({ id }));
        if (!(await records.leases.renew(lease, 60_000))) throw new Error('lost');
      });
    await store.leases.take('guard', 'ann', 60);
    await write('held');
    await store.leases.renew(lease, 1);
    await sleep(30);
    await expect(write('late')).rejects.toThrow('lost');
    expect([await store.plans.get('held'), await store.plans.get('late')]).toMatchObject([{ id: 'held' }, null]);
  });
});
