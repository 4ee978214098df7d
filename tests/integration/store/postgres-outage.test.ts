import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import type { Store } from '../../../src/app/service/store.js';
import { openStore } from '../../../src/store/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../../odoo/index.js';
import { startTcpProxy, type TcpProxy } from '../../support/store-proxy.js';
import { aPlan } from '../../support/store-entries.js';

describe('PostgreSQL going away', () => {
  let database: EmptyDatabase;
  let proxy: TcpProxy;
  let store: Store;
  beforeAll(async () => {
    database = await createEmptyDatabase();
  }, 300_000);
  afterAll(() => database.drop());
  beforeEach(async () => {
    const target = new URL(database.url);
    proxy = await startTcpProxy(Number(target.port));
    target.port = String(proxy.port);
    store = await openStore({ url: target.href, file: '' });
  });
  afterEach(async () => {
    await store.close();
    await proxy.stop();
  });

  const unavailable = { name: 'StoreError', code: 'store_unavailable' };
  const endConnections = () =>
    database.sql(
      `SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
      [database.name],
    );

  it('fails the calls meanwhile, and works again without a restart', async () => {
    await store.plans.add(aPlan({ id: 'before' }));
    await proxy.stop();
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    await expect(store.plans.add(aPlan())).rejects.toMatchObject(unavailable);
    await expect(store.transact(() => Promise.resolve())).rejects.toMatchObject(unavailable);
    await proxy.start();
    await store.plans.add(aPlan({ id: 'after' }));
    expect([await store.plans.get('before'), await store.plans.get('after')]).not.toContain(null);
  });

  it('is not felt by reads and transactions that come after the server ended all connections', async () => {
    await Promise.all(Array.from({ length: 5 }, () => store.ping()));
    await endConnections();
    await store.ping();
    await endConnections();
    await store.transact((records) => records.plans.add(aPlan({ id: 'anew' })));
    expect(await store.plans.get('anew')).not.toBeNull();
  });

  it('in the middle of a transaction keeps nothing of it', async () => {
    const work = store.transact(async (records) => {
      await records.plans.add(aPlan({ id: 'half' }));
      await endConnections();
      await records.plans.add(aPlan({ id: 'whole' }));
    });
    await expect(work).rejects.toMatchObject(unavailable);
    expect([await store.plans.get('half'), await store.plans.get('whole')]).toEqual([null, null]);
  });

  it('never shows the password', async () => {
    const { port } = new URL(database.url);
    const secret = 'p@ss/w:rd%1';
    const written = encodeURIComponent(secret);
    const urls = [
      `postgres://nobody:${written}@127.0.0.1:${port}/${database.name}`,
      `postgres://nobody:${written}@127.0.0.1:1/none`,
      `postgres://nobody:${written}@127.0.0.1:${port}/none?sslmode=require`,
      `postgres://nobody:${written}@127.0.0.1:${port}/none?sslrootcert=/nowhere`,
      `postgres://nobody:${secret}@[broken/x`,
      `mysql://nobody:${written}@127.0.0.1/x`,
      secret,
    ];
    for (const url of urls) {
      const error: unknown = await openStore({ url, file: '' }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(unavailable);
      const shown = inspect(error, { depth: 9, showHidden: true });
      expect([shown.includes(secret), shown.includes(written), shown]).toEqual([false, false, shown]);
    }
  });
});
