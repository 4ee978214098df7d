/** A process that writes into a store until it is killed, and says on stdout what it was promised. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore, type StoreOptions } from '../../src/store/index.js';
import type { Records, Store } from '../../src/app/service/store.js';
import { anEvent, aPlan } from './store-entries.js';

const [options = '', mode = '', name = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(options) as StoreOptions);
process.stdout.write('open\n');
if (mode === 'leader') await lead(store);
else await write(store, Number(mode));

/** The n-th transaction: so many plans, and one event. `n` is said once it is acknowledged. */
async function write(on: Store, rows: number): Promise<void> {
  for (let n = 1; ; n++) {
    await on.transact(async (records) => {
      for (let row = 0; row < rows; row++) await records.plans.add(aPlan({ instance: name, createdAt: n }));
      await records.audit.append([anEvent({ instance: name, at: n })]);
    });
    process.stdout.write(`${n}\n`);
  }
}

/** Writes only while it holds the lease; ends when it learns that it lost it. */
async function lead(on: Store): Promise<void> {
  const lease = await on.leases.take('leader', name, 400);
  if (!lease) throw new Error('Somebody else leads.');
  const fenced = async (records: Records): Promise<boolean> => {
    if (!(await records.leases.renew(lease, 400))) return false;
    await records.audit.append([anEvent({ instance: name })]);
    return true;
  };
  while (await on.transact(fenced)) {
    process.stdout.write('wrote\n');
    await sleep(100);
  }
  process.stdout.write('refused\n');
  await on.close();
}
