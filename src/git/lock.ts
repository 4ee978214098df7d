import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { SourceError } from '../domain/source-error.js';

const beatMs = 5_000;
/** A holder that missed this many milliseconds of beats is gone. */
const staleMs = 30_000;

/** Runs `work` while no other process (or other call in this one) runs under the same lock file. */
export async function withLock<T>(
  file: string,
  timeoutMs: number,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const nonce = `${hostname()} ${process.pid} ${randomUUID()}`;
  const deadline = Date.now() + timeoutMs;
  while (!(await take(file, nonce))) {
    signal?.throwIfAborted();
    if (Date.now() > deadline) {
      throw new SourceError(
        'source_unreachable',
        `Another process has been using ${file} for ${timeoutMs / 1000} s: wait for it, or end it`,
      );
    }
    if (!(await buryIfDead(file))) await sleep(50);
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // Only our own: if this process stood still too long, another may hold it by now.
    if ((await readFile(file, 'utf8').catch(() => '')) === nonce) await rm(file, { force: true });
  }
}

async function take(file: string, nonce: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(nonce);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Removes the lock of a holder that died. The hard link under the dead holder's name can be made once only, so of
 * several that find the same dead lock one removes it, and none removes the next holder's.
 */
async function buryIfDead(file: string): Promise<boolean> {
  try {
    const [nonce, info] = [await readFile(file, 'utf8'), await stat(file)];
    const [host, pid, id] = nonce.split(' ');
    const silent = Date.now() - info.mtimeMs > staleMs;
    const dead = silent || (id !== undefined && host === hostname() && !isAlive(Number(pid)));
    if (!dead) return false;
    const grave = `${file}.${id ?? String(info.ino)}.dead`;
    await link(file, grave);
    if ((await readFile(grave, 'utf8')) === nonce) await rm(file, { force: true });
    await sleep(10);
    await rm(grave, { force: true });
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
