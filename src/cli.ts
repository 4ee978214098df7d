#!/usr/bin/env node
/** The composition root of the command line: the process, its terminal and its signals. */
import { readFileSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openWorkspace } from './cli-workspace.js';
import { runCli, type Io, type Output } from './cli/index.js';

// Each look into the real environment asks the system, and the YAML library looks once for every token: a fifth of the
// time that reading definitions takes. Nothing here sets a variable, so a copy does as well.
process.env = { ...process.env };

/** Once its reader is gone (`| head`), a stream takes no more; an apply under way still ends as it should. */
function output(stream: NodeJS.WriteStream): Output {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
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
      if (!answered) io.stderr.write('\n');
      resolve(null);
    });
    lines.question(question, (answer) => {
      answered = true;
      resolve(answer);
      lines.close();
    });
  });
}

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  now: Date.now,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  onInterrupt(handler) {
    let count = 0;
    const listener = (): void => handler((count += 1));
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
};

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
process.exitCode = await runCli({
  argv: process.argv.slice(2),
  version,
  debug: process.env['STEWARD_DEBUG'] === '1',
  workspace: (options) =>
    openWorkspace({ environment: process.env, folder: process.cwd(), stderr: io.stderr, ...options }),
  io,
});
