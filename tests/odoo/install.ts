import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asRootIn, contained, installerEnvironment, odooUserId } from './chroot.js';
import { run } from './command.js';
import {
  ensureHostPackages,
  listOwnCertificates,
  readAptProxies,
  readMirror,
  requireDebianRoot,
  requireRoot,
} from './debian.js';
import { OdooToolError } from './fault.js';
import { isObject, readJson, writeJson } from './json-file.js';
import { withLock } from './lock.js';
import { removeTree } from './mounts.js';
import { cacheRoot, installFolder, logFileOf, type OdooVersion } from './paths.js';
import { say, step } from './progress.js';
import { fingerprint, installRecipes } from './recipes.js';

/** What is known about a complete install; the file is written last, before the folder gets its name. */
export interface InstallRecord {
  readonly recipe: string;
  readonly package: string;
  readonly installedAt: string;
  readonly megabytes: number;
}

const neededMegabytes = 3_000;

const aptSettings = [
  'APT::Install-Recommends "false";',
  'Acquire::Languages "none";',
  'Acquire::Retries "3";',
  'DPkg::Use-Pty "0";',
  `DPkg::Path "${installerEnvironment['PATH'] ?? ''}";`,
];

/** The record of a complete install made by today's recipe, or null. */
export function readInstall(version: OdooVersion): InstallRecord | null {
  const record = readJson(join(installFolder(version), 'steward-install.json'), isInstallRecord);
  return record?.recipe === fingerprint(installRecipes[version]) ? record : null;
}

/** Installs this version of Odoo unless a complete install is there. Two runs at once make one install. */
export async function ensureInstalled(version: OdooVersion): Promise<InstallRecord> {
  const present = readInstall(version);
  if (present) {
    requireRoot();
    return present;
  }
  await requireDebianRoot();
  return withLock(
    `install-${version}`,
    `installing Odoo ${version}`,
    async () => readInstall(version) ?? install(version),
  );
}

async function install(version: OdooVersion): Promise<InstallRecord> {
  const [folder, partial] = [installFolder(version), installFolder(version, 'partial')];
  requireSpace();
  say(`installing Odoo ${version} from Debian packages into ${folder} (once; takes one to two minutes)`);
  await ensureHostPackages([{ name: 'debootstrap', isThere: () => existsSync('/usr/sbin/debootstrap') }]);
  const mirror = await readMirror();
  const logFile = logFileOf(`install-${version}`);
  rmSync(logFile, { force: true });
  await step(`removing what an earlier install of Odoo ${version} left`, async () => {
    await removeTree(partial);
    await removeTree(folder);
  });
  await step(`Odoo ${version}: Debian base system`, () => bootstrap(version, partial, mirror, logFile));
  await step(`Odoo ${version}: packages`, () => installPackages(version, partial, mirror, logFile));
  const record = await finish(version, partial, logFile);
  renameSync(partial, folder);
  return record;
}

async function bootstrap(version: OdooVersion, folder: string, mirror: string, logFile: string): Promise<void> {
  const { suite, unpackOnly } = installRecipes[version];
  writeIn(folder, 'etc/dpkg/dpkg.cfg.d/steward', ['force-unsafe-io', ...unpackOnly]);
  const { env } = await readAptProxies();
  const args = ['--variant=minbase', '--include=ca-certificates', suite, folder, mirror];
  await run(contained({ command: 'debootstrap', args }), { logFile, env: { ...process.env, ...env } });
}

async function installPackages(version: OdooVersion, folder: string, mirror: string, logFile: string): Promise<void> {
  const { extraSuite, packages } = installRecipes[version];
  const proxies = await readAptProxies();
  writeIn(folder, 'etc/apt/apt.conf.d/90steward', [...aptSettings, ...proxies.lines]);
  if (extraSuite) {
    // This suite's lists are often older than apt wants them; nothing of it is taken that the first suite has.
    writeIn(folder, `etc/apt/sources.list.d/${extraSuite}.list`, [
      `deb [check-valid-until=no] ${mirror} ${extraSuite} main`,
    ]);
    writeIn(folder, `etc/apt/preferences.d/${extraSuite}`, [
      'Package: *',
      `Pin: release a=${extraSuite}`,
      'Pin-Priority: 100',
    ]);
  }
  copyFileSync('/etc/resolv.conf', join(folder, 'etc/resolv.conf'));
  writeProgram(folder, 'usr/sbin/policy-rc.d', 'exit 101'); // no package may start its service
  writeProgram(folder, 'usr/local/stand-ins/py3compile', 'exit 0'); // byte code is written on first use, see chroot.ts

  const inside = (command: string, ...args: string[]) =>
    run(asRootIn(folder, { command, args }), { logFile, env: { ...installerEnvironment, ...proxies.env } });
  await copyCertificates(folder, () => inside('update-ca-certificates'));
  for (const name of ['.', 'data', 'pycache']) giveToOdoo(join(folder, 'var/lib/odoo', name));
  await inside(
    'useradd',
    '--uid',
    String(odooUserId),
    '--user-group',
    '--home-dir',
    '/var/lib/odoo',
    '--shell',
    '/usr/sbin/nologin',
    'odoo',
  );
  await inside('apt-get', 'update');
  await inside('apt-get', 'install', '--yes', '--no-install-recommends', ...packages);
  await inside('apt-get', 'clean');
  rmSync(join(folder, 'var/lib/apt/lists'), { recursive: true, force: true });
}

async function finish(version: OdooVersion, folder: string, logFile: string): Promise<InstallRecord> {
  const query = { command: 'dpkg-query', args: ['-W', '-f', '${Package} ${Version}', `odoo-${version}`] };
  const usage = await run({ command: 'du', args: ['-sxm', folder] });
  const record: InstallRecord = {
    recipe: fingerprint(installRecipes[version]),
    package: await run(asRootIn(folder, query), { logFile, env: installerEnvironment }),
    installedAt: new Date().toISOString(),
    megabytes: parseInt(usage, 10),
  };
  writeJson(join(folder, 'steward-install.json'), record);
  return record;
}

async function copyCertificates(folder: string, update: () => Promise<unknown>): Promise<void> {
  const certificates = listOwnCertificates();
  if (certificates.length === 0) return;
  const target = join(folder, 'usr/local/share/ca-certificates');
  mkdirSync(target, { recursive: true });
  for (const file of certificates) copyFileSync(file, join(target, basename(file)));
  await update();
}

function requireSpace(): void {
  const { bavail, bsize } = statfsSync(cacheRoot());
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  if (free < neededMegabytes)
    throw new OdooToolError(
      `Installing Odoo takes ${neededMegabytes} MB for a moment and ${cacheRoot()} has ${free} MB left: make room or set ODOO_STEWARD_CACHE.`,
    );
}

function writeIn(folder: string, name: string, lines: readonly string[]): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
}

function writeProgram(folder: string, name: string, body: string): void {
  writeIn(folder, name, ['#!/bin/sh', body]);
  chmodSync(join(folder, name), 0o755);
}

function giveToOdoo(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chownSync(folder, odooUserId, odooUserId);
}

function isInstallRecord(value: unknown): value is InstallRecord {
  return (
    isObject(value) &&
    ['recipe', 'package', 'installedAt'].every((key) => typeof value[key] === 'string') &&
    typeof value['megabytes'] === 'number'
  );
}
