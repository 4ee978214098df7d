import { randomBytes } from 'node:crypto';
import { dropDatabase } from './database.js';
import { databaseUser } from './postgres.js';
import { ownIdentity } from './process-identity.js';
import { query, renderName, type SqlParameter, type SqlRow } from './psql.js';
import { databaseRecords, type Credential, type DatabaseRecord } from './records.js';
import { leaseCluster } from './services.js';

/** A database with nothing in it, on the cluster that the tests share. */
export interface EmptyDatabase {
  readonly name: string;
  /** `postgres://…`, as a user that owns the database and nothing else. */
  readonly url: string;
  /** One statement as the cluster's superuser, in this database. */
  sql(statement: string, parameters?: readonly SqlParameter[]): Promise<SqlRow[]>;
  /** Drops it, whoever is connected. What is not dropped goes when the process has ended. */
  drop(): Promise<void>;
}

const nobody: Credential = { login: '', password: null, apiKey: '', uid: 0 };

/** Makes an empty database; PostgreSQL is installed and started where it is not, Odoo is not touched. */
export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const version = '19';
  const { port, password } = await leaseCluster(version);
  const name = `plain_${randomBytes(5).toString('hex')}`;
  // Recorded like a copy of a template, so that it goes when this process ends in the middle; it has no users.
  const credentials = { admin: nobody, sync: nobody, plain: nobody, portal: nobody };
  const record: DatabaseRecord = { name, version, template: 'base', owner: ownIdentity(), credentials };
  databaseRecords.write(record);
  const user = databaseUser(version);
  await query('postgres', `CREATE DATABASE ${renderName(name)} TEMPLATE template0 OWNER ${user}`);
  return {
    name,
    url: `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`,
    sql: (statement, parameters) => query(name, statement, parameters),
    drop: () => dropDatabase(record),
  };
}
