import { spawn } from 'node:child_process';
import { join } from 'node:path';
import pc from 'picocolors';

const root = join(import.meta.dirname, '..', '..');

/** A heading between two parts of the demo. */
export function heading(text: string): void {
  process.stdout.write(`\n${pc.bold(pc.cyan(`▌ ${text}`))}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
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
  if (!expected.includes(code))
    throw new DemoStopped(`"odoo-steward ${args.join(' ')}" ended with ${code}; the lines above say why.`);
  return code;
}

/** The demo cannot go on; the message is for the person who started it. */
export class DemoStopped extends Error {
  override readonly name = 'DemoStopped';
}

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`);

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}`.trimEnd())
    .join('\n');
}
