import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { OdooToolError } from './fault.js';

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Takes what the command says; without it the messages on stderr become part of the failure. */
  readonly logFile?: string;
  /** What it writes on stdout is a secret and stays out of the log file. */
  readonly isSecret?: boolean;
}

/** Runs a command to its end and returns what it wrote on stdout. Fails with the last lines of what it said. */
export async function run(line: CommandLine, options: RunOptions = {}): Promise<string> {
  const log = options.logFile === undefined ? null : openLog(options.logFile);
  try {
    const { code, stdout, stderr } = await collect(line, options, log);
    if (code === 0) return stdout;
    const said =
      options.logFile === undefined
        ? stderr || stdout
        : `${lastLines(options.logFile, 15)}\nAll of it: ${options.logFile}`;
    throw new OdooToolError(`${line.command} ended with ${code ?? 'a signal'}:\n${said.trim()}`);
  } finally {
    if (log !== null) closeSync(log);
  }
}

function collect(
  { command, args }: CommandLine,
  { env, input, isSecret }: RunOptions,
  log: number | null,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', log ?? 'pipe'], ...(env && { env }) });
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout?.on('data', (chunk: Buffer) => {
      chunks.stdout.push(chunk);
      if (log !== null && !isSecret) writeFileSync(log, chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
    child.once('error', (error) => reject(new OdooToolError(`Cannot run ${command}: ${error.message}.`)));
    child.once('close', (code) =>
      resolve({
        code,
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString(),
      }),
    );
    child.stdin?.on('error', () => undefined); // a command that ends early need not read all of its input
    child.stdin?.end(input ?? '');
  });
}

/** Opens a log file for adding to it, making its folder when there is none. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a', 0o640);
}

/** The last lines of a text file, or a word that there are none. */
export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return `(nothing in ${file})`;
  }
}
