import { createHash } from 'node:crypto';
import { StoreError } from '../../domain/store-error.js';
import { render, type Dialect } from './dialect.js';
import type { Engine, Session } from './engine.js';
import { migrations as ours } from './migrations/index.js';
import type { Migration } from './migrations/migration.js';

/** Any number, as long as it stays the same: whoever holds it migrates (PostgreSQL; SQLite locks the file). */
const LOCK = 7_046_201_119;

interface Step {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly script: string;
}

/**
 * Brings the schema to what this program knows, one transaction a step; several processes may do so at once. Throws
 * `StoreError` (`store_newer`) when another version of the program has written the database, before anything is changed.
 */
export async function migrate(engine: Engine, migrations: readonly Migration[] = ours): Promise<void> {
  const steps = migrations.map((migration) => toStep(migration, engine.dialect));
  while (await engine.atomic((session) => takeStep(session, engine.dialect, steps)));
}

/** False: there was none left to take. Looks again in each transaction, another process may have been quicker. */
async function takeStep(session: Session, dialect: Dialect, steps: readonly Step[]): Promise<boolean> {
  if (dialect.name === 'postgres') await session.query(`select pg_advisory_xact_lock(${LOCK})`);
  await session.exec(`create table if not exists schema_migration (
    version {INT} not null primary key, name text not null, checksum text not null, applied_at {INT} not null
  ) {STRICT}`);
  const done = await session.query('select version, name, checksum from schema_migration order by version');
  for (const { version, name, checksum } of done) requireKnown({ version, name, checksum }, steps);
  const next = steps[done.length];
  if (next === undefined) return false;
  await session.exec(next.script);
  await session.query('insert into schema_migration (version, name, checksum, applied_at) values ($1, $2, $3, {NOW})', [
    next.version,
    next.name,
    next.checksum,
  ]);
  return true;
}

function requireKnown(done: Record<'version' | 'name' | 'checksum', unknown>, steps: readonly Step[]): void {
  const known = steps.find(({ version }) => version === done.version);
  if (known === undefined)
    throw new StoreError(
      'store_newer',
      `The database has schema ${String(done.version)} and this program knows ${steps.length}: start the newer version, or restore the backup from before its upgrade.`,
    );
  if (known.checksum !== done.checksum)
    throw new StoreError(
      'store_newer',
      `The database's schema step ${known.version} ("${String(done.name)}") is not the one of this program: another build of it made this database, start that one.`,
    );
}

function toStep({ version, name, script }: Migration, dialect: Dialect): Step {
  const text = typeof script === 'string' ? script : script[dialect.name];
  const checksum = createHash('sha256').update(render(text, dialect)).digest('hex');
  return { version, name, checksum, script: text };
}
