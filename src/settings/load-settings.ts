import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Problem } from '../domain/problem.js';
import { EnvironmentSecrets } from './environment-secrets.js';
import {
  checkVariables,
  mistake,
  readEnvironment,
  readSecrets,
  unknownVariables,
  type Environment,
  type Values,
} from './environment.js';
import { errorCode } from './file-values.js';
import { nameOne, readInstances, type InstancesFile, type ReadInstances } from './instances-file.js';
import { linkRepositories } from './repository-settings.js';
import { Secret } from './secret.js';
import { serviceWarnings, toService } from './service-settings.js';
import { definitionsOf, fromVariables, SHORT_FORM } from './short-form.js';
import { SettingsInvalid, type InstanceSettings, type LogLevel, type Settings } from './settings.js';

export interface SettingsInput {
  /** The process environment. */
  readonly environment: Environment;
  /** Where `.env` and the instances file are looked for. */
  readonly folder: string;
  /** False: no instance is no mistake (`validate` needs none, the service starts without). */
  readonly needsInstance?: boolean;
}

const DEFAULT_FILES = ['config/instances.yaml', 'instances.yaml'];
const NONE: ReadInstances = { instances: [], repositories: [], problems: [], references: new Set() };
const HOW_TO_ADD = `There is no instance: set ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or write ${DEFAULT_FILES.join(' or ')} (config/samples/instances.yaml is an example)`;

/** Everything that is set, checked and frozen; throws `SettingsInvalid` with every mistake. */
export function loadSettings({ environment, folder, needsInstance = true }: SettingsInput): Settings {
  const { merged, problems } = readEnvironment(environment, folder);
  const checked = checkVariables(merged);
  const secrets = readSecrets(merged);
  const file = findFile(checked.values, folder);
  const fromFile =
    file.found === null ? NONE : readInstances(file.found, (name) => merged[name] ?? null, needsInstance);
  const short = SHORT_FORM.filter((name) => merged[name] !== undefined && !fromFile.references.has(name));
  problems.push(
    ...checked.problems,
    ...secrets.problems,
    ...file.problems,
    ...fromFile.problems,
    ...unknownVariables(merged, fromFile.references),
    ...serviceWarnings(checked.values),
  );

  for (const name of ['STEWARD_DEFINITIONS_REF', 'STEWARD_DEFINITIONS_PATH'] as const) {
    if (checked.values[name] !== undefined && merged['STEWARD_DEFINITIONS'] === undefined)
      problems.push(mistake('variable_missing', `${name} says nothing without STEWARD_DEFINITIONS: set that, too`));
  }

  const howToAdd = file.found === null ? HOW_TO_ADD : nameOne(file.found.shownAs);
  let instances = fromFile.instances;
  if (file.found !== null && short.length > 0) {
    problems.push(
      mistake(
        'instances_twice',
        `${short.join(', ')} and ${file.found.shownAs} both name instances: unset ${short.length === 1 ? 'it' : 'them'}, or move the file away`,
      ),
    );
  } else if (file.found === null && file.problems.length === 0) {
    if (short.length === 0) {
      if (needsInstance) problems.push(mistake('instances_missing', howToAdd));
    } else {
      const one = fromVariables(checked.values, merged, folder);
      problems.push(...one.problems);
      instances = one.instances;
    }
  }
  const { values } = checked;
  instances = instances.map((one) => withShared(one, values, folder));
  const linked = linkRepositories(fromFile.repositories, instances);
  problems.push(...linked.problems);
  if (problems.some((problem) => problem.severity === 'error')) throw new SettingsInvalid(problems);

  const home = merged['HOME'] ?? homedir();
  const stateFolder = resolve(
    folder,
    values.STEWARD_STATE ?? join(merged['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'odoo-steward'),
  );
  return freeze({
    instances,
    instancesFrom: file.found === null ? 'the environment' : file.found.shownAs,
    howToAddInstance: instances.length > 0 ? null : howToAdd,
    repositories: linked.repositories,
    service: toService(values, stateFolder),
    definitions: definitionsOf(values, folder),
    secrets: new EnvironmentSecrets(secrets.secrets),
    cacheFolder: resolve(
      folder,
      values.STEWARD_CACHE ?? join(merged['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'odoo-steward'),
    ),
    stateFolder,
    logLevel: (values.STEWARD_LOG_LEVEL ?? 'warn') as LogLevel,
    debug: values.STEWARD_DEBUG === '1',
    warnings: problems,
  });
}

function findFile(values: Values, folder: string): { found: InstancesFile | null; problems: Problem[] } {
  const named = values.STEWARD_INSTANCES;
  const shownAs = named ?? DEFAULT_FILES.find((path) => existsSync(join(folder, path)));
  if (shownAs === undefined) return { found: null, problems: [] };
  const path = resolve(folder, shownAs);
  try {
    return { found: { path, shownAs: nearPath(folder, path), text: readFileSync(path, 'utf8') }, problems: [] };
  } catch (error) {
    const who = named === undefined ? shownAs : `STEWARD_INSTANCES: ${shownAs}`;
    return {
      found: null,
      problems: [
        mistake('file_unreadable', `${who} cannot be read (${errorCode(error)}): mend the path or its rights`),
      ],
    };
  }
}

function nearPath(folder: string, path: string): string {
  const near = relative(folder, path);
  return near.startsWith('..') ? path : near;
}

/** What the environment says for every instance that is silent about it. */
function withShared(instance: InstanceSettings, values: Values, folder: string): InstanceSettings {
  return {
    ...instance,
    environment: instance.environment ?? values.STEWARD_ENVIRONMENT ?? null,
    definitions: instance.definitions ?? definitionsOf(values, folder),
  };
}

function freeze<T extends object>(value: T): T {
  for (const entry of Object.values(value) as unknown[]) {
    if (typeof entry === 'object' && entry !== null && !(entry instanceof Secret)) freeze(entry);
  }
  return Object.freeze(value);
}
