import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { odooUserId } from './chroot.js';
import { installFolder, type OdooVersion } from './paths.js';
import { databaseUser, type Cluster } from './postgres.js';

const GIBIBYTE = 1024 ** 3;

export interface OdooConfig {
  readonly port: number;
  readonly cronThreads: number;
  /** The only databases that the server knows of; empty for all. */
  readonly databases: readonly string[];
}

/** Odoo's folder for attachments and sessions, as Odoo sees it. */
const dataFolder = '/var/lib/odoo/data';

export function filestoreOf(version: OdooVersion, database: string): string {
  return join(installFolder(version), dataFolder, 'filestore', database);
}

/** Writes a server's configuration into its install, for Odoo's eyes only, and returns its path as Odoo sees it. */
export function writeOdooConfig(version: OdooVersion, id: string, cluster: Cluster, config: OdooConfig): string {
  const inside = configFileOf(id);
  const file = join(installFolder(version), inside);
  writeFileSync(file, renderOdooConfig(version, cluster, config), { mode: 0o600 });
  chmodSync(file, 0o600);
  chownSync(file, odooUserId, odooUserId);
  return inside;
}

export function configFileOf(id: string): string {
  return `/var/lib/odoo/${id}.conf`;
}

export function renderOdooConfig(version: OdooVersion, cluster: Cluster, config: OdooConfig): string {
  const { databases } = config;
  const settings: Record<string, string | number> = {
    http_interface: '127.0.0.1',
    http_port: config.port,
    workers: 0,
    max_cron_threads: config.cronThreads,
    db_host: '127.0.0.1',
    db_port: cluster.port,
    db_user: databaseUser(version),
    db_password: cluster.password,
    data_dir: dataFolder,
    list_db: 'True',
    admin_passwd: randomBytes(18).toString('base64url'),
    // One server holds the models of many test databases: it would take its size for a leak and restart itself.
    // Not 0: Odoo 14 sizes its cache of models by this, and with none builds them anew for every request.
    limit_memory_soft: 64 * GIBIBYTE,
    limit_memory_hard: 0,
    ...(databases.length > 0 && { db_name: databases.join(','), dbfilter: `^(${databases.join('|')})$` }),
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}`);
  return `[options]\n${lines.join('\n')}\n`;
}
