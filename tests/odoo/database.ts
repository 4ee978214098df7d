import { existsSync, rmSync } from 'node:fs';
import { run } from './command.js';
import { OdooToolError } from './fault.js';
import { filestoreOf } from './odoo-config.js';
import type { OdooVersion } from './paths.js';
import { databaseUser } from './postgres.js';
import { ownIdentity } from './process-identity.js';
import { query, renderName } from './psql.js';
import { databaseRecords, type DatabaseRecord, type TemplateName } from './records.js';
import { ensureTemplate } from './template.js';

interface DatabasePlan {
  readonly version: OdooVersion;
  readonly template: TemplateName;
  readonly name: string;
  /** The server's address, which the copy is told is its own. */
  readonly url: string;
  /** A kept database stays when this process ends. */
  readonly isKept?: boolean;
}

const namePattern = /^[a-z][a-z0-9_-]{0,50}$/;

/** Makes a database as a copy of a template, with its files, under an identity of its own. */
export async function copyTemplate(plan: DatabasePlan): Promise<DatabaseRecord> {
  const { version, name } = plan;
  if (!namePattern.test(name) || name.startsWith('template') || name === 'postgres')
    throw new OdooToolError(
      `"${name}" is no name for a test database: use a lower-case letter, then letters, digits, _ or -.`,
    );
  if (await databaseExists(name)) throw new OdooToolError(`The database ${name} exists already: choose another name.`);
  const { database, credentials } = await ensureTemplate(version, plan.template);
  const owner = plan.isKept ? null : ownIdentity();
  const record: DatabaseRecord = { name, version, template: plan.template, owner, credentials };
  databaseRecords.write(record); // first, so that half a copy is dropped when this process ends in the middle
  await query(
    'postgres',
    `CREATE DATABASE ${renderName(name)} TEMPLATE ${renderName(database)} OWNER ${databaseUser(version)}`,
  );
  await copyFilestore(version, database, name);
  await query(
    name,
    `UPDATE ir_config_parameter SET value = CASE key WHEN 'web.base.url' THEN $1 ELSE gen_random_uuid()::text END
     WHERE key IN ('web.base.url', 'database.uuid', 'database.secret')`,
    [plan.url],
  );
  return record;
}

/** Drops a test database with its files, whoever is connected to it. */
export async function dropDatabase(record: DatabaseRecord): Promise<void> {
  await query('postgres', `DROP DATABASE IF EXISTS ${renderName(record.name)} WITH (FORCE)`);
  rmSync(filestoreOf(record.version, record.name), { recursive: true, force: true });
  databaseRecords.remove(record);
}

export async function databaseExists(name: string): Promise<boolean> {
  return (await query('postgres', 'SELECT 1 FROM pg_database WHERE datname = $1', [name])).length > 0;
}

/**
 * Makes two databases with nothing in them. Odoo treats a server with a single database in another way (14 answers a
 * refused call over JSON-RPC with JSON then, and with an HTML page otherwise): tests must not depend on how many run.
 */
export async function ensureEmptyDatabases(version: OdooVersion): Promise<void> {
  for (const name of emptyDatabases(version))
    if (!(await databaseExists(name)))
      await query('postgres', `CREATE DATABASE ${renderName(name)} OWNER ${databaseUser(version)}`);
}

export async function dropEmptyDatabases(version: OdooVersion): Promise<void> {
  for (const name of emptyDatabases(version))
    await query('postgres', `DROP DATABASE IF EXISTS ${renderName(name)} WITH (FORCE)`);
}

function emptyDatabases(version: OdooVersion): string[] {
  return [`empty_${version}_a`, `empty_${version}_b`];
}

/** Attachments are never changed in place, so links to the template's files will do. */
async function copyFilestore(version: OdooVersion, from: string, to: string): Promise<void> {
  const target = filestoreOf(version, to);
  rmSync(target, { recursive: true, force: true });
  if (existsSync(filestoreOf(version, from)))
    await run({ command: 'cp', args: ['--archive', '--link', '--', filestoreOf(version, from), target] });
}
