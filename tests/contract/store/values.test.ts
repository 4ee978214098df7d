import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { PlanEntry, Store } from '../../../src/app/service/store.js';
import { MAX_TEXT_BYTES } from '../../../src/store/sql/bindable.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { aPlan } from '../../support/store-entries.js';

describe.each(engineNames)('values (%s)', (engine) => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace(engine);
    store = await place.open();
  }, 300_000);
  afterAll(() => place.remove());

  const isStorable = (text: string) => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

  it('come back as they went in, or are refused: nothing in between', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.json(), wildText);
    await fc.assert(
      fc.asyncProperty(text, fc.maxSafeInteger(), async (body, createdAt) => {
        const plan = aPlan({ id: randomUUID(), body, createdAt });
        if (isStorable(body)) {
          await store.plans.add(plan);
          expect(await store.plans.get(plan.id)).toEqual(plan);
        } else {
          await expect(store.plans.add(plan)).rejects.toMatchObject({ name: 'StoreError', code: 'not_storable' });
          expect(await store.plans.get(plan.id)).toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep JSON to the byte, however deep', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    for (const body of ['{"b":1, "a":1.0, "a":2}', '"\\u0000 \\ud800"', deep, 'x'.repeat(1024 * 1024)]) {
      const plan = aPlan({ body });
      await store.plans.add(plan);
      expect((await store.plans.get(plan.id))?.body === body).toBe(true);
    }
  });

  it.each([
    ['undefined', undefined],
    ['a Date', new Date(0)],
    ['an object', { a: 1 }],
    ['a list', [1]],
    ['a boolean', true],
    ['a big integer', 1n],
    ['bytes', Buffer.from('a')],
    ['not a number', NaN],
    ['a fraction', 1.5],
    ['an integer beyond 2^53', 2 ** 53],
    ['a text with U+0000', 'secret\0'],
    ['half a surrogate pair', 'secret\ud800'],
    ['a text beyond all measure', 's'.repeat(MAX_TEXT_BYTES + 1)],
  ])('refuse %s, without repeating it', async (_name, value) => {
    const plan = { ...aPlan({ id: 'refused' }), body: value } as unknown as PlanEntry;
    const error: unknown = await store.plans.add(plan).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StoreError', code: 'not_storable' });
    expect(String(error)).not.toContain('secret');
    expect(await store.plans.get('refused')).toBeNull();
  });

  it('take a text of the greatest size', async () => {
    const plan = aPlan({ body: 'é'.repeat(MAX_TEXT_BYTES / 2) });
    await store.plans.add(plan);
    expect((await store.plans.get(plan.id))?.body === plan.body).toBe(true);
  });

  it('compare texts to the letter', async () => {
    for (const instance of ['Case', 'case', 'cäse', "o'clock; --", '$1 {NOW} ?1'])
      await store.plans.add(aPlan({ instance }));
    for (const instance of ['Case', 'case', 'cäse', "o'clock; --", '$1 {NOW} ?1'])
      expect((await store.plans.list(instance, { limit: 9, cursor: null })).items).toHaveLength(1);
  });
});

/** Any UTF-16, halves of surrogate pairs included. */
const wildText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd700, max: 0xe000 }), fc.constant(0)))
  .map((units) => String.fromCharCode(...units));
