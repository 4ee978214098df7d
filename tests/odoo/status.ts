import { readInstall, type InstallRecord } from './install.js';
import { cacheRoot, odooVersions, type OdooVersion } from './paths.js';
import { readCluster } from './postgres.js';
import { isRunning } from './process-identity.js';
import { databaseRecords, readLiveLeases, serverRecords } from './records.js';
import { urlOf } from './server.js';
import { listTemplates } from './template.js';

/** What is installed and what runs. */
export interface Status {
  readonly folder: string;
  readonly postgres: { readonly pid: number; readonly port: number } | null;
  readonly odoo: readonly OdooStatus[];
}

interface OdooStatus {
  readonly version: OdooVersion;
  readonly installed: InstallRecord | null;
  readonly servers: readonly { url: string; pid: number; logFile: string; isShared: boolean }[];
  readonly templates: readonly string[];
  readonly databases: readonly string[];
  /** Who keeps the shared server: numbers of processes, or "up". */
  readonly leases: readonly string[];
}

export function readStatus(): Status {
  const cluster = readCluster();
  return {
    folder: cacheRoot(),
    postgres: cluster && { pid: cluster.process.pid, port: cluster.port },
    odoo: odooVersions.map(readOdooStatus),
  };
}

function readOdooStatus(version: OdooVersion): OdooStatus {
  const isOfVersion = (record: { version: OdooVersion }) => record.version === version;
  return {
    version,
    installed: readInstall(version),
    servers: serverRecords
      .list()
      .filter((server) => isOfVersion(server) && isRunning(server.process))
      .map((server) => ({
        url: urlOf(server),
        pid: server.process.pid,
        logFile: server.logFile,
        isShared: server.owner === null,
      })),
    templates: listTemplates(version),
    databases: databaseRecords
      .list()
      .filter(isOfVersion)
      .map(({ name }) => name),
    leases: readLiveLeases(version).map(({ holder }) => (holder === 'kept' ? 'up' : String(holder.pid))),
  };
}

/** The status as a table for people. */
export function renderStatus({ folder, postgres, odoo }: Status): string {
  const head = ['odoo', 'installed', 'server', 'process', 'templates', 'databases', 'used by'];
  const rows = odoo.flatMap((of) => {
    const size = of.installed ? `${of.installed.package.split(' ')[1] ?? ''} (${of.installed.megabytes} MB)` : 'no';
    const rest = [of.templates.join(' ') || '-', String(of.databases.length), of.leases.join(' ') || '-'];
    const [first, ...others] = of.servers.map((server) => [
      server.isShared ? server.url : `${server.url} (own)`,
      String(server.pid),
    ]);
    const more = others.map((server) => ['', '', ...server, '', '', '']);
    return [[of.version, size, ...(first ?? ['stopped', '-']), ...rest], ...more];
  });
  const cluster = postgres ? `running on 127.0.0.1:${postgres.port}, process ${postgres.pid}` : 'stopped';
  return `${renderTable([head, ...rows])}\n\npostgresql  ${cluster}\nfolder      ${folder}\n`;
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(width(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
