import { randomBytes } from 'node:crypto';
import { asOdooIn, odooEnvironment } from './chroot.js';
import { run } from './command.js';
import { copyTemplate, dropDatabase } from './database.js';
import { OdooToolError } from './fault.js';
import { configFileOf } from './odoo-config.js';
import { installFolder, logFileOf, type OdooVersion } from './paths.js';
import { findFreePort } from './ports.js';
import type { Cluster } from './postgres.js';
import { query } from './psql.js';
import type { DatabaseRecord, ServerRecord, TemplateName } from './records.js';
import { startServer, stopServer, urlOf } from './server.js';
import { leaseForExclusive } from './services.js';

/** One pass of 14's cron worker, which cannot be woken: the same code on the same database, in a process of its own. */
const cronPassOf14 = `
from odoo.addons.base.models.ir_cron import ir_cron
ir_cron._acquire_job(env.cr.dbname)
`;

/**
 * An Odoo server for one process only, which may stop it, start it again and have schedules run. It is told its
 * databases by name, as in production, so that it runs no other test's schedules; it starts with the first of them.
 */
export class ExclusiveServer {
  readonly id: string;
  readonly url: string;
  readonly logFile: string;
  private readonly databases: DatabaseRecord[] = [];
  private running: ServerRecord | null = null;

  private constructor(
    readonly version: OdooVersion,
    private readonly cronThreads: number,
    private readonly port: number,
    private readonly cluster: Cluster,
  ) {
    this.id = `${version}-${randomBytes(3).toString('hex')}`;
    this.url = urlOf({ port });
    this.logFile = logFileOf(`odoo-${this.id}`);
  }

  static async create(version: OdooVersion, cronThreads: number): Promise<ExclusiveServer> {
    const cluster = await leaseForExclusive(version);
    return new ExclusiveServer(version, cronThreads, await findFreePort(), cluster);
  }

  async createDatabase(template: TemplateName, name: string): Promise<DatabaseRecord> {
    const record = await copyTemplate({ version: this.version, template, name, url: this.url });
    this.databases.push(record);
    await this.stop();
    await this.start();
    return record;
  }

  async start(): Promise<void> {
    if (this.running) return;
    const { id, version, port, cronThreads } = this;
    const databases = this.databases.map(({ name }) => name);
    if (databases.length === 0)
      throw new OdooToolError('An exclusive server starts with its first database: call createDatabase first.');
    this.running = await startServer({ id, version, port, cronThreads, databases, isExclusive: true }, this.cluster);
  }

  async stop(how: 'orderly' | 'killed' = 'orderly'): Promise<void> {
    if (!this.running) return;
    await stopServer(this.running, how);
    this.running = null;
  }

  /** Has the cron worker look for due schedules now and not within the minute. */
  async wakeCron(): Promise<void> {
    if (!this.running || this.cronThreads === 0)
      throw new OdooToolError(
        'Only a running server with cron threads has a cron worker: startOdoo(version, { exclusive: true, cronThreads: 1 }).',
      );
    for (const { name } of this.databases)
      if (this.version === '14') await this.passCron(name);
      else await query('postgres', 'SELECT pg_notify($1, $2)', ['cron_trigger', name]);
  }

  /** Stops the server and drops its databases. */
  async dispose(): Promise<void> {
    await this.stop();
    for (const record of this.databases.splice(0)) await dropDatabase(record);
  }

  private async passCron(database: string): Promise<void> {
    const args = [
      'shell',
      '--config',
      configFileOf(this.id),
      '--database',
      database,
      '--no-http',
      '--max-cron-threads=0',
    ];
    await run(asOdooIn(installFolder(this.version), { command: 'odoo', args }), {
      input: cronPassOf14,
      logFile: this.logFile,
      env: odooEnvironment,
    });
  }
}
