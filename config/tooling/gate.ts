/**
 * The whole gate in one command: format, lint, types, import directions, dead code, and every test, those on a real
 * Odoo 14 and 19 included. `npm test -- tests/unit` runs only the tests that jest finds there.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareOdoo, releaseAll } from '../../tests/odoo/index.js';

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const root = join(import.meta.dirname, '..', '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const tooling = (file: string): string => join('config', 'tooling', file);

/** What prettier keeps in form; generated files and captured replies are left as they came. */
const formatted = ['src/**/*.ts', 'tests/**/*.{ts,mjs}', 'config/tooling/*.{ts,js,cjs,mjs}'];

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', bin('tsc'), '-p', 'tsconfig.json'],
  ['lint', bin('eslint'), '-c', tooling('eslint.config.js'), '.'],
  ['format', bin('prettier'), '--config', tooling('prettier.json'), '--check', '--log-level', 'warn', ...formatted],
  ['import directions', bin('depcruise'), '--config', tooling('dependency-cruiser.cjs'), '--output-type', 'err', 'src'],
  ['dead code', bin('knip'), '--config', tooling('knip.json'), '--no-progress'],
];

/** Output is held back and shown whole when the command fails, so that two at once do not mix. */
async function run(name: string, command: string, args: readonly string[]): Promise<Result> {
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => output.push(part));
  child.stderr.on('data', (part: Buffer) => output.push(part));
  const ok = await finished(child);
  const seconds = (Date.now() - started) / 1000;
  console.error(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) console.error(Buffer.concat(output).toString());
  return { name, ok, seconds };
}

function finished(child: ReturnType<typeof spawn>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function runStaticChecks(): Promise<Result[]> {
  const results: Result[] = [];
  for (const [name, command, ...args] of checks) results.push(await run(name, command, args));
  return results;
}

/** Servers and template databases first, so that their installation shows its progress and no test's time is spent on it. */
async function prepareServers(): Promise<void> {
  for (const version of ['19', '14'] as const) await prepareOdoo(version, ['base', 'mail', 'account']);
}

async function runJest(args: readonly string[]): Promise<JestReport> {
  const folder = await mkdtemp(join(tmpdir(), 'odoo-steward-gate-'));
  const report = join(folder, 'jest.json');
  try {
    const child = spawn(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--no-warnings',
        join('node_modules', 'jest', 'bin', 'jest.js'),
        '-c',
        tooling('jest.config.js'),
        '--json',
        `--outputFile=${report}`,
        ...args,
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await finished(child);
    return JSON.parse(await readFile(report, 'utf8')) as JestReport;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
const whole = args.length === 0;
const [results] = whole ? await Promise.all([runStaticChecks(), prepareServers()]) : [[]];
const jest = await runJest(args).finally(releaseAll);

// A suite that cannot even be loaded counts no failed test of its own.
const failed =
  jest.numFailedTests +
  (jest.numFailedTests === 0 ? jest.numFailedTestSuites : 0) +
  results.filter((one) => !one.ok).length;
const passed = jest.numPassedTests + results.filter((one) => one.ok).length;
if (jest.numPendingTests > 0)
  console.error(`${jest.numPendingTests} tests were skipped: a test that does not run proves nothing.`);
console.log(`${passed} passed, ${failed + jest.numPendingTests} failed`);
process.exitCode = failed + jest.numPendingTests === 0 && jest.success ? 0 : 1;
