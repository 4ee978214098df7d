import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OdooToolError } from './fault.js';
import { recordsFolder } from './paths.js';
import { withProgress } from './progress.js';

/**
 * Does the work while no other process does work under the same name.
 *
 * The kernel keeps the lock (flock), held by a small child for as long as this process keeps its pipe open. However this
 * process ends, the pipe closes and the lock is free again: there is no stale lock to recognise.
 */
export async function withLock<T>(name: string, purpose: string, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(name, purpose);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function takeLock(name: string, purpose: string): Promise<() => Promise<void>> {
  const folder = recordsFolder('locks');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  // Detached, so that Ctrl-C in the terminal does not end the holder before its owner.
  const holder = spawn('flock', ['--exclusive', '--no-fork', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const held = new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('error', (error) => reject(new OdooToolError(`Cannot lock ${file}: ${error.message}.`)));
    holder.once('close', (code) =>
      reject(new OdooToolError(`Cannot lock ${file}: flock ended with ${code ?? 'a signal'}.`)),
    );
  });
  await withProgress(() => `waiting for ${readHolder(file)}`, held);
  writeFileSync(file, `process ${process.pid}, ${purpose}`);
  return async () => {
    holder.stdin.end();
    await ended;
  };
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8') || 'another process';
  } catch {
    return 'another process';
  }
}
