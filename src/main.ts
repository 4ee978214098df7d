#!/usr/bin/env node
/** The composition root of the service: the process and its signals. */
import { serve } from './serve.js';
import { loadSettings, SettingsInvalid } from './settings/index.js';
import { showProblem } from './domain/problem.js';

async function main(): Promise<void> {
  const settings = loadSettings({ environment: process.env, folder: process.cwd(), needsInstance: false });
  for (const warning of settings.warnings) process.stderr.write(`${showProblem(warning)}\n`);
  const service = await serve({ settings, environment: process.env });
  process.stderr.write(`odoo-steward listens on ${service.url} (API: ${service.url}/docs)\n`);
  if (settings.howToAddInstance !== null) process.stderr.write(`${settings.howToAddInstance}\n`);
  const stop = (): void => {
    process.stderr.write('Stopping: what is under way comes to its end first.\n');
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
}

/** One sentence for what a person can mend; only a defect shows where it came from. */
function fail(error: unknown): void {
  if (error instanceof SettingsInvalid) {
    for (const problem of error.problems) process.stderr.write(`${showProblem(problem)}\n`);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  const said =
    error instanceof Error ? (code === null ? (error.stack ?? error.message) : error.message) : String(error);
  process.stderr.write(`${said}\n`);
  process.exit(1);
}

main().catch(fail);
