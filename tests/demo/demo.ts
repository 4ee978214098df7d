/** `npm run demo`: the main job from nothing, on a real Odoo that it installs, or on yours where ODOO_URL is set. */
import { config } from 'dotenv';
import { messageOf, OdooToolError } from '../odoo/fault.js';
import { serverRecords } from '../odoo/records.js';
import { takeDown } from '../odoo/services.js';
import { runExternalDemo } from './external-demo.js';
import { runLocalDemo } from './local-demo.js';
import { DemoStopped } from './show.js';

const help = `npm run demo            a real Odoo 19 from Debian's packages, and the whole main job on it
npm run demo -- --yes   on your Odoo (ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or .env): apply without asking

Ctrl-C stops all that it started. "npm run odoo -- down" does so later.
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  config({ quiet: true });
  const url = process.env['ODOO_URL'];
  if (url !== undefined && url !== '') return runExternalDemo(url, args.includes('--yes'));
  const wasUp = serverRecords.list().length > 0;
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      process.stderr.write(
        wasUp ? '\nStopped; Odoo was up before and stays up.\n' : '\nStopping what the demo started ...\n',
      );
      void (wasUp ? Promise.resolve() : takeDown(false)).finally(() => process.exit(130));
    });
  }
  await runLocalDemo();
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof DemoStopped || error instanceof OdooToolError)) throw error;
  process.stderr.write(`\n${messageOf(error)}\n`);
  process.exitCode = 1;
}
