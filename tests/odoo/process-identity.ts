import { readFileSync } from 'node:fs';
import { poll } from './poll.js';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The machine's boot and the process's start in clock ticks since then. */
  readonly startedAt: string;
}

/** Reads state and start time from the text of /proc/PID/stat, whose second field may hold spaces and brackets. */
export function parseStat(text: string): { state: string; startTicks: string } | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state && startTicks && /^\d+$/.test(startTicks) ? { state, startTicks } : null;
}

/** Identifies the running process with this number, or null when there is none (a zombie counts as none). */
export function readIdentity(pid: number): ProcessIdentity | null {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!stat || stat.state === 'Z' || stat.state === 'X') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { pid, startedAt: `${boot}/${stat.startTicks}` };
  } catch {
    return null;
  }
}

export function ownIdentity(): ProcessIdentity {
  return readIdentity(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt;
}

export function isRunning(identity: ProcessIdentity): boolean {
  const now = readIdentity(identity.pid);
  return now !== null && isSameProcess(now, identity);
}

/** Ends exactly this process: the given signal, a time to finish, then SIGKILL. False when it was gone already. */
export async function endProcess(
  identity: ProcessIdentity,
  signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL',
  graceMs: number,
): Promise<boolean> {
  if (!sendSignal(identity, signal)) return false;
  if (await hasEnded(identity, graceMs)) return true;
  sendSignal(identity, 'SIGKILL');
  if (await hasEnded(identity, 5_000)) return true;
  throw new Error(`Process ${identity.pid} does not end, not even by SIGKILL: it waits for the disk or the kernel.`);
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

function hasEnded(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  return poll(() => !isRunning(identity), withinMs, 30);
}
