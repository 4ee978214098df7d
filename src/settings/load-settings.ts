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
import {
  credentialRule,
  errorCode,
  isPlainOverTheNet,
  readInstances,
  toDefinitions,
  type InstancesFile,
  type ReadInstances,
} from './instances-file.js';
import { Secret } from './secret.js';
import { SettingsInvalid, type InstanceSettings, type LogLevel, type Settings } from './settings.js';

export interface SettingsInput {
  /** The process environment. */
  readonly environment: Environment;
  /** Where `.env` and the instances file are looked for. */
  readonly folder: string;
  /** False: no instance is no mistake (`validate` needs none). */
  readonly needsInstance?: boolean;
}

/** Variables of the short form that describe an instance by themselves. */
const SHORT_FORM = ['ODOO_URL', 'ODOO_DB', 'ODOO_LOGIN', 'ODOO_API_KEY', 'ODOO_PASSWORD', 'ODOO_PROTOCOL'] as const;
const DEFAULT_FILES = ['config/instances.yaml', 'instances.yaml'];
const NONE: ReadInstances = { instances: [], problems: [], references: new Set() };

/** Everything that is set, checked and frozen; throws `SettingsInvalid` with every mistake. */
export function loadSettings({ environment, folder, needsInstance = true }: SettingsInput): Settings {
  const { merged, problems } = readEnvironment(environment, folder);
  const checked = checkVariables(merged);
  const secrets = readSecrets(merged);
  const file = findFile(checked.values, folder);
  const fromFile = file.found === null ? NONE : readInstances(file.found, (name) => merged[name] ?? null);
  const short = SHORT_FORM.filter((name) => merged[name] !== undefined && !fromFile.references.has(name));
  problems.push(
    ...checked.problems,
    ...secrets.problems,
    ...file.problems,
    ...fromFile.problems,
    ...unknownVariables(merged, fromFile.references),
  );

  for (const name of ['STEWARD_DEFINITIONS_REF', 'STEWARD_DEFINITIONS_PATH'] as const) {
    if (checked.values[name] !== undefined && merged['STEWARD_DEFINITIONS'] === undefined)
      problems.push(mistake('variable_missing', `${name} says nothing without STEWARD_DEFINITIONS: set that, too`));
  }

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
      const message = `There is no instance: set ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or write ${DEFAULT_FILES.join(' or ')} (config/samples/instances.yaml is an example)`;
      if (needsInstance) problems.push(mistake('instances_missing', message));
    } else {
      const one = fromVariables(checked.values, merged, folder);
      problems.push(...one.problems);
      instances = one.instances;
    }
  }
  if (problems.some((problem) => problem.severity === 'error')) throw new SettingsInvalid(problems);

  const home = merged['HOME'] ?? homedir();
  const { values } = checked;
  return freeze({
    instances: instances.map((one) => withShared(one, values, folder)),
    instancesFrom: file.found === null ? 'the environment' : file.found.shownAs,
    definitions: definitionsOf(values, folder),
    secrets: new EnvironmentSecrets(secrets.secrets),
    cacheFolder: resolve(
      folder,
      values.STEWARD_CACHE ?? join(merged['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'odoo-steward'),
    ),
    stateFolder: resolve(
      folder,
      values.STEWARD_STATE ?? join(merged['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'odoo-steward'),
    ),
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

/** The one instance that ODOO_URL and its companions describe. */
function fromVariables(
  values: Values,
  merged: Environment,
  folder: string,
): { instances: InstanceSettings[]; problems: Problem[] } {
  const problems: Problem[] = [];
  for (const name of ['ODOO_URL', 'ODOO_DB'] as const) {
    if (merged[name] === undefined) problems.push(mistake('variable_missing', `${name} is not set`));
  }
  const { ODOO_API_KEY: key, ODOO_PASSWORD: password, ODOO_PROTOCOL = 'auto', ODOO_LOGIN: login } = values;
  if (key === undefined && password === undefined) {
    problems.push(mistake('variable_missing', 'ODOO_API_KEY is not set (nor ODOO_PASSWORD, which would do as well)'));
  } else if (key !== undefined && password !== undefined) {
    problems.push(mistake('credential_twice', 'ODOO_API_KEY and ODOO_PASSWORD are both set: keep one'));
  }
  const kind = key === undefined && password !== undefined ? 'password' : 'api_key';
  const rule = credentialRule(ODOO_PROTOCOL, kind, login !== undefined);
  if (rule !== null) {
    const name = login === undefined && ODOO_PROTOCOL !== 'json2' ? 'ODOO_LOGIN' : 'ODOO_PROTOCOL';
    problems.push(mistake('wrong_credential', `${name}: ${rule}`));
  }
  const url = (values.ODOO_URL ?? '').replace(/\/+$/, '');
  if (isPlainOverTheNet(url)) {
    const message = 'ODOO_URL: credentials travel unencrypted over http://: use https://';
    problems.push({ ...mistake('plain_http', message), severity: 'warning' });
  }
  const credential = {
    login: login ?? '',
    kind,
    secret: new Secret(key ?? password ?? ''),
    isFallback: false,
  } as const;
  const fallback = { ...credential, isFallback: true };
  return {
    problems,
    instances: [
      {
        name: 'default',
        url,
        database: values.ODOO_DB ?? '',
        environment: null,
        protocol: ODOO_PROTOCOL as InstanceSettings['protocol'],
        definitions: definitionsOf(values, folder),
        limits: {},
        ca: null,
        credentials: { sync: credential, run: fallback, monitor: fallback },
      },
    ],
  };
}

function definitionsOf(values: Values, folder: string): InstanceSettings['definitions'] {
  const { STEWARD_DEFINITIONS: text, STEWARD_DEFINITIONS_REF: ref, STEWARD_DEFINITIONS_PATH: path } = values;
  return text === undefined ? null : toDefinitions(text, ref ?? null, path ?? null, folder);
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
