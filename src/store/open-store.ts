import type { Records, Store } from '../app/service/store.js';
import { applyRecords } from './records/applies.js';
import { auditRecords } from './records/audit.js';
import { deliveryRecords } from './records/deliveries.js';
import { driftRecords } from './records/drift.js';
import { instanceRecords } from './records/instances.js';
import { keyRecords } from './records/keys.js';
import { leaseRecords } from './records/leases.js';
import { planRecords } from './records/plans.js';
import { prune } from './records/prune.js';
import { syncRecords } from './records/syncs.js';
import { integer } from './records/table.js';
import type { Engine, Queryable } from './sql/engine.js';
import { migrate } from './sql/migrate.js';
import { refuseNesting } from './sql/nesting.js';

export interface StoreOptions {
  /** `postgres://…`; null: the file is used. */
  readonly url: string | null;
  /** The SQLite file; its folder (mode 0700) and the file (0600) are made where they are missing. */
  readonly file: string;
  /** Told what an operator should know and nothing fails over. */
  readonly warn?: (message: string) => void;
}

/** Opens the store and brings its schema up to date. Throws `StoreError`, whose message says what to mend. */
export async function openStore({ url, file, warn = () => undefined }: StoreOptions): Promise<Store> {
  const engine = refuseNesting(await openEngine(url, file, warn));
  try {
    await migrate(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return storeOn(engine);
}

/** A command line that looks into its file has no use for the driver of the other engine. */
async function openEngine(url: string | null, file: string, warn: (message: string) => void): Promise<Engine> {
  if (url === null) return (await import('./sql/sqlite.js')).openSqlite({ file, warn });
  return (await import('./sql/postgres.js')).openPostgres(url);
}

function storeOn(engine: Engine): Store {
  return {
    engine: engine.dialect.name,
    ...recordsOn(engine),
    transact: (work) => engine.atomic((session) => work(recordsOn(session))),
    async now() {
      const [row] = await engine.query('select {NOW} as now');
      return integer(row?.['now'], 'the clock');
    },
    async ping() {
      await engine.query('select 1 as one');
    },
    prune: (limits) => prune(engine, limits),
    close: () => engine.close(),
  };
}

function recordsOn(on: Queryable): Records {
  return {
    plans: planRecords(on),
    applies: applyRecords(on),
    syncs: syncRecords(on),
    instances: instanceRecords(on),
    drift: driftRecords(on),
    deliveries: deliveryRecords(on),
    keys: keyRecords(on),
    leases: leaseRecords(on),
    audit: auditRecords(on),
  };
}
