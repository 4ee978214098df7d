import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

interface DemoOptions {
  /** In place of what this process has; nothing of Odoo's or ours is taken over from it. */
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** What the command is started by, such as one that takes rights away or gives it a terminal. */
  readonly through?: (command: readonly string[]) => readonly string[];
}

/** `npm run demo`, as a person starts it in a terminal: a process group of its own. */
export class DemoRun {
  /** What it printed, on both. */
  output = '';
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly mark = `TEST_RUN=${randomUUID()}`;

  constructor({ env, args = [], cwd = root, through = (command) => command }: DemoOptions) {
    const [command = '', ...rest] = through(['npm', 'run', '-s', 'demo', '--', ...args]);
    const { PATH = '', HOME = '' } = process.env;
    const [name = '', value = ''] = this.mark.split('=');
    this.child = spawn(command, rest, {
      cwd,
      env: { PATH, HOME, NO_COLOR: '1', ...env, [name]: value },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => (this.output += part.toString()));
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve(signal === 'SIGINT' ? 130 : code));
    });
  }

  /** Waits for it to come so far; fails when it ends before that. */
  async until(isSoFar: () => boolean): Promise<void> {
    const run = { hasEnded: false };
    void this.exited.then(() => (run.hasEnded = true));
    while (!isSoFar()) {
      if (run.hasEnded) throw new Error(`It ended too early:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ctrl-C: the terminal sends it to the whole group. */
  pressCtrlC(): void {
    process.kill(-(this.child.pid ?? 0), 'SIGINT');
  }

  /** For what a failed test leaves behind. */
  endIfRunning(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.pressCtrlC();
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  endInput(): void {
    this.child.stdin?.end();
  }

  /** What it started and what is running now, servers in the cache folder included: `PID command`. */
  survivors(folder: string): string[] {
    return runningProcesses().flatMap(({ pid, group, environment, places, command }) => {
      const isItsOwn = group === this.child.pid || environment.includes(this.mark);
      return isItsOwn || isWithin(places, folder) ? [`${pid} ${command}`] : [];
    });
  }
}

/** The processes that run in a folder or have it as their root. */
export const processesIn = (folder: string): string[] =>
  runningProcesses().flatMap(({ pid, places, command }) => (isWithin(places, folder) ? [`${pid} ${command}`] : []));

const isWithin = (places: readonly string[], folder: string): boolean =>
  places.some((place) => place === folder || place.startsWith(`${folder}/`));

function runningProcesses() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, 'utf8');
        const [state, , group] = read('stat')
          .replace(/^.*\) /s, '')
          .split(' ');
        if (state === 'Z') return [];
        const places = ['root', 'cwd'].map((link) => readlinkSync(`/proc/${name}/${link}`));
        const command = read('cmdline').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), group: Number(group), environment: read('environ').split('\0'), places, command }];
      } catch {
        return []; // gone since, or a thread of the kernel
      }
    });
}
