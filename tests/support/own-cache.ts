import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { odooUserId } from '../odoo/chroot.js';
import { run } from '../odoo/command.js';
import { startOdoo } from '../odoo/index.js';
import { removeTree } from '../odoo/mounts.js';
import { filestoreOf } from '../odoo/odoo-config.js';
import { cacheRoot, installFolder } from '../odoo/paths.js';
import { clusterFolder, databaseUser, readCluster, type Cluster } from '../odoo/postgres.js';
import { query } from '../odoo/psql.js';
import { leaseForExclusive, releaseOwn } from '../odoo/services.js';

const template = 'template_19_account';
const templateRecord = join('templates', '19-account.json');

/**
 * A cache folder with an Odoo 19, a PostgreSQL and the template of its own, so that nothing in it is another test's: in
 * seconds, as the programs are links to those installed already and the template is a copy.
 */
export class OwnCache {
  private constructor(readonly folder: string) {}

  static async make(): Promise<OwnCache> {
    const odoo = await startOdoo('19');
    const source = await odoo.createDatabase('account');
    const own = new OwnCache(mkdtempSync(join(dirname(cacheRoot()), 'odoo-steward-own-')));
    chmodSync(own.folder, 0o755);
    const dump = join(own.folder, 'template.dump');
    await onCluster(readCluster(), 'pg_dump', ['--format=custom', '--compress=0', '--file', dump, source.name]);
    const from = {
      install: installFolder('19'),
      record: join(clusterFolder(), templateRecord),
      filestore: filestoreOf('19', source.name),
    };
    await own.within(async () => {
      await linkInstall(from.install, installFolder('19'));
      await run({ command: 'cp', args: ['-a', from.filestore, filestoreOf('19', template)] });
      const cluster = await leaseForExclusive('19');
      const owner = databaseUser('19');
      await query(
        'postgres',
        `CREATE DATABASE ${template} OWNER ${owner} TEMPLATE template0 ENCODING 'UTF8' IS_TEMPLATE true`,
      );
      await onCluster(cluster, 'pg_restore', ['--dbname', template, dump]);
      await query('postgres', `ALTER DATABASE ${template} WITH ALLOW_CONNECTIONS false`);
      mkdirSync(join(clusterFolder(), 'templates'));
      copyFileSync(from.record, join(clusterFolder(), templateRecord));
      await releaseOwn();
    });
    await source.drop();
    return own;
  }

  /** Does the work with the tool looking into this folder. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    const before = process.env['ODOO_STEWARD_CACHE'];
    process.env['ODOO_STEWARD_CACHE'] = this.folder;
    try {
      return await work();
    } finally {
      if (before === undefined) delete process.env['ODOO_STEWARD_CACHE'];
      else process.env['ODOO_STEWARD_CACHE'] = before;
    }
  }

  remove(): Promise<void> {
    return removeTree(this.folder);
  }
}

/** Links to the programs, but nothing of what servers write: their folder and the one for temporary files. */
async function linkInstall(from: string, to: string): Promise<void> {
  const link = async (folder: string, except: readonly string[]): Promise<void> => {
    mkdirSync(join(to, folder), { recursive: true });
    chmodSync(join(to, folder), statSync(join(from, folder)).mode);
    const names = readdirSync(join(from, folder)).filter((name) => !except.includes(name));
    const args = ['-al', ...names.map((name) => join(from, folder, name)), join(to, folder)];
    if (names.length > 0) await run({ command: 'cp', args });
  };
  await link('.', ['var', 'tmp', 'proc']);
  await link('var', ['lib']);
  await link('var/lib', ['odoo']);
  for (const folder of ['tmp', 'proc']) await link(folder, readdirSync(join(from, folder)));
  for (const folder of ['.', 'data', 'data/filestore', 'pycache']) {
    mkdirSync(join(to, 'var/lib/odoo', folder), { recursive: true });
    chownSync(join(to, 'var/lib/odoo', folder), odooUserId, odooUserId);
  }
  // Other servers add to it meanwhile; what is missed is compiled again.
  const pycache = {
    command: 'cp',
    args: ['-al', join(from, 'var/lib/odoo/pycache/.'), join(to, 'var/lib/odoo/pycache')],
  };
  await run(pycache).catch(() => undefined);
}

async function onCluster(cluster: Cluster | null, command: string, args: readonly string[]): Promise<void> {
  const where = ['--host=127.0.0.1', `--port=${cluster?.port ?? 0}`, '--username=postgres'];
  await run({ command, args: [...where, ...args] }, { env: { ...process.env, PGPASSWORD: cluster?.password } });
}
