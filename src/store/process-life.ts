import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one that was given the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it was started, in the machine's own spelling; null where that cannot be found out. */
  readonly startedAt: string | null;
  /** The machine since its last start, and the process numbers that are valid in it (containers have their own). */
  readonly machine: string;
}

export const markProcess = (): ProcessMark => ({
  pid: process.pid,
  startedAt: startOf(process.pid),
  machine: machineMark(),
});

/** Whether it still runs here. A process of another machine or container cannot be seen, and counts as gone. */
export function isRunning(mark: ProcessMark): boolean {
  if (mark.machine !== machineMark()) return false;
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if (!(error instanceof Object && 'code' in error && error.code === 'EPERM')) return false;
  }
  return mark.startedAt === null || startOf(mark.pid) === mark.startedAt;
}

function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // The name in brackets may hold blanks; the 22nd field is the 20th after it.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended, only its parent has not asked how.
    return fields?.[0] === 'Z' ? null : (fields?.[19] ?? null);
  }
  if (process.platform === 'win32') return null;
  return readOr(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim());
}

function machineMark(): string {
  if (process.platform !== 'linux') return hostname();
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const numbers = readOr(() => readlinkSync('/proc/self/ns/pid'));
  return `${boot ?? hostname()} ${numbers ?? ''}`.trim();
}

function readOr(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
