import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asOdooIn, odooEnvironment, odooUserId } from './chroot.js';
import { run } from './command.js';
import { OdooToolError } from './fault.js';
import { ensureInstalled } from './install.js';
import { isObject, readJson, removeFile, writeJson } from './json-file.js';
import { withLock } from './lock.js';
import { filestoreOf, writeOdooConfig } from './odoo-config.js';
import { installFolder, logFileOf, type OdooVersion } from './paths.js';
import { clusterFolder, databaseUser, hasCluster, readCluster } from './postgres.js';
import { step } from './progress.js';
import { query, renderName } from './psql.js';
import { fingerprint } from './recipes.js';
import { templateNames, type Credentials, type TemplateName } from './records.js';

/** A database that is copied for each test, with the users that every copy has. */
export interface Template {
  readonly recipe: string;
  readonly database: string;
  readonly credentials: Credentials;
}

const seedFile = new URL('./seed-template.py', import.meta.url);

function modulesOf(version: OdooVersion, name: TemplateName): string[] {
  return name === 'account' && version === '14' ? ['account', 'l10n_generic_coa'] : [name];
}

const inTheMaking = new Map<string, Promise<Template>>();

/** Gives a template, making it when there is none by today's recipe. PostgreSQL must be running. */
export async function ensureTemplate(version: OdooVersion, name: TemplateName): Promise<Template> {
  const recipe = await recipeOf(version, name);
  const present = await readTemplate(version, name, recipe);
  if (present) return present;
  const known = inTheMaking.get(`${version}-${name}`);
  if (known) return known;
  const making = makeTemplateOnce(version, name, recipe).finally(() => inTheMaking.delete(`${version}-${name}`));
  inTheMaking.set(`${version}-${name}`, making);
  return making;
}

/** Makes the template unless another process does: then it waits for that one. */
function makeTemplateOnce(version: OdooVersion, name: TemplateName, recipe: string): Promise<Template> {
  const label = `making the template "${name}" of Odoo ${version}`;
  return withLock(`template-${version}-${name}`, label, async () => {
    const madeMeanwhile = await readTemplate(version, name, recipe);
    return madeMeanwhile ?? step(label, () => makeTemplate(version, name, recipe));
  });
}

/** The templates of a version that are there, whether or not today's recipe would make them the same. */
export function listTemplates(version: OdooVersion): TemplateName[] {
  return templateNames.filter((name) => hasCluster() && readJson(recordOf(version, name), isTemplate) !== null);
}

async function recipeOf(version: OdooVersion, name: TemplateName): Promise<string> {
  const { recipe, installedAt } = await ensureInstalled(version);
  return fingerprint([
    recipe,
    installedAt,
    databaseUser(version),
    modulesOf(version, name),
    readFileSync(seedFile, 'utf8'),
  ]);
}

async function readTemplate(version: OdooVersion, name: TemplateName, recipe: string): Promise<Template | null> {
  const template = readJson(recordOf(version, name), isTemplate);
  if (template?.recipe !== recipe) return null;
  const found = await query('postgres', 'SELECT 1 FROM pg_database WHERE datname = $1', [template.database]);
  return found.length > 0 ? template : null;
}

async function makeTemplate(version: OdooVersion, name: TemplateName, recipe: string): Promise<Template> {
  const cluster = readCluster();
  if (!cluster) throw new OdooToolError('PostgreSQL stopped while a template was to be made: try again.');
  const database = `template_${version}_${name}`;
  const partial = `${database}_partial`;
  removeFile(recordOf(version, name));
  for (const leftOver of [partial, database]) await dropTemplate(version, leftOver);
  // A template from the start: Odoo's servers do not see it then, half made as it is.
  const settings = `TEMPLATE template0 ENCODING 'UTF8' IS_TEMPLATE true`;
  await query('postgres', `CREATE DATABASE ${renderName(partial)} OWNER ${databaseUser(version)} ${settings}`);

  const config = writeOdooConfig(version, partial, cluster, { port: 0, cronThreads: 0, databases: [] });
  const logFile = logFileOf(database);
  rmSync(logFile, { force: true });
  const odoo = (args: readonly string[], input?: string) =>
    run(
      asOdooIn(installFolder(version), {
        command: 'odoo',
        args: [...args, '--config', config, '--database', partial, '--no-http'],
      }),
      {
        logFile,
        env: odooEnvironment,
        ...(input !== undefined && { input, isSecret: true }), // the users' keys are in the answer
      },
    );
  const modules = modulesOf(version, name).join(',');
  await odoo(['--init', modules, `--without-demo=${version === '14' ? 'all' : 'True'}`, '--stop-after-init']);
  const credentials = readSeeded(await odoo(['shell', '--log-level=warn'], seedScript(version, name)), logFile);

  await query('postgres', `ALTER DATABASE ${renderName(partial)} RENAME TO ${renderName(database)}`);
  const filestore = filestoreOf(version, database);
  mkdirSync(dirname(filestore), { recursive: true });
  chownSync(dirname(filestore), odooUserId, odooUserId);
  mkdirSync(filestoreOf(version, partial), { recursive: true });
  renameSync(filestoreOf(version, partial), filestore);
  await query('postgres', `ALTER DATABASE ${renderName(database)} WITH ALLOW_CONNECTIONS false`);
  removeFile(join(installFolder(version), config));
  const template: Template = { recipe, database, credentials };
  writeJson(recordOf(version, name), template);
  return template;
}

function seedScript(version: OdooVersion, template: TemplateName): string {
  const password = () => randomBytes(9).toString('base64url');
  const passwords = { admin: password(), sync: null, plain: password(), portal: password() };
  const wanted = JSON.stringify(JSON.stringify({ major: Number(version), template, passwords }));
  return `import json\nwanted = json.loads(${wanted})\n${readFileSync(seedFile, 'utf8')}`;
}

function readSeeded(output: string, logFile: string): Credentials {
  const line = output.split('\n').find((text) => text.startsWith('SEEDED '));
  const seeded: unknown = line === undefined ? null : JSON.parse(line.slice('SEEDED '.length));
  if (!isCredentials(seeded)) throw new OdooToolError(`The template was not filled: ${logFile} says why.`);
  return seeded;
}

async function dropTemplate(version: OdooVersion, database: string): Promise<void> {
  const found = await query('postgres', 'SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (found.length > 0) {
    await query('postgres', `ALTER DATABASE ${renderName(database)} WITH IS_TEMPLATE false`);
    await query('postgres', `DROP DATABASE ${renderName(database)} WITH (FORCE)`);
  }
  rmSync(filestoreOf(version, database), { recursive: true, force: true });
}

function recordOf(version: OdooVersion, name: TemplateName): string {
  return join(clusterFolder(), 'templates', `${version}-${name}.json`);
}

function isTemplate(value: unknown): value is Template {
  return (
    isObject(value) &&
    typeof value['recipe'] === 'string' &&
    typeof value['database'] === 'string' &&
    isCredentials(value['credentials'])
  );
}

function isCredentials(value: unknown): value is Credentials {
  return isObject(value) && ['admin', 'sync', 'plain', 'portal'].every((key) => isObject(value[key]));
}
