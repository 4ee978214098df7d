import { constants } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ApplyJournal, ApplyRecord, InterruptedApply, WriteResult } from '../app/ports.js';
import { readEntry, type BeginLine, type JournalLine } from './journal-line.js';
import { isRunning, markProcess } from './process-life.js';

export interface ApplyJournalOptions {
  /** Holds a folder for each instance, and in it a file for each apply: NDJSON, appended to, numbered. */
  readonly folder: string;
  /** UTC, milliseconds. */
  readonly now: () => number;
  /** Makes the error that `begin` throws while another process applies: an `ApplyRefused` (`apply_running`). */
  readonly refuse: (message: string) => Error;
}

const KEPT = 50;

/**
 * The journal on this machine. A file is also the lock: it appears whole (`link` of a finished one) under the next
 * number, which only one process can take; it holds until its `end` line, or until its process is gone.
 */
export function createApplyJournal({ folder, now, refuse }: ApplyJournalOptions): ApplyJournal {
  const folderOf = (instance: string): string => join(folder, 'applies', encodeURIComponent(instance));
  return {
    async begin({ instance, digest, total }): Promise<ApplyRecord> {
      const own = folderOf(instance);
      await mkdir(own, { recursive: true, mode: 0o700 });
      const line: BeginLine = {
        event: 'begin',
        at: new Date(now()).toISOString(),
        digest,
        total,
        process: markProcess(),
      };
      const path = await take(own, line, (other) => refuse(runningMessage(instance, other, now())));
      return recordIn(path, now);
    },

    async interrupted(instance): Promise<InterruptedApply | null> {
      const last = await lastEntry(folderOf(instance));
      if (last === null || last.end !== null || isRunning(last.begin.process)) return null;
      const { at, digest, total } = last.begin;
      return { startedAt: at, digest, total, written: last.written };
    },
  };
}

/** Makes the file with the next number, or finds that another process works under the last one. */
async function take(folder: string, line: BeginLine, refuse: (other: BeginLine) => Error): Promise<string> {
  for (;;) {
    const last = await lastEntry(folder);
    if (last !== null && last.end === null && isRunning(last.begin.process)) throw refuse(last.begin);
    const number = (last?.number ?? 0) + 1;
    const path = join(folder, fileName(number));
    if (!(await appear(folder, path, line))) continue;
    // A slow rival may have taken a number that was cleaned away meanwhile: the higher one counts.
    const numbers = await numbersIn(folder);
    if (numbers.at(-1) === number) {
      for (const old of numbers.slice(0, -KEPT)) await rm(join(folder, fileName(old)), { force: true });
      return path;
    }
    await rm(path, { force: true });
  }
}

/** True when the file is ours; false when the name was taken. */
async function appear(folder: string, path: string, line: JournalLine): Promise<boolean> {
  const draft = join(folder, `.${randomUUID()}`);
  try {
    await append(draft, line);
    await link(draft, path);
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (error instanceof Object && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function recordIn(path: string, now: () => number): ApplyRecord {
  return {
    async wrote(results: readonly WriteResult[]): Promise<void> {
      const kept = results.map(({ externalId, recordId, status }) => ({ externalId, recordId, status }));
      await append(path, { event: 'wrote', at: new Date(now()).toISOString(), results: kept });
    },
    async end(outcome): Promise<void> {
      await append(path, { event: 'end', at: new Date(now()).toISOString(), outcome });
    },
  };
}

/** On the disk before it returns: a crash right after it must find the line. */
async function append(path: string, line: JournalLine): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder, and needs none of this.
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function lastEntry(folder: string) {
  // From the end: a file whose first line cannot be read says nothing, and the one before it does.
  for (const number of (await numbersIn(folder)).reverse()) {
    const entry = readEntry(await readFile(join(folder, fileName(number)), 'utf8'));
    if (entry !== null) return { number, ...entry };
  }
  return null;
}

async function numbersIn(folder: string): Promise<number[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => /^(\d+)\.ndjson$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}

const fileName = (number: number): string => `${String(number).padStart(8, '0')}.ndjson`;

function runningMessage(instance: string, begin: BeginLine, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(begin.at)) / 1000));
  return `Another apply to ${instance} is running here (process ${begin.process.pid}, begun ${seconds} s ago): wait for it to end. Nothing was written.`;
}
