import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Records, Store } from '../../../src/app/service/store.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { anApply, anEvent, aPlan } from '../../support/store-entries.js';

describe.each(engineNames)('transactions (%s)', (engine) => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace(engine);
    store = await place.open();
  }, 300_000);
  afterAll(() => place.remove());

  const auditOf = async (instance: string) =>
    (await store.audit.list({ instance }, { limit: 50, cursor: null })).items.length;

  it('keeps a change and its audit event together, and gives what the work gave', async () => {
    const apply = anApply({ instance: 'both' });
    const given = await store.transact(async (records) => {
      await records.applies.addOnce(apply);
      await records.audit.append([anEvent({ instance: 'both' })]);
      expect(await records.applies.get(apply.id)).toEqual(apply);
      return 7;
    });
    expect(given).toBe(7);
    expect(await store.applies.get(apply.id)).toEqual(apply);
    expect(await auditOf('both')).toBe(1);
  });

  it('keeps neither when the work throws, and throws what it threw', async () => {
    const apply = anApply({ instance: 'neither' });
    const work = async (records: Records) => {
      await records.applies.addOnce(apply);
      await records.audit.append([anEvent({ instance: 'neither' })]);
      throw new RangeError('no');
    };
    await expect(store.transact(work)).rejects.toThrow('no');
    expect(await store.applies.get(apply.id)).toBeNull();
    expect(await auditOf('neither')).toBe(0);
  });

  it('keeps nothing when a statement failed, even if the work swallows that', async () => {
    const plan = aPlan({ instance: 'swallowed' });
    const work = async (records: Records) => {
      await records.audit.append([anEvent({ instance: 'swallowed' })]);
      await records.plans.add(plan);
      await records.plans.add(plan).catch(() => undefined);
      await records.audit.append([anEvent({ instance: 'swallowed' })]).catch(() => undefined);
    };
    await expect(store.transact(work)).rejects.toMatchObject({ code: 'not_storable' });
    expect(await store.plans.get(plan.id)).toBeNull();
    expect(await auditOf('swallowed')).toBe(0);
  });

  it('keeps nothing when a value was refused, even if the work swallows that', async () => {
    const work = async (records: Records) => {
      await records.audit.append([anEvent({ instance: 'nul' })]);
      await records.audit.append([anEvent({ instance: 'nul', actor: 'a\0b' })]).catch(() => undefined);
    };
    await expect(store.transact(work)).rejects.toMatchObject({ code: 'not_storable' });
    expect(await auditOf('nul')).toBe(0);
  });

  it('waits for statements that the work did not wait for', async () => {
    await store.transact((records) => {
      for (let index = 0; index < 5; index++) void records.audit.append([anEvent({ instance: 'unwaited' })]);
      return Promise.resolve();
    });
    expect(await auditOf('unwaited')).toBe(5);
  });

  it('shows nobody outside what is not committed', async () => {
    const plan = aPlan({ instance: 'unseen' });
    let tellWritten: () => void = () => undefined;
    const written = new Promise<void>((resolve) => (tellWritten = resolve));
    const transaction = store.transact(async (records) => {
      await records.plans.add(plan);
      tellWritten();
      await sleep(50);
      throw new Error('undone');
    });
    await written;
    const readOutside = store.plans.get(plan.id);
    await expect(transaction).rejects.toThrow('undone');
    expect(await readOutside).toBeNull();
  });

  it('runs many at once without mixing them', async () => {
    const work = (index: number) =>
      store.transact(async (records) => {
        await records.audit.append([anEvent({ instance: 'crowd', at: index })]);
        await sleep(1);
        if (index % 2) throw new Error('odd');
        await records.audit.append([anEvent({ instance: 'crowd', at: index })]);
      });
    await Promise.allSettled(Array.from({ length: 40 }, (_, index) => work(index)));
    const { items } = await store.audit.list({ instance: 'crowd' }, { limit: 200, cursor: null });
    expect(items.map(({ at }) => at).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, index) => index - (index % 2)).filter((at) => at % 2 === 0),
    );
  });

  it('refuses the store itself inside a transaction, and the records after its end', async () => {
    await expect(store.transact(() => store.plans.get('x'))).rejects.toThrow(/use the records/);
    await expect(store.transact(() => store.transact(() => Promise.resolve()))).rejects.toThrow(/use the records/);
    const kept = await store.transact((records) => Promise.resolve(records));
    await expect(kept.plans.get('x')).rejects.toThrow(/has ended/);
    await store.ping();
  });

  it('says that it is closed once it is, and not before what was under way has ended', async () => {
    const other = await place.open();
    const plan = aPlan();
    const added = other.plans.add(plan);
    await other.close();
    await other.close();
    await added;
    await expect(other.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(other.transact(() => Promise.resolve())).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await store.plans.get(plan.id)).toEqual(plan);
  });
});
