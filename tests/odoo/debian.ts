import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from './command.js';
import { OdooToolError } from './fault.js';
import { cacheRoot, logFileOf } from './paths.js';
import { step } from './progress.js';

const waysOut =
  'run this as root on Debian 12 or 13, or, for the demo, use an Odoo that you have: set ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or put them into .env.';

/** Fails with one sentence for a user who may not do what the installs and servers take. */
export function requireRoot(): void {
  if (process.getuid?.() !== 0)
    throw new OdooToolError(`Installing and running Odoo takes root on Debian, and this is not root: ${waysOut}`);
}

/** Fails with one sentence where Odoo cannot be installed: it takes root on Debian and a folder others may enter. */
export async function requireDebianRoot(): Promise<void> {
  if (process.platform !== 'linux' || !/^ID=debian$/m.test(readText('/etc/os-release')))
    throw new OdooToolError(`Installing Odoo takes root on Debian, and this machine is not Debian: ${waysOut}`);
  requireRoot();
  const mayMount = await run({ command: 'unshare', args: ['--mount', 'true'] }).catch(() => null);
  if (mayMount === null)
    throw new OdooToolError(
      `This container may not mount /proc, which running Odoo takes: start it with the right to (for Docker: --privileged), or ${waysOut}`,
    );
  requireEnterableFolder();
}

/** Every folder above the cache must let other users pass: PostgreSQL and Odoo do not run as root. */
function requireEnterableFolder(): void {
  mkdirSync(cacheRoot(), { recursive: true, mode: 0o755 });
  for (let folder = cacheRoot(); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0)
      throw new OdooToolError(
        `The users "postgres" and "odoo" may not enter ${folder}: set ODOO_STEWARD_CACHE to a folder that they can reach.`,
      );
    if (folder === dirname(folder)) return;
  }
}

/** Installs those of the host's packages that are missing; `isThere` names a file that shows one is not. */
export async function ensureHostPackages(packages: readonly { name: string; isThere: () => boolean }[]): Promise<void> {
  const missing = packages.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (missing.length === 0) return;
  const logFile = logFileOf('host-packages');
  await step(`installing ${missing.join(' and ')} on this machine`, async () => {
    await run({ command: 'apt-get', args: ['update'] }, { logFile });
    await aptInstall(missing, logFile);
  });
}

/** Installs packages on the host, with no question asked and without the recommended ones. */
export async function aptInstall(packages: readonly string[], logFile: string): Promise<void> {
  const args = ['install', '--yes', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...packages];
  await run({ command: 'apt-get', args }, { logFile, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

/** The address of Debian's main archive that this machine's apt is set up with. */
export async function readMirror(): Promise<string> {
  const found = (await listArchives())[0];
  if (found) return found;
  await step('reading the package lists (apt-get update)', () =>
    run({ command: 'apt-get', args: ['update'] }, { logFile: logFileOf('host-packages') }),
  );
  const afterUpdate = (await listArchives())[0];
  if (afterUpdate) return afterUpdate;
  throw new OdooToolError(
    "apt on this machine has no http(s) source for Debian's main archive: add one to /etc/apt/sources.list.d.",
  );
}

async function listArchives(): Promise<string[]> {
  const format = '$(CREATED_BY)|$(ORIGIN)|$(LABEL)|$(REPO_URI)';
  const targets = await run({ command: 'apt-get', args: ['indextargets', '--format', format] });
  return targets
    .split('\n')
    .map((line) => line.split('|'))
    .flatMap(([createdBy, origin, label, uri]) =>
      createdBy === 'Packages' && origin === 'Debian' && label === 'Debian' && uri && /^https?:/.test(uri) ? [uri] : [],
    );
}

/** How the host reaches the archive: its apt proxy settings, as lines for another apt and as variables for wget. */
export async function readAptProxies(): Promise<{ lines: string[]; env: NodeJS.ProcessEnv }> {
  const dump = await run({ command: 'apt-config', args: ['dump', 'Acquire'] });
  const lines = dump
    .split('\n')
    .filter((line) => /^Acquire::https?::(.*::)?(Proxy|Verify-Peer|Verify-Host)\b/i.test(line));
  const proxyOf = (scheme: string) =>
    new RegExp(`^Acquire::${scheme}::Proxy "([^"]+)"`, 'im').exec(lines.join('\n'))?.[1];
  const env: NodeJS.ProcessEnv = {};
  for (const scheme of ['http', 'https']) {
    const proxy = process.env[`${scheme}_proxy`] ?? proxyOf(scheme);
    if (proxy && proxy !== 'DIRECT') env[`${scheme}_proxy`] = proxy;
  }
  if (process.env['no_proxy']) env['no_proxy'] = process.env['no_proxy'];
  return { lines, env };
}

/** The certificates that the host's administrator added, which a proxy may need. */
export function listOwnCertificates(): string[] {
  const folder = '/usr/local/share/ca-certificates';
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.crt'))
    .map((name) => `${folder}/${name}`);
}

function readText(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Does the work with a line set in a file of the host and puts the file back as it was. */
export async function withFileChanged(
  file: string,
  change: (text: string) => string,
  work: () => Promise<void>,
): Promise<void> {
  const before = readText(file);
  writeFileSync(file, change(before));
  try {
    await work();
  } finally {
    writeFileSync(file, before);
  }
}
