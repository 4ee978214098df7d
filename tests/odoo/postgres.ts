import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, openLog, run, type CommandLine } from './command.js';
import { aptInstall, ensureHostPackages, withFileChanged } from './debian.js';
import { OdooToolError } from './fault.js';
import { isObject, readJson, removeFile, writeJson } from './json-file.js';
import { removeTree } from './mounts.js';
import { cacheRoot, logFileOf, type OdooVersion } from './paths.js';
import { poll } from './poll.js';
import { findFreePort } from './ports.js';
import { endProcess, isRunning, readIdentity, type ProcessIdentity } from './process-identity.js';
import { step } from './progress.js';

/** The running cluster: who it is and how to reach it, with the password of its users `postgres` and `odoo`. */
export interface Cluster {
  readonly process: ProcessIdentity;
  readonly port: number;
  readonly password: string;
}

// Test databases may be lost in a crash of the machine; in return they are quick to make.
const settings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];
const limits = ['max_connections=300', 'shared_buffers=256MB', 'jit=off'];

/** The newest PostgreSQL server on this machine, or null. */
function findPostgres(): { major: string; programs: string } | null {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return null;
  const majors = readdirSync(base).filter((name) => existsSync(join(base, name, 'bin', 'initdb')));
  const major = majors.sort((a, b) => Number(b) - Number(a))[0];
  return major === undefined ? null : { major, programs: join(base, major, 'bin') };
}

function requirePostgres(): { major: string; programs: string } {
  const found = findPostgres();
  if (!found)
    throw new OdooToolError('PostgreSQL is not installed on this machine: "npm run odoo -- up 19" installs it.');
  return found;
}

/** The user that owns a version's databases: Odoo shows those of its own user, so that no version sees the other's. */
export function databaseUser(version: OdooVersion): string {
  return `odoo${version}`;
}

/** The cluster's folder; templates are recorded in it, so that the two are removed together. */
export function clusterFolder(): string {
  return join(cacheRoot(), 'postgres', requirePostgres().major);
}

/** Whether there is a cluster, running or not. */
export function hasCluster(): boolean {
  return findPostgres() !== null && existsSync(dataFolder());
}

/** The cluster when it is running. */
export function readCluster(): Cluster | null {
  if (!findPostgres()) return null;
  const cluster = readJson(join(clusterFolder(), 'running.json'), isCluster);
  return cluster && isRunning(cluster.process) ? cluster : null;
}

/** Makes the cluster when there is none and starts it when it is stopped. The caller holds the lock on services. */
export async function ensureCluster(): Promise<Cluster> {
  const running = readCluster();
  if (running) return running;
  await ensurePostgresInstalled();
  if (!existsSync(dataFolder())) await step('making the PostgreSQL cluster', makeCluster);
  return step('starting PostgreSQL', startCluster);
}

/** Stops the cluster; false when it was not running. */
export async function stopCluster(): Promise<boolean> {
  const cluster = readCluster();
  if (!cluster) return false;
  await endProcess(cluster.process, 'SIGINT', 20_000); // a "fast" shutdown: connections are closed
  removeFile(join(clusterFolder(), 'running.json'));
  return true;
}

function dataFolder(): string {
  return join(clusterFolder(), 'data');
}

async function ensurePostgresInstalled(): Promise<void> {
  if (findPostgres()) return;
  const logFile = logFileOf('host-packages');
  await ensureHostPackages([
    { name: 'postgresql-common', isThere: () => existsSync('/etc/postgresql-common/createcluster.conf') },
  ]);
  // Installing the server makes and starts a cluster on the default port unless it is told not to.
  const setting = 'create_main_cluster = false';
  await withFileChanged(
    '/etc/postgresql-common/createcluster.conf',
    (text) => `${text}\n${setting}\n`,
    () => step('installing PostgreSQL on this machine', () => aptInstall(['postgresql'], logFile)),
  );
  if (!findPostgres())
    throw new OdooToolError(`PostgreSQL was installed but /usr/lib/postgresql has no initdb: see ${logFile}.`);
}

async function makeCluster(): Promise<void> {
  const draft = join(clusterFolder(), 'data.partial');
  await removeTree(draft);
  mkdirSync(clusterFolder(), { recursive: true, mode: 0o755 });
  const user = await readPostgresUser();
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(clusterFolder(), 'password.partial');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chownSync(passwordFile, user.uid, user.gid);
  mkdirSync(draft, { mode: 0o700 });
  chownSync(draft, user.uid, user.gid);
  const options = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  await run(asPostgres('initdb', ['-D', draft, ...options]), { logFile: logFileOf('postgres') });
  writeJson(join(clusterFolder(), 'password.json'), { password });
  rmSync(passwordFile);
  renameSync(draft, dataFolder());
}

async function startCluster(): Promise<Cluster> {
  const before = readJson(join(clusterFolder(), 'running.json'), isCluster);
  const port = await findFreePort(before?.port);
  const password = readJson(join(clusterFolder(), 'password.json'), isPassword)?.password;
  if (password === undefined)
    throw new OdooToolError(`${clusterFolder()} has lost its password.json: remove the folder to have it made anew.`);
  const log = openLog(logFileOf('postgres'));
  const options = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings, ...limits];
  const line = asPostgres('postgres', ['-D', dataFolder(), ...options.flatMap((option) => ['-c', option])]);
  const child = spawn(line.command, [...line.args], { detached: true, stdio: ['ignore', log, log], cwd: '/' });
  closeSync(log);
  child.unref();
  const identity = readIdentity(child.pid ?? 0);
  if (!identity) throw new OdooToolError(`PostgreSQL did not start:\n${lastLines(logFileOf('postgres'), 15)}`);
  const cluster: Cluster = { process: identity, port, password };
  writeJson(join(clusterFolder(), 'running.json'), cluster);
  await waitUntilReady(cluster);
  return cluster;
}

async function waitUntilReady({ process: identity, port }: Cluster): Promise<void> {
  const line = asPostgres('pg_isready', ['-q', '-h', '127.0.0.1', '-p', String(port)]);
  const isReady = () =>
    run(line).then(
      () => true,
      () => false,
    );
  await poll(async () => !isRunning(identity) || (await isReady()), 60_000, 50);
  if (isRunning(identity) && (await isReady())) return;
  await endProcess(identity, 'SIGINT', 5_000);
  throw new OdooToolError(
    `PostgreSQL did not start:\n${lastLines(logFileOf('postgres'), 15)}\nAll of it: ${logFileOf('postgres')}`,
  );
}

function asPostgres(program: string, args: readonly string[]): CommandLine {
  const rights = ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups'];
  return { command: 'setpriv', args: [...rights, '--', join(requirePostgres().programs, program), ...args] };
}

async function readPostgresUser(): Promise<{ uid: number; gid: number }> {
  const entry = (await run({ command: 'getent', args: ['passwd', 'postgres'] })).split(':');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

export function isProcessIdentity(value: unknown): value is ProcessIdentity {
  return isObject(value) && typeof value['pid'] === 'number' && typeof value['startedAt'] === 'string';
}

function isPassword(value: unknown): value is { password: string } {
  return isObject(value) && typeof value['password'] === 'string';
}

function isCluster(value: unknown): value is Cluster {
  return (
    isPassword(value) &&
    'port' in value &&
    typeof value.port === 'number' &&
    'process' in value &&
    isProcessIdentity(value.process)
  );
}
