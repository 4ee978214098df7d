/** `npm run demo`: the main job from nothing, on a real Odoo that it installs, or on yours where ODOO_URL is set. */
import { config } from 'dotenv';
import { isOdooError } from '../../src/domain/odoo-error.js';
import { messageOf, OdooToolError } from '../odoo/fault.js';
import { isKeptUp, takeDown } from '../odoo/services.js';
import { stopDemoService } from './demo-service.js';
import { runExternalDemo } from './external-demo.js';
import { runLocalDemo } from './local-demo.js';
import { DemoStopped, stopCommands } from './show.js';

const help = `npm run demo            a real Odoo 19 from Debian's packages, and the whole main job on it
npm run demo -- --yes   on your Odoo (ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or .env): apply without asking

Ctrl-C stops all that it started. "npm run odoo -- down" does so later. The first run installs Odoo and takes some
minutes, later ones half a minute; ODOO_STEWARD_CACHE names the folder that it installs into.
`;

/** `done` settles when everything is stopped, and is there once somebody has asked for that. */
const stopping: { done: Promise<void> | null } = { done: null };

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => !['--yes', '--help', '-h'].includes(arg));
  if (unknown !== undefined) throw new DemoStopped(`The demo knows no "${unknown}": see npm run demo -- --help.`);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  config({ quiet: true });
  const url = process.env['ODOO_URL'];
  if (url !== undefined && url !== '') return runExternalDemo(url, args.includes('--yes'));
  stopWhenTold(isKeptUp('19'));
  await runLocalDemo();
}

/** Ctrl-C, the end of the terminal, or a polite kill. What was up before is somebody else's, and stays. */
function stopWhenTold(wasUp: boolean): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      stopping.done ??= stop(wasUp);
    });
}

/** Ends this process, too: what the demo was about is still going on, and must not start anything again. */
async function stop(wasUp: boolean): Promise<void> {
  stopCommands();
  try {
    if (wasUp) {
      await stopDemoService();
      say('\nStopped; Odoo was up before and stays up.\n');
    } else {
      say('\nStopping what the demo started ...\n');
      const stopped = await takeDown(false, ['19']);
      say(stopped.length > 0 ? `Stopped ${stopped.join(', ')}.\n` : 'Stopped.\n');
    }
    process.exit(130);
  } catch (error) {
    say(`${messageOf(error)}\n"npm run odoo -- down" stops what is still running.\n`);
    process.exit(1);
  }
}

/** A terminal that is gone takes no words, which is no reason to leave anything running. */
function say(text: string): void {
  process.stderr.write(text);
}

process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  await main(process.argv.slice(2));
} catch (error) {
  // What fails once it is being stopped fails because of that.
  await stopping.done;
  if (!(error instanceof DemoStopped || error instanceof OdooToolError || isOdooError(error))) throw error;
  const reason = error instanceof DemoStopped ? error.reason : messageOf(error);
  if (reason !== null) say(`\n${reason}\n`);
  process.exitCode = 1;
}
