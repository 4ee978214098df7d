import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { OdooToolError } from './fault.js';
import { logFileOf, odooVersions, type OdooVersion } from './paths.js';
import { isRunning } from './process-identity.js';
import { readLiveLeases, serverRecords, templateNames, type TemplateName } from './records.js';
import { takeDown } from './services.js';
import { readStatus, renderStatus } from './status.js';
import { bringUp } from './up.js';

const help = `Real Odoo servers for tests and demo, from Debian packages, outside this checkout.

  npm run odoo -- up 19       install Odoo 19 unless it is there, start it, print how to log in
  npm run odoo -- up 14       the same with Odoo 14; both can run at once
  npm run odoo -- status      what is installed, what runs, who uses it
  npm run odoo -- logs 19     the server's log; -f goes on with what is added
  npm run odoo -- down        stop what runs, unless tests use it just now

up VERSION
  --template base|mail|account   modules of the database (account: invoices can be posted)
  --database NAME                its name (demo19, demo14)
  --fresh                        drop the database first and make it anew
down
  --force                        stop also what running tests use
status, up
  --json                         for programs

The first "up" takes two to three minutes and 1 GB; later ones a few seconds. Tests use the server that is up, or
start one and stop it again. It needs root on Debian 12 or 13. To be rid of all of it: "down", then remove the folder
that "status" names. ODOO_STEWARD_CACHE names another folder.
`;

const options = {
  help: { type: 'boolean', short: 'h' },
  template: { type: 'string' },
  database: { type: 'string' },
  fresh: { type: 'boolean' },
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  follow: { type: 'boolean', short: 'f' },
} as const;

type Flags = ReturnType<typeof readArguments>['values'];

function readArguments() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new OdooToolError(
      `${error instanceof Error ? error.message : String(error)}\n"npm run odoo -- --help" lists what there is.`,
    );
  }
}

async function main(): Promise<void> {
  const { values: flags, positionals } = readArguments();
  const [command, version, ...rest] = positionals;
  if (flags.help || command === undefined || command === 'help') {
    print(help);
    return;
  }
  if (rest.length > 0)
    throw new OdooToolError(`"${rest.join(' ')}" is more than ${command} takes: see npm run odoo -- --help.`);
  switch (command) {
    case 'up':
      return up(requireVersion(version), flags);
    case 'down':
      return down(flags.force ?? false);
    case 'status':
      print(flags.json ? `${JSON.stringify(readStatus(), null, 2)}\n` : renderStatus(readStatus()));
      return;
    case 'logs':
      return logs(version === undefined ? findLoggedVersion() : requireVersion(version), flags.follow ?? false);
    default:
      throw new OdooToolError(`There is no "${command}": choose up, down, status or logs.`);
  }
}

async function up(version: OdooVersion, { template, database: name, fresh, json }: Flags): Promise<void> {
  const database = await bringUp(version, {
    ...(template !== undefined && { template: requireTemplate(template) }),
    ...(name !== undefined && { database: name }),
    isFresh: fresh ?? false,
  });
  const { url, admin, sync } = database;
  if (json) {
    print(`${JSON.stringify({ version, url, database: database.name, admin, sync }, null, 2)}\n`);
    return;
  }
  print(`Odoo ${version} is up at ${url}

  in the browser  ${url}/web?db=${database.name}
  database        ${database.name}
  login           ${admin.login}
  password        ${admin.password ?? ''}
  API key         ${sync.apiKey}  (of the user "${sync.login}")

It stays until: npm run odoo -- down
`);
}

async function down(isForced: boolean): Promise<void> {
  const stopped = await takeDown(isForced);
  print(stopped.length > 0 ? `Stopped ${stopped.join(', ')}.\n` : 'Nothing was stopped.\n');
  const leases = readLiveLeases().flatMap(({ holder }) => (holder === 'kept' ? [] : [holder.pid]));
  if (leases.length > 0)
    print(
      `In use by process ${[...new Set(leases)].join(', ')}, so left running: it is stopped when that ends, or now by "down --force".\n`,
    );
}

async function logs(version: OdooVersion, isFollowing: boolean): Promise<void> {
  const file = logFileOf(`odoo-${version}`);
  if (!existsSync(file))
    throw new OdooToolError(`Odoo ${version} has no log yet: "npm run odoo -- up ${version}" starts it.`);
  print(`${file}\n`);
  const tail = spawn('tail', ['-n', '50', ...(isFollowing ? ['-F'] : []), file], { stdio: 'inherit' });
  await new Promise((resolve) => tail.once('close', resolve));
}

function findLoggedVersion(): OdooVersion {
  const running = serverRecords.list().filter(({ process, owner }) => owner === null && isRunning(process));
  return running.length === 1 ? (running[0]?.version ?? '19') : '19';
}

function requireVersion(text: string | undefined): OdooVersion {
  const version = odooVersions.find((known) => known === text);
  if (!version)
    throw new OdooToolError(`Say which Odoo: ${odooVersions.join(' or ')}${text ? `, not "${text}"` : ''}.`);
  return version;
}

function requireTemplate(text: string): TemplateName {
  const template = templateNames.find((known) => known === text);
  if (!template) throw new OdooToolError(`There is no template "${text}": choose ${templateNames.join(', ')}.`);
  return template;
}

function print(text: string): void {
  process.stdout.write(text);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof OdooToolError)) throw error;
  process.stderr.write(`odoo: ${error.message}\n`);
  process.exitCode = 1;
}
