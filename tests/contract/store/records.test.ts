import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Store } from '../../../src/app/service/store.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { aDelivery, aDrift, aKey, anApply, anEvent, aPlan, aSync } from '../../support/store-entries.js';

describe.each(engineNames)('what the store keeps (%s)', (engine) => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace(engine);
    store = await place.open();
  }, 300_000);
  afterAll(() => place.remove());

  const first = { limit: 50, cursor: null };

  it('says which engine it is, what time the database has, and that it answers', async () => {
    expect(store.engine).toBe(engine);
    expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(5000);
    await store.ping();
  });

  it('keeps a plan, ends it once, and lists it without its body', async () => {
    const plan = aPlan({ instance: 'plans', ref: 'main' });
    await store.plans.add(plan);
    expect(await store.plans.get(plan.id)).toEqual(plan);
    const end = { status: 'ready', endedAt: 2000, revision: 'r1', digest: 'd1', body: '{"b":1, "a":1.0}' } as const;
    expect(await store.plans.end(plan.id, end)).toBe(true);
    expect(await store.plans.end(plan.id, { ...end, status: 'failed' })).toBe(false);
    expect(await store.plans.get(plan.id)).toEqual({ ...plan, ...end });
    expect(await store.plans.list('plans', first)).toEqual({
      items: [{ ...plan, ...end, body: null }],
      nextCursor: null,
    });
    expect(await store.plans.get('none')).toBeNull();
  });

  it('leads an apply from the queue over its results to its end, and each step once', async () => {
    const apply = anApply({ instance: 'applies', reason: 'ticket 7' });
    expect(await store.applies.addOnce(apply)).toBeNull();
    expect(await store.applies.open('applies')).toEqual([apply]);
    const start = { startedAt: 1500, total: 2, revision: 'r1' };
    expect(await store.applies.start(apply.id, start)).toBe(true);
    expect(await store.applies.start(apply.id, start)).toBe(false);
    const results = Array.from({ length: 1201 }, (_, index) => ({
      ...{ externalId: `acme.a${index}`, recordId: index % 2 ? index : null },
      ...{ status: 'written', message: index % 3 ? null : 'é 𝄞' },
    }));
    await store.applies.addResults(apply.id, results.slice(0, 1));
    await store.applies.addResults(apply.id, results.slice(1));
    await store.applies.addResults(apply.id, []);
    expect(await store.applies.results(apply.id)).toEqual(results);
    const end = { status: 'applied', endedAt: 3000, report: '{}' } as const;
    expect(await store.applies.end(apply.id, end)).toBe(true);
    expect(await store.applies.end(apply.id, { ...end, status: 'failed' })).toBe(false);
    expect(await store.applies.get(apply.id)).toEqual({ ...apply, ...start, ...end });
    expect(await store.applies.open('applies')).toEqual([]);
    expect((await store.applies.list('applies', first)).items).toHaveLength(1);
    expect((await store.applies.list(null, first)).items.map(({ id }) => id)).toContain(apply.id);
  });

  it('refuses results of an apply that nobody knows, and keeps none of them', async () => {
    const result = { externalId: 'a.b', recordId: 1, status: 'written', message: null };
    await expect(store.applies.addResults('none', [result])).rejects.toMatchObject({ code: 'not_storable' });
    expect(await store.applies.results('none')).toEqual([]);
  });

  it('gives back the apply that stands under a key of the same creator, and takes the same key from another one', async () => {
    const apply = anApply({ idempotencyKey: 'k1', requestHash: 'h1' });
    const rivals = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.applies.addOnce({ ...apply, id: `race-${index}` })),
    );
    expect(rivals.filter((standing) => standing === null)).toHaveLength(1);
    const winner = await store.applies.byKey(apply.createdBy, 'k1');
    expect(new Set(rivals.filter((standing) => standing !== null).map(({ id }) => id))).toEqual(new Set([winner?.id]));
    expect(await store.applies.addOnce({ ...apply, id: 'other', createdBy: 'key:cd other' })).toBeNull();
    expect(await store.applies.byKey('key:cd other', 'k1')).toMatchObject({ id: 'other' });
    expect(await store.applies.byKey(apply.createdBy, 'k2')).toBeNull();
    expect(await store.applies.addOnce(anApply())).toBeNull();
    expect(await store.applies.addOnce(anApply())).toBeNull();
  });

  it('keeps a sync open until it ends, once', async () => {
    const sync = aSync({ instance: 'syncs' });
    await store.syncs.add(sync);
    expect(await store.syncs.open()).toEqual([sync]);
    const end = { endedAt: 2000, revision: 'r1', planId: 'p', applyId: null, status: 'planned', message: 'Waits.' };
    expect(await store.syncs.end(sync.id, end)).toBe(true);
    expect(await store.syncs.end(sync.id, end)).toBe(false);
    expect(await store.syncs.get(sync.id)).toEqual({ ...sync, ...end });
    expect(await store.syncs.list('syncs', first)).toEqual({ items: [{ ...sync, ...end }], nextCursor: null });
    expect(await store.syncs.open()).toEqual([]);
  });

  it('changes the given fields of an instance, and none when somebody else was quicker', async () => {
    expect(await store.instances.get('new')).toMatchObject({ version: 0, pinnedRevision: null, checkedAt: null });
    expect(await store.instances.change('new', { seenRevision: 'r1' }, 1)).toBe(false);
    expect(await store.instances.change('new', { seenRevision: 'r1', seenAt: 5 }, 0)).toBe(true);
    expect(await store.instances.change('new', { seenRevision: 'r2' }, 0)).toBe(false);
    expect(await store.instances.change('new', { pinnedRevision: 'r0' })).toBe(true);
    expect(await store.instances.change('new', { pinnedRevision: null }, 1)).toBe(false);
    expect(await store.instances.change('new', { lastCheck: '{}' }, 2)).toBe(true);
    expect(await store.instances.get('new')).toMatchObject({
      ...{ version: 3, seenRevision: 'r1', seenAt: 5, pinnedRevision: 'r0' },
    });
  });

  it('lets a drift stand until its date or its end', async () => {
    const drift = aDrift({ instance: 'drift' });
    await store.drift.accept(drift);
    expect(await store.drift.accepted('drift', 4999)).toEqual([drift]);
    expect(await store.drift.accepted('drift', 5000)).toEqual([]);
    expect(await store.drift.end(drift.id, 2000)).toBe(true);
    expect(await store.drift.end(drift.id, 2000)).toBe(false);
    expect(await store.drift.accepted('drift', 1500)).toEqual([]);
  });

  it('takes a delivery once, however many come at the same time', async () => {
    const delivery = aDelivery();
    const taken = await Promise.all(Array.from({ length: 8 }, () => store.deliveries.addOnce(delivery)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect((await store.deliveries.list(first)).items).toEqual([delivery]);
  });

  it('keeps keys, brings their end only nearer, and revokes them once', async () => {
    const before = await store.keys.count();
    const key = aKey({ prefix: 'p1' });
    await store.keys.add(key);
    await expect(store.keys.add(aKey({ prefix: 'p1' }))).rejects.toMatchObject({ code: 'not_storable' });
    expect(await store.keys.count()).toBe(before + 1);
    expect(await store.keys.byPrefix('p1')).toEqual(key);
    expect(await store.keys.byPrefix('p2')).toBeNull();
    expect(await store.keys.expire(key.id, 9000)).toBe(true);
    expect(await store.keys.expire(key.id, 9001)).toBe(false);
    expect(await store.keys.expire(key.id, 8000)).toBe(true);
    await store.keys.used(key.id, 7000);
    await store.keys.used(key.id, 6000);
    expect(await store.keys.revoke(key.id, 7500)).toBe(true);
    expect(await store.keys.revoke(key.id, 7600)).toBe(false);
    const kept = { ...key, expiresAt: 8000, lastUsedAt: 7000, revokedAt: 7500 };
    expect(await store.keys.get(key.id)).toEqual(kept);
    expect((await store.keys.list(first)).items).toEqual([kept]);
  });

  it('lists audit events by what they say, the newest first', async () => {
    await store.audit.append([]);
    await store.audit.append([
      anEvent({ at: 10, actor: 'a', instance: 'audit', body: '{"n":1}' }),
      anEvent({ at: 20, actor: 'b', instance: 'audit', outcome: 'refused', target: 't', requestId: 'q' }),
      anEvent({ at: 30, actor: 'a', instance: 'audit', action: 'key.create' }),
    ]);
    const list = async (filter: Parameters<Store['audit']['list']>[0]) =>
      (await store.audit.list({ instance: 'audit', ...filter }, first)).items.map(({ at }) => at);
    expect(await list({})).toEqual([30, 20, 10]);
    expect(await list({ actor: 'a' })).toEqual([30, 10]);
    expect(await list({ outcome: 'refused' })).toEqual([20]);
    expect(await list({ action: 'key.create' })).toEqual([30]);
    expect(await list({ since: 20 })).toEqual([30, 20]);
    expect(await list({ since: 10, until: 30 })).toEqual([20, 10]);
  });

  it('refuses an audit body above 64 kB, with all that was to be appended', async () => {
    const events = [anEvent({ instance: 'big' }), anEvent({ instance: 'big', body: 'é'.repeat(32 * 1024 + 1) })];
    await expect(store.audit.append(events)).rejects.toMatchObject({ code: 'not_storable' });
    expect((await store.audit.list({ instance: 'big' }, first)).items).toEqual([]);
  });

  it('has a database that refuses to change or delete an audit event, whoever asks', async () => {
    await store.audit.append([anEvent({ instance: 'fixed' })]);
    await expect(place.sql("update audit_event set body = ''")).rejects.toThrow(/never changed/);
    await expect(place.sql('delete from audit_event')).rejects.toThrow(/never changed/);
    expect((await store.audit.list({ instance: 'fixed' }, first)).items).toHaveLength(1);
  });

  it('prunes old plans and deliveries in batches, and nothing else', async () => {
    await store.transact(async (records) => {
      for (let index = 0; index < 1100; index++) await records.plans.add(aPlan({ instance: 'old', createdAt: 10 }));
      await records.plans.add(aPlan({ instance: 'old', createdAt: 100 }));
      await records.deliveries.addOnce(aDelivery({ receivedAt: 10 }));
    });
    const events = (await store.audit.list({}, first)).items;
    expect(await store.prune({ plansBefore: 100, deliveriesBefore: 11 })).toBe(1101);
    expect(await store.prune({ plansBefore: 100, deliveriesBefore: 11 })).toBe(0);
    expect((await store.plans.list('old', first)).items).toHaveLength(1);
    expect((await store.audit.list({}, first)).items).toEqual(events);
  });
});
