import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { Store } from '../../../src/app/service/store.js';
import { encodeCursor } from '../../../src/store/records/cursor.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { aDelivery, aKey, anApply, anEvent, aPlan, aSync } from '../../support/store-entries.js';

describe.each(engineNames)('paging (%s)', (engine) => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace(engine);
    store = await place.open();
  }, 300_000);
  afterAll(() => place.remove());

  it('shows every row exactly once, newest first, while others are added', async () => {
    const time = fc.integer({ min: 0, max: 5 });
    const round = fc.record({ limit: fc.integer({ min: 1, max: 7 }), added: fc.array(time, { maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(time, { maxLength: 25 }), fc.array(round, { minLength: 1 }), async (times, rounds) => {
        const instance = randomUUID();
        const add = async (createdAt: number) => {
          const plan = aPlan({ instance, createdAt });
          await store.plans.add(plan);
          return plan.id;
        };
        const before: string[] = [];
        for (const createdAt of times) before.push(await add(createdAt));
        const seen: { id: string; createdAt: number }[] = [];
        let cursor: string | null = null;
        for (let turn = 0; ; turn++) {
          const { limit, added } = rounds[turn % rounds.length] ?? { limit: 3, added: [] };
          const page = await store.plans.list(instance, { limit, cursor });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
          if (turn < rounds.length) for (const createdAt of added) await add(createdAt);
        }
        const ids = seen.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(before.filter((id) => !ids.includes(id))).toEqual([]);
        const order = seen.map(({ createdAt }) => createdAt);
        expect(order).toEqual([...order].sort((one, other) => other - one));
      }),
      { numRuns: 40 },
    );
  });

  it('pages through every list', async () => {
    const own = { instance: 'lists' };
    for (let index = 0; index < 5; index++) {
      await store.applies.addOnce(anApply(own));
      await store.syncs.add(aSync(own));
      await store.deliveries.addOnce(aDelivery());
      await store.keys.add(aKey());
      await store.audit.append([anEvent(own)]);
    }
    const lists: ((page: { limit: number; cursor: string | null }) => Promise<{
      readonly items: readonly { readonly id: unknown }[];
      readonly nextCursor: string | null;
    }>)[] = [
      (page) => store.applies.list('lists', page),
      (page) => store.applies.list(null, page),
      (page) => store.syncs.list('lists', page),
      (page) => store.syncs.list(null, page),
      (page) => store.deliveries.list(page),
      (page) => store.keys.list(page),
      (page) => store.audit.list({ instance: 'lists' }, page),
    ];
    for (const list of lists) {
      const one = await list({ limit: 2, cursor: null });
      const two = await list({ limit: 2, cursor: one.nextCursor });
      const three = await list({ limit: 2, cursor: two.nextCursor });
      expect([one.items.length, two.items.length, three.items.length, three.nextCursor]).toEqual([2, 2, 1, null]);
      expect(new Set([one, two, three].flatMap(({ items }) => items.map(({ id }) => id))).size).toBe(5);
    }
  });

  it('gives no more than 200 rows, and at least one', async () => {
    await store.audit.append(Array.from({ length: 201 }, () => anEvent({ instance: 'many' })));
    const pageOf = async (limit: number) =>
      (await store.audit.list({ instance: 'many' }, { limit, cursor: null })).items;
    expect(await pageOf(100_000)).toHaveLength(200);
    expect(await pageOf(0)).toHaveLength(1);
  });

  it('refuses a cursor that it did not give, and says so', async () => {
    const list = (cursor: string) => store.plans.list('acme', { limit: 5, cursor });
    const base64 = (text: string) => Buffer.from(text).toString('base64url');
    const forged = [
      ...['', 'x', '%', base64('null'), base64('{}'), base64('["plans",1]'), base64('["plans",1,2,3]')],
      ...[base64('["plans",1.5,2]'), base64('["plans","1",2]'), base64('[ "plans",1,2]'), base64('["plans",1e99,2]')],
      ...[encodeCursor('applies', [1, 2]), `${encodeCursor('plans', [1, 2])}=`],
    ];
    for (const cursor of forged)
      await expect(list(cursor)).rejects.toMatchObject({ name: 'StoreError', code: 'bad_cursor' });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (cursor) => {
        await expect(list(cursor)).rejects.toMatchObject({ code: 'bad_cursor' });
      }),
    );
    expect(await list(encodeCursor('plans', [1, 2]))).toMatchObject({ nextCursor: null });
  });
});
