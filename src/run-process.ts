/** The process, its terminal and its signals: what `cli.ts` and `main.ts` share. */
import { readFileSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCli, type Io, type Output } from './cli/index.js';
import type { Environment } from './compose.js';

/** One press of Ctrl-C comes from the terminal, and again from npm and whoever else passes it on to its children. */
const SAME_PRESS_MS = 300;

/** Once its reader is gone (`| head`), a stream takes no more; an apply under way still ends as it should. */
function output(stream: NodeJS.WriteStream, { NO_COLOR, FORCE_COLOR, TERM }: Environment): Output {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb' || FORCE_COLOR === '0';
  return {
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    isTerminal: stream.isTTY,
    hasColor: !refused && (stream.isTTY || (FORCE_COLOR !== undefined && FORCE_COLOR !== '')),
  };
}

async function ask(question: string): Promise<string | null> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    let answered = false;
    lines.on('close', () => {
      // Ctrl-C or the end of the input: what is said next begins on a line of its own.
      if (!answered) process.stderr.write('\n');
      resolve(null);
    });
    lines.question(question, (answer) => {
      answered = true;
      resolve(answer);
      lines.close();
    });
  });
}

const createIo = (environment: Environment): Io => ({
  stdout: output(process.stdout, environment),
  stderr: output(process.stderr, environment),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  now: Date.now,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  onInterrupt(handler) {
    let count = 0;
    let lastAt = -Infinity;
    const listener = (): void => {
      const at = performance.now();
      const isNew = at - lastAt > SAME_PRESS_MS;
      lastAt = at;
      if (isNew) handler((count += 1));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
    };
  },
  files: {
    async write(path, text) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    exists: (path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
  },
});

/**
 * Runs one command line in this process; its exit code is set, and the process ends when nothing is under way any more.
 * The adapters are loaded when a command asks for them.
 */
export async function runProcess(argv: readonly string[], environment: Environment): Promise<void> {
  const io = createIo(environment);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const source = { environment, folder: process.cwd(), stderr: io.stderr };
  process.exitCode = await runCli({
    ...{ argv, version, io },
    debug: environment['STEWARD_DEBUG'] === '1',
    workspace: async (options) => (await import('./cli-workspace.js')).openWorkspace({ ...source, ...options }),
    startService: async () => (await import('./cli-service.js')).startService(source),
    openStore: async () => (await import('./cli-service.js')).openServiceStore(source),
  });
}
