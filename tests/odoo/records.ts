import { join } from 'node:path';
import { isObject, readRecords, removeFile, writeJson } from './json-file.js';
import { recordsFolder, type OdooVersion } from './paths.js';
import { isProcessIdentity } from './postgres.js';
import { isRunning, isSameProcess, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** A user of a test database. */
export interface Credential {
  readonly login: string;
  readonly password: string | null;
  readonly apiKey: string;
  readonly uid: number;
}

export interface Credentials {
  /** An administrator with a password and a key. */
  readonly admin: Credential;
  /** An administrator with a key and no password. */
  readonly sync: Credential;
  /** An internal user without administration rights. */
  readonly plain: Credential;
  readonly portal: Credential;
}

export type TemplateName = 'base' | 'mail' | 'account';
export const templateNames = ['base', 'mail', 'account'] as const satisfies readonly TemplateName[];

/** A server that was started and may be running. */
export interface ServerRecord {
  /** The version for the shared server; with a suffix for the one of a single process. */
  readonly id: string;
  readonly version: OdooVersion;
  readonly port: number;
  readonly process: ProcessIdentity;
  readonly logFile: string;
  /** The process it belongs to and goes away with; null for the shared server. */
  readonly owner: ProcessIdentity | null;
}

/** Someone who uses the shared server: a process, or (`kept`) the command "up" until "down". */
export interface LeaseRecord {
  readonly version: OdooVersion;
  readonly holder: ProcessIdentity | 'kept';
}

/** A database that was made from a template; without an owner it is kept until someone drops it. */
export interface DatabaseRecord {
  readonly name: string;
  readonly version: OdooVersion;
  readonly template: TemplateName;
  readonly owner: ProcessIdentity | null;
  readonly credentials: Credentials;
}

/** A process that works with a server and is stopped with it: the demo's service. */
export interface CompanionRecord {
  readonly id: string;
  /** For people, when it is stopped. */
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly url: string;
  readonly logFile: string;
}

export const serverRecords = recordsOf<ServerRecord>('servers', ({ id }) => id, [
  'id',
  'version',
  'port',
  'process',
  'logFile',
  'owner',
]);
export const leaseRecords = recordsOf<LeaseRecord>(
  'leases',
  ({ version, holder }) => `${version}-${holder === 'kept' ? holder : holder.pid}`,
  ['version', 'holder'],
);
export const databaseRecords = recordsOf<DatabaseRecord>('databases', ({ name }) => name, [
  'name',
  'version',
  'template',
  'owner',
  'credentials',
]);

export const companionRecords = recordsOf<CompanionRecord>('companions', ({ id }) => id, [
  'id',
  'name',
  'process',
  'url',
  'logFile',
]);

/** The leases of processes that are still running, and the kept ones; those of the dead are removed on the way. */
export function readLiveLeases(version?: OdooVersion): LeaseRecord[] {
  return leaseRecords.list().filter((lease) => {
    const alive = lease.holder === 'kept' || isRunning(lease.holder);
    if (!alive) leaseRecords.remove(lease);
    return alive && (version === undefined || lease.version === version);
  });
}

export function isOwn(holder: ProcessIdentity | 'kept' | null): boolean {
  return holder !== null && holder !== 'kept' && isSameProcess(holder, ownIdentity());
}

function recordsOf<T extends object>(
  kind: 'leases' | 'servers' | 'databases' | 'companions',
  nameOf: (record: T) => string,
  keys: readonly (keyof T & string)[],
) {
  const fileOf = (record: T) => join(recordsFolder(kind), `${nameOf(record)}.json`);
  // Only this tool writes these files, so their parts are looked at no further than for being there.
  const isRecord = (value: unknown): value is T =>
    isObject(value) &&
    keys.every((key) => key in value) &&
    ['process', 'owner', 'holder'].every((key) => isWhoOrNothing(value[key]));
  return {
    list: (): T[] => readRecords(recordsFolder(kind), isRecord).map(({ value }) => value),
    write: (record: T): void => writeJson(fileOf(record), record),
    remove: (record: T): void => removeFile(fileOf(record)),
  };
}

function isWhoOrNothing(value: unknown): boolean {
  return value === undefined || value === null || value === 'kept' || isProcessIdentity(value);
}
