import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A second process in the middle of an apply. `state`: the folder that STEWARD_STATE names, which is there. */
export async function startHangingApply(state: string, instance: string): Promise<ChildProcess> {
  const script = join(root, 'tests/support/apply-and-hang.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, state, instance], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) throw new Error('The apply that should hang has ended');
  return child;
}

export async function killApply(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
