import { randomBytes } from 'node:crypto';
import { copyTemplate, dropDatabase } from './database.js';
import { createEmptyDatabase, type EmptyDatabase } from './empty-database.js';
import { ExclusiveServer } from './exclusive.js';
import { OdooToolError } from './fault.js';
import type { OdooVersion } from './paths.js';
import type { HeldTransaction, SqlParameter, SqlRow } from './psql.js';
import type { Credential, DatabaseRecord, TemplateName } from './records.js';
import { urlOf } from './server.js';
import { leaseSharedServer, releaseOwn } from './services.js';
import { ensureTemplate } from './template.js';
import { openTestDatabase, type TestDatabase } from './test-database.js';

export { createEmptyDatabase };
export type {
  Credential,
  EmptyDatabase,
  HeldTransaction,
  OdooVersion,
  SqlParameter,
  SqlRow,
  TemplateName,
  TestDatabase,
};

/** A running Odoo server. */
export interface TestOdoo {
  readonly version: OdooVersion;
  readonly url: string;
  readonly logFile: string;
  /** Makes a database as a copy of a template, in about a fifth of a second once the template is there. */
  createDatabase(template: TemplateName, options?: { name?: string }): Promise<TestDatabase>;
  /** Stops an exclusive server; `killed` ends it without a chance to finish. It keeps its port. */
  stop(how?: 'orderly' | 'killed'): Promise<void>;
  start(): Promise<void>;
  /** Has the cron worker of an exclusive server look for due schedules now, and not within the minute. */
  wakeCron(): Promise<void>;
  /** Drops the databases made here; an exclusive server is stopped, the shared one goes on for others. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  /**
   * A server of this process alone, for tests that stop it or have schedules run. It starts with its first database and
   * knows no others, while the shared server has those of all tests.
   */
  readonly exclusive?: boolean;
  /** How many cron workers the exclusive server has; none unless given, and the shared server never has one. */
  readonly cronThreads?: number;
}

/**
 * Gives a running Odoo of this version, installing and starting whatever is missing. By default it is the server that
 * all test processes share.
 */
export async function startOdoo(version: OdooVersion, options: StartOptions = {}): Promise<TestOdoo> {
  const { exclusive = false, cronThreads = 0 } = options;
  if (exclusive) return exclusiveOdoo(await ExclusiveServer.create(version, cronThreads));
  if (cronThreads > 0)
    throw new OdooToolError(
      'The shared server has no cron worker, it would run the schedules of other tests: pass exclusive: true.',
    );
  return sharedOdoo(version);
}

/**
 * Does beforehand, with progress on stderr, what takes long: install, start of the shared server, templates. This process
 * then has a lease on the server, so that it goes on running between the tests of other processes.
 */
export async function prepareOdoo(version: OdooVersion, templates: readonly TemplateName[]): Promise<void> {
  await leaseSharedServer(version, 'process');
  for (const template of templates) await ensureTemplate(version, template);
}

/** Gives back all that this process uses; stops every server, and PostgreSQL, that no other process uses. */
export async function releaseAll(): Promise<void> {
  await releaseOwn();
}

async function sharedOdoo(version: OdooVersion): Promise<TestOdoo> {
  const server = await leaseSharedServer(version, 'process');
  const url = urlOf(server);
  const made: DatabaseRecord[] = [];
  const refuse = () =>
    Promise.reject(
      new OdooToolError(
        'Other tests use the shared server: startOdoo(version, { exclusive: true }) gives one to stop.',
      ),
    );
  return {
    ...{ version, url, logFile: server.logFile },
    async createDatabase(template, options) {
      const record = await copyTemplate({ version, template, name: options?.name ?? inventName(version), url });
      made.push(record);
      return openTestDatabase(record, url);
    },
    stop: refuse,
    start: refuse,
    wakeCron: refuse,
    async dispose() {
      for (const record of made.splice(0)) await dropDatabase(record);
    },
  };
}

function exclusiveOdoo(server: ExclusiveServer): TestOdoo {
  const { version, url, logFile } = server;
  return {
    ...{ version, url, logFile },
    async createDatabase(template, options) {
      return openTestDatabase(await server.createDatabase(template, options?.name ?? inventName(version)), url);
    },
    stop: (how) => server.stop(how),
    start: () => server.start(),
    wakeCron: () => server.wakeCron(),
    dispose: () => server.dispose(),
  };
}

function inventName(version: OdooVersion): string {
  return `test_${version}_${randomBytes(5).toString('hex')}`;
}
