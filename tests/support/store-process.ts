import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { StoreOptions } from '../../src/store/index.js';

/** A running `store-writer.ts`. */
export interface StoreProcess {
  /** All lines so far; a line that was cut off is none. */
  readonly lines: readonly string[];
  /** Resolves when it has said this many lines; rejects when it ends before. */
  heard(count: number): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  readonly ended: Promise<void>;
}

/** `mode`: rows of a transaction, or `leader`. `name`: the instance that it writes under. */
export function startWriter(options: StoreOptions, mode: string, name: string): StoreProcess {
  const root = join(import.meta.dirname, '..', '..');
  const script = join(root, 'tests', 'support', 'store-writer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options), mode, name], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return listenTo(child);
}

function listenTo(child: ChildProcess): StoreProcess {
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => [...waiting].forEach((look) => look());
  let rest = '';
  let isOver = false;
  child.stdout?.on('data', (part: Buffer) => {
    const pieces = (rest + part.toString()).split('\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces);
    wake();
  });
  child.stderr?.on('data', (part: Buffer) => errors.push(part.toString()));
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      isOver = true;
      wake();
      resolve();
    }),
  );
  return {
    lines,
    ended,
    signal: (signal) => void child.kill(signal),
    heard: (count) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (lines.length < count && !isOver) return;
          waiting.delete(look);
          if (lines.length >= count) resolve();
          else reject(new Error(`The writer ended: ${errors.join('')}`));
        };
        waiting.add(look);
        look();
      }),
  };
}
