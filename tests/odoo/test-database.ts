import { dropDatabase } from './database.js';
import type { OdooVersion } from './paths.js';
import { holdTransaction, query, type HeldTransaction, type SqlParameter, type SqlRow } from './psql.js';
import type { Credential, Credentials, DatabaseRecord } from './records.js';

/** A database of one test, with a user for each role. */
export interface TestDatabase extends Credentials {
  readonly url: string;
  readonly name: string;
  readonly version: OdooVersion;
  /**
   * One statement straight into the database, behind Odoo's back, with $1, $2 ... for parameters. Rows come as JSON has
   * them: times are text in UTC without a zone, as Odoo stores them.
   */
  sql(statement: string, parameters?: readonly SqlParameter[]): Promise<SqlRow[]>;
  /** Runs a statement (`SELECT ... FOR UPDATE`) in a transaction that stays open until it is released. */
  hold(statement: string): Promise<HeldTransaction>;
  /** Drops the database with its files. What is not dropped goes when the process has ended. */
  drop(): Promise<void>;
}

/** The test's view of a database that was made. */
export function openTestDatabase(record: DatabaseRecord, url: string): TestDatabase {
  const { name, version, credentials } = record;
  const { admin, sync, plain, portal }: Record<keyof Credentials, Credential> = credentials;
  return {
    ...{ url, name, version, admin, sync, plain, portal },
    sql: (statement, parameters) => query(name, statement, parameters),
    hold: (statement) => holdTransaction(name, statement),
    drop: () => dropDatabase(record),
  };
}
