import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');

/** A heading between two parts of the demo. */
export function heading(text: string): void {
  process.stdout.write(`\n${pc.bold(pc.cyan(`▌ ${text}`))}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** How long the whole of it took, with "npm run" around it left out. */
export function sayTotal(): void {
  say(`\nDone in ${Math.round(process.uptime())} s.`);
}

let isStopped = false;

/** Nothing more is started: the demo is being stopped. */
export function stopCommands(): void {
  isStopped = true;
}

/**
 * Runs the command line as a user would type it, shows it, and returns its exit code. It fails the demo when the code is
 * not one of those expected: a demo that goes on after an error shows nothing.
 */
export async function steward(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  expected: readonly number[],
): Promise<number> {
  if (isStopped) throw new DemoStopped('The demo was stopped.');
  say(pc.dim(`$ odoo-steward ${args.map(quote).join(' ')}`));
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src', 'cli.ts'), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status, signal) => resolve(signal === null ? (status ?? 1) : 130));
  });
  if (code === 1 && !expected.includes(1)) throw new DemoStopped(null); // it has said why, in a sentence
  if (!expected.includes(code)) throw new DemoStopped(`"odoo-steward ${args.join(' ')}" ended with ${code}.`);
  return code;
}

const planFile = z.object({ digest: z.string() });

/** Shows the plan, and returns the digest by which exactly this one is applied; null when there is nothing to do. */
export async function showPlan(env: Readonly<Record<string, string>>): Promise<string | null> {
  const file = join(tmpdir(), `odoo-steward-demo-plan-${process.pid}.json`);
  try {
    if ((await steward(['plan', '--out', file], env, [0, 2])) === 0) return null;
    return planFile.parse(JSON.parse(await readFile(file, 'utf8'))).digest.slice(0, 12);
  } finally {
    await rm(file, { force: true });
  }
}

/** The demo cannot go on; the reason is for the person who started it, null when it has been told already. */
export class DemoStopped extends Error {
  override readonly name = 'DemoStopped';
  constructor(readonly reason: string | null) {
    super(reason ?? 'the lines above say why');
  }
}

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`);

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd())
    .join('\n');
}
