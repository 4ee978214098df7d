import { chmod, mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '../../domain/store-error.js';

/** Linux' numbers of file systems (statfs(2)) that several machines share: SQLite's locks do not hold there. */
const networkFileSystems = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
]);

/** May be local or not: nobody can tell from here. */
const unsureFileSystems = new Map([
  [0x65735546, 'FUSE'],
  [0x01021997, '9p'],
]);

/**
 * Makes the folder (mode 0700) and the file (0600) where they are not there yet; SQLite gives its side files the file's
 * mode. Throws `StoreError` (`store_unavailable`), also on a network file system.
 */
export async function prepareFile(file: string, warn: (message: string) => void): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await refuseNetwork(file, warn);
    await makePrivate(file, warn);
  } catch (error) {
    if (error instanceof StoreError) throw error;
    const reason =
      typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
    const mend = 'name a place that this user may write to';
    throw new StoreError('store_unavailable', `The database ${file} cannot be opened (${reason}): ${mend}.`, {
      cause: error,
    });
  }
}

async function refuseNetwork(file: string, warn: (message: string) => void): Promise<void> {
  if (process.platform !== 'linux') return;
  const type = (await statfs(dirname(file))).type >>> 0;
  const name = networkFileSystems.get(type);
  if (name !== undefined)
    throw new StoreError(
      'store_unavailable',
      `The database ${file} lies on a network file system (${name}), which would damage it: use a local disk, or PostgreSQL (DATABASE_URL).`,
    );
  const unsure = unsureFileSystems.get(type);
  if (unsure !== undefined)
    warn(`The database ${file} lies on a ${unsure} file system: if other machines share it, use PostgreSQL instead.`);
}

async function makePrivate(file: string, warn: (message: string) => void): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  await handle.close();
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  await chmod(file, 0o600);
  warn(`The database ${file} could be read by other users of this machine: its mode is 0600 now.`);
}
