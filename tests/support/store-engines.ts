import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type StoreOptions } from '../../src/store/index.js';
import type { Store } from '../../src/app/service/store.js';
import { createEmptyDatabase } from '../odoo/index.js';

/** A place for a store, empty at first; several stores may be opened on it, as several processes do. */
export interface StorePlace {
  readonly options: StoreOptions;
  open(): Promise<Store>;
  /** Runs a statement behind the store's back. */
  sql(statement: string): Promise<readonly unknown[]>;
  /** Closes what was opened and removes the place. */
  remove(): Promise<void>;
}

export const engineNames = ['sqlite', 'postgres'] as const;
export type EngineName = (typeof engineNames)[number];

export function makePlace(engine: EngineName): Promise<StorePlace> {
  return engine === 'sqlite' ? makeSqlitePlace() : makePostgresPlace();
}

async function makeSqlitePlace(): Promise<StorePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'odoo-steward-store-'));
  const file = join(folder, 'data', 'steward.db');
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  return placeAt({ url: null, file }, (statement) => runSqlite(file, statement), removeFolder);
}

async function makePostgresPlace(): Promise<StorePlace> {
  const database = await createEmptyDatabase();
  return placeAt(
    { url: database.url, file: '' },
    (statement) => database.sql(statement),
    () => database.drop(),
  );
}

function placeAt(options: StoreOptions, sql: StorePlace['sql'], removePlace: () => Promise<void>): StorePlace {
  const opened: Store[] = [];
  return {
    options,
    sql,
    async open() {
      const store = await openStore(options);
      opened.push(store);
      return store;
    },
    async remove() {
      await Promise.all(opened.map((store) => store.close()));
      await removePlace();
    },
  };
}

async function runSqlite(file: string, statement: string): Promise<readonly unknown[]> {
  const { DatabaseSync } = await import('@photostructure/sqlite');
  const database = new DatabaseSync(file);
  try {
    const rows: unknown[] = database.prepare(statement).all();
    return rows;
  } finally {
    database.close();
  }
}
