import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { OdooToolError } from './fault.js';

const execute = promisify(execFile);

/** The mount points at or below a folder, from the text of /proc/self/mountinfo (where a space is written \040). */
export function mountsWithin(folder: string, mountinfo: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((point) => point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    .filter((point) => isWithin(point, folder));
}

/** The processes whose root folder is this one or below it: they run from an install. */
export function processesRootedIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return isWithin(readlinkSync(`/proc/${pid}/root`), folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Removes a folder with all it holds, but refuses while something is mounted in it or runs from it. */
export async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const real = realpathSync(folder);
  const mounted = mountsWithin(real, readFileSync('/proc/self/mountinfo', 'utf8'));
  if (mounted.length > 0)
    throw new OdooToolError(
      `${folder} is not removed because ${mounted.join(', ')} is mounted in it: unmount that first.`,
    );
  const running = processesRootedIn(real);
  if (running.length > 0)
    throw new OdooToolError(
      `${folder} is not removed because process ${running.join(', ')} runs from it: "npm run odoo -- down" stops what this tool started.`,
    );
  await execute('rm', ['-rf', '--one-file-system', '--', real]);
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
