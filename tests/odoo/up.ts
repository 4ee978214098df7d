import { copyTemplate, databaseExists, dropDatabase } from './database.js';
import { OdooToolError } from './fault.js';
import type { OdooVersion } from './paths.js';
import { query } from './psql.js';
import { databaseRecords, type TemplateName } from './records.js';
import { urlOf } from './server.js';
import { leaseSharedServer } from './services.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

export interface UpOptions {
  /** What the database is made from; for one that is there already, what it must have been made from. */
  readonly template?: TemplateName;
  readonly database?: string;
  /** Drops the database first when it is there. */
  readonly isFresh?: boolean;
}

/** Brings up the shared server, which then stays until "down", with a database that stays as well. */
export async function bringUp(version: OdooVersion, options: UpOptions = {}): Promise<TestDatabase> {
  const name = options.database ?? `demo${version}`;
  const url = urlOf(await leaseSharedServer(version, 'kept'));
  const known = databaseRecords.list().find((record) => record.name === name);
  if (known && known.version !== version)
    throw new OdooToolError(`The database ${name} belongs to Odoo ${known.version}: name another with --database.`);
  if (known && options.isFresh) await dropDatabase(known);
  else if (known && (await databaseExists(name))) {
    if (options.template && options.template !== known.template)
      throw new OdooToolError(
        `The database ${name} was made from "${known.template}": add --fresh to make it anew, or name another with --database.`,
      );
    await query(name, "UPDATE ir_config_parameter SET value = $1 WHERE key = 'web.base.url'", [url]);
    return openTestDatabase(known, url);
  }
  const template = options.template ?? 'account';
  return openTestDatabase(await copyTemplate({ version, template, name, url, isKept: true }), url);
}
