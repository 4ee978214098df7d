import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dropDatabase, dropEmptyDatabases, ensureEmptyDatabases } from './database.js';
import { ensureInstalled } from './install.js';
import { removeFile } from './json-file.js';
import { withLock } from './lock.js';
import { logFileOf, odooVersions, type OdooVersion } from './paths.js';
import { poll } from './poll.js';
import { findFreePort } from './ports.js';
import { databaseUser, ensureCluster, readCluster, stopCluster, type Cluster } from './postgres.js';
import { endProcess, isRunning, ownIdentity } from './process-identity.js';
import { query, renderLiteral } from './psql.js';
import {
  companionRecords,
  databaseRecords,
  isOwn,
  leaseRecords,
  readLiveLeases,
  serverRecords,
  type ServerRecord,
} from './records.js';
import { isAnswering, startServer, stopServer, type ServerPlan } from './server.js';

/** Who the lease on a shared server is for: this process, or everyone until "down". */
export type Holder = 'process' | 'kept';

/** Leases the shared server of a version, starting whatever of it is not running. */
export async function leaseSharedServer(version: OdooVersion, holder: Holder): Promise<ServerRecord> {
  await ensureInstalled(version);
  return withServices(`starting Odoo ${version}`, async () => {
    leaseRecords.write({ version, holder: holder === 'kept' ? 'kept' : ownIdentity() });
    const cluster = await ensureReadyCluster();
    await sweep();
    if (holder === 'process') await ensureEmptyDatabases(version);
    return (await findSharedServer(version)) ?? startServer(await planShared(version), cluster);
  });
}

/** Makes sure of what a server of this process alone needs: the install, the cluster, a lease that keeps them. */
export async function leaseForExclusive(version: OdooVersion): Promise<Cluster> {
  await ensureInstalled(version);
  return withServices('starting PostgreSQL', async () => {
    leaseRecords.write({ version, holder: ownIdentity() });
    const cluster = await ensureReadyCluster();
    await sweep();
    return cluster;
  });
}

/** Leases the cluster alone, for tests that need a database and no Odoo. */
export async function leaseCluster(version: OdooVersion): Promise<Cluster> {
  return withServices('starting PostgreSQL', async () => {
    leaseRecords.write({ version, holder: ownIdentity() });
    return ensureReadyCluster();
  });
}

/** Gives back all that this process uses, and stops what nobody uses any more. Returns what was stopped. */
export async function releaseOwn(): Promise<string[]> {
  if (isNothingRecorded()) return []; // on a machine without any of this there is not even a lock to take
  return withServices('stopping what is no longer used', async () => {
    for (const lease of leaseRecords.list()) if (isOwn(lease.holder)) leaseRecords.remove(lease);
    const stopped = await stopServers((server) => isOwn(server.owner));
    await dropDatabases((owner) => isOwn(owner));
    return [...stopped, ...(await sweep()), ...(await stopIdleCluster())];
  });
}

/** Whether "up" keeps the shared server of a version, and it runs. */
export function isKeptUp(version: OdooVersion): boolean {
  const isKept = leaseRecords.list().some((lease) => lease.version === version && lease.holder === 'kept');
  return isKept && serverRecords.list().some(({ id, process }) => id === version && isRunning(process));
}

/**
 * Ends what "up" keeps, of these versions, and with `force` also what other processes use. Returns what was stopped.
 */
export async function takeDown(force: boolean, versions: readonly OdooVersion[] = odooVersions): Promise<string[]> {
  if (isNothingRecorded()) return [];
  return withServices('stopping Odoo', async () => {
    for (const lease of leaseRecords.list())
      if (force || (lease.holder === 'kept' && versions.includes(lease.version))) leaseRecords.remove(lease);
    const companions = await stopCompanions();
    const forced = force ? await stopServers(() => true) : [];
    return [...companions, ...forced, ...(await sweep()), ...(await stopIdleCluster())];
  });
}

/** Stops what works with the servers, in its own good order. Returns what was stopped. */
export async function stopCompanions(): Promise<string[]> {
  const stopped: string[] = [];
  for (const companion of companionRecords.list()) {
    if (await endProcess(companion.process, 'SIGTERM', 20_000))
      stopped.push(`${companion.name} (process ${companion.process.pid})`);
    companionRecords.remove(companion);
  }
  return stopped;
}

function isNothingRecorded(): boolean {
  return (
    [leaseRecords, serverRecords, databaseRecords, companionRecords].every((records) => records.list().length === 0) &&
    readCluster() === null
  );
}

/** One process at a time starts or stops servers, so that none is stopped while another counts on it. */
function withServices<T>(purpose: string, work: () => Promise<T>): Promise<T> {
  return withLock('services', purpose, work);
}

async function ensureReadyCluster(): Promise<Cluster> {
  const cluster = await ensureCluster();
  for (const user of odooVersions.map(databaseUser)) {
    const found = await query('postgres', 'SELECT 1 FROM pg_roles WHERE rolname = $1', [user]);
    if (found.length === 0)
      await query('postgres', `CREATE ROLE ${user} LOGIN CREATEDB PASSWORD ${renderLiteral(cluster.password)}`);
  }
  return cluster;
}

async function findSharedServer(version: OdooVersion): Promise<ServerRecord | null> {
  const server = serverRecords.list().find(({ id }) => id === version);
  if (!server) return null;
  // A server that others keep busy is not a broken one: it gets its time to answer.
  const isUsable = await poll(async () => !isRunning(server.process) || (await isAnswering(server)), 60_000, 500);
  if (isUsable && isRunning(server.process)) return server;
  await stopServer(server);
  return null;
}

async function planShared(version: OdooVersion): Promise<ServerPlan> {
  const port = await findFreePort(20_000 + Number(version)); // the same each time, for the browser's sake
  // No cron threads: the schedules of one test's database must not run while another test looks on.
  return { id: version, version, isExclusive: false, port, cronThreads: 0, databases: [] };
}

/** Stops servers and drops databases that nobody uses: those of ended processes and shared servers without a lease. */
async function sweep(): Promise<string[]> {
  const isUnused = ({ owner, version, process }: ServerRecord) =>
    !isRunning(process) || (owner === null ? readLiveLeases(version).length === 0 : !isRunning(owner));
  const stopped = await stopServers(isUnused);
  await dropDatabases((owner) => !isRunning(owner));
  for (const version of odooVersions)
    if (readCluster() && readLiveLeases(version).every(({ holder }) => holder === 'kept'))
      await dropEmptyDatabases(version);
  removeOldLogs();
  return stopped;
}

/** The logs of servers that belonged to one process are worth a day. */
function removeOldLogs(): void {
  const folder = dirname(logFileOf('odoo'));
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((file) => /^odoo-\d+-[0-9a-f]+\.log$/.test(file))) {
    const age = Date.now() - statSync(join(folder, name)).mtimeMs;
    if (age > 24 * 3600 * 1000) removeFile(join(folder, name));
  }
}

async function stopServers(isMeant: (server: ServerRecord) => boolean): Promise<string[]> {
  const stopped: string[] = [];
  for (const server of serverRecords.list().filter(isMeant))
    if (await stopServer(server)) stopped.push(`Odoo ${server.version} (process ${server.process.pid})`);
  return stopped;
}

async function dropDatabases(isMeant: (owner: ReturnType<typeof ownIdentity>) => boolean): Promise<void> {
  const leftOver = databaseRecords.list().filter(({ owner }) => owner !== null && isMeant(owner));
  if (leftOver.length === 0 || !readCluster()) return;
  for (const record of leftOver) await dropDatabase(record);
}

async function stopIdleCluster(): Promise<string[]> {
  if (readLiveLeases().length > 0 || serverRecords.list().length > 0) return [];
  const pid = readCluster()?.process.pid;
  return (await stopCluster()) ? [`PostgreSQL (process ${pid ?? '?'})`] : [];
}
