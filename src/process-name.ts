/** Names of processes that hold leases: told apart from a later process that was given the same number. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const UNKNOWN = '-';
const NAME = /^[^:]*:(\d+):([0-9a-f]{12}|-):([0-9a-f]{12}|-):/;

/** `host:number:machine:start:chance`; the machine is the one since its last start, with the numbers valid in it. */
export const nameThisProcess = (): string =>
  [hostname(), process.pid, machineMark(), startMark(process.pid) ?? UNKNOWN, randomBytes(4).toString('hex')].join(':');

/**
 * Whether the process of this name is known to have ended. False when that cannot be told: it belongs to another machine
 * or container, or this system tells too little. A lease then decides, by its time.
 */
export function hasEnded(name: string): boolean {
  const [, number, machine, start] = NAME.exec(name) ?? [];
  if (number === undefined || machine === UNKNOWN || machine !== machineMark()) return false;
  try {
    process.kill(Number(number), 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH';
  }
  const now = startMark(Number(number));
  return now !== null && start !== UNKNOWN && now !== start;
}

/** How people know it: `process 4711 on host`. */
export function showProcess(name: string): string {
  const [host = '', number = ''] = name.split(':');
  return `process ${number} on ${host}`;
}

/** When a process was started; null where that cannot be found out. A zombie has ended, only its parent has not asked how. */
function startMark(pid: number): string | null {
  if (process.platform === 'win32') return null;
  if (process.platform !== 'linux')
    return mark(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }));
  return mark(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks; the 22nd field is the 20th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  });
}

function machineMark(): string {
  const read = (): string => {
    switch (process.platform) {
      case 'linux':
        return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')} ${readlinkSync('/proc/self/ns/pid')}`;
      case 'darwin':
        return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' });
      default:
        return '';
    }
  };
  return mark(read) ?? UNKNOWN;
}

function mark(read: () => string): string | null {
  try {
    const text = read().trim();
    return text === '' ? null : createHash('sha256').update(text).digest('hex').slice(0, 12);
  } catch {
    return null;
  }
}
