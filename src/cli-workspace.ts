/** The other half of the command line's composition: settings and adapters, as the workspace that commands work in. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DefinitionsSource, PythonChecker } from './app/ports.js';
import type { CredentialRole, InstanceCard, Io, Session, Workspace } from './cli/index.js';
import type { CallEvent, ConnectOptions, OdooClient } from './odoo/index.js';
import type { DefinitionsSettings, InstanceSettings, Settings } from './settings/index.js';

export interface WorkspaceInput {
  /** The process environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the command was called. */
  readonly folder: string;
  readonly stderr: Io['stderr'];
  readonly needsInstance?: boolean;
}

interface Context extends WorkspaceInput {
  readonly settings: Settings;
  readonly warn: (message: string) => void;
}

/** For one read of a git repository, the network included. */
const GIT_TIMEOUT_MS = 120_000;
/** What git's own helpers need of the environment. */
const GIT_VARIABLES = ['GIT_SSH_COMMAND', 'GIT_ASKPASS', 'SSH_AUTH_SOCK'];

/** Reads the settings; throws `SettingsInvalid` with every mistake. */
export async function openWorkspace(input: WorkspaceInput): Promise<Workspace> {
  const { loadSettings } = await import('./settings/index.js');
  const settings = loadSettings(input);
  const warn = (message: string): void => {
    if (settings.logLevel !== 'error') input.stderr.write(`warning: ${message}\n`);
  };
  for (const { at, message } of settings.warnings)
    warn(at === null ? message : `${at.file}:${at.line}:${at.column} ${message}`);
  const context: Context = { ...input, settings, warn };
  const find = (name: string): InstanceSettings => {
    const found = settings.instances.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is not among the instances`);
    return found;
  };
  return {
    instances: settings.instances.map(toCard),
    instancesFrom: settings.instancesFrom,
    open: (name, role) => openSession(context, find(name), role),
    async definitions(from) {
      const where = from === 'default' ? defaultDefinitions(context) : whereOf(from, input.folder, find);
      return where === null ? null : openDefinitions(context, where);
    },
    python,
  };
}

async function openSession(context: Context, instance: InstanceSettings, role: CredentialRole): Promise<Session> {
  const [{ connect }, gateway, { createAccessAdmin }, { createApplyJournal }, { ApplyRefused }] = await Promise.all([
    import('./odoo/index.js'),
    import('./odoo/gateway/index.js'),
    import('./odoo/access/index.js'),
    import('./store/index.js'),
    import('./app/apply-refused.js'),
  ]);
  const { settings, warn } = context;
  const { name, url, database, credentials, limits, ca } = instance;
  const { login, kind, secret, isFallback } = credentials[role];
  if (isFallback) warn(`${name} has no ${role} credential, so the sync credential is used, which has every right`);
  const clients: OdooClient[] = [];
  const connectAs = (credential: ConnectOptions['credential'], protocol: ConnectOptions['protocol']): OdooClient => {
    const client = connect({
      ...{ instance: name, url, database, credential, protocol, limits, warn },
      ...(ca === null ? {} : { tls: { ca } }),
      ...(settings.logLevel === 'debug' ? { onCall: (event) => context.stderr.write(showCall(event)) } : {}),
    });
    clients.push(client);
    return client;
  };
  const odoo = connectAs({ login, kind, secret: secret.reveal() }, instance.protocol);
  return {
    target: { instance: name, environment: instance.environment, url },
    source: await sourceOf(context, instance),
    python,
    secrets: settings.secrets,
    reader: gateway.createLiveReader(odoo, { database }),
    writer: gateway.createLiveWriter(odoo, { resolveSecret: (wanted) => settings.secrets.reveal(wanted) ?? '' }),
    runner: gateway.createActionRunner(odoo),
    records: { search: (model, domain, limit) => odoo.search(model, domain, { limit }) },
    access: createAccessAdmin(odoo, connectAs),
    journal: createApplyJournal({
      folder: settings.stateFolder,
      now: Date.now,
      refuse: (message) => new ApplyRefused('apply_running', message),
    }),
    async contact() {
      const { serie, protocol, uid } = await odoo.version();
      const [user] = await odoo.read<{ id: number; login: string | null }>('res.users', [uid], ['login']);
      return { serie, protocol, userId: uid, login: user?.login ?? '' };
    },
    close() {
      for (const client of clients.splice(0)) client.close();
    },
  };
}

/** Commands that need no definitions work without them; the others hear what to set. */
async function sourceOf(context: Context, { name, definitions }: InstanceSettings): Promise<DefinitionsSource> {
  if (definitions !== null) return openDefinitions(context, definitions);
  const { CliError } = await import('./cli/failure.js');
  const message = `The instance ${name} names no definitions: add them to it, or set STEWARD_DEFINITIONS.`;
  return { read: () => Promise.reject(new CliError('definitions_missing', message)) };
}

function whereOf(
  from: { readonly folder: string } | { readonly instance: string },
  folder: string,
  find: (name: string) => InstanceSettings,
): DefinitionsSettings | null {
  return 'folder' in from ? { kind: 'folder', folder: resolve(folder, from.folder) } : find(from.instance).definitions;
}

/** What the settings name for every instance, else the folder where the command was called. */
function defaultDefinitions({ settings, folder }: Context): DefinitionsSettings | null {
  if (settings.definitions !== null) return settings.definitions;
  return existsSync(join(folder, 'steward.yaml')) ? { kind: 'folder', folder } : null;
}

async function openDefinitions(
  { settings, environment }: Context,
  where: DefinitionsSettings,
): Promise<DefinitionsSource> {
  const { folderSource, gitSource } = await import('./git/index.js');
  if (where.kind === 'folder') return folderSource(where.folder);
  return gitSource({
    url: where.url,
    ref: where.ref,
    subfolder: where.path ?? '',
    cacheFolder: join(settings.cacheFolder, 'git'),
    timeoutMs: GIT_TIMEOUT_MS,
    env: Object.fromEntries(
      GIT_VARIABLES.flatMap((variable) => {
        const value = environment[variable];
        return value === undefined ? [] : [[variable, value] as const];
      }),
    ),
  });
}

/** Megabytes of checker, loaded with the first code. */
const python: PythonChecker = {
  async check(files, serie) {
    if (files.length === 0) return [];
    const { pythonChecker } = await import('./python/index.js');
    return pythonChecker().check(files, serie);
  },
};

function toCard(instance: InstanceSettings): InstanceCard {
  const { name, url, database, environment, protocol, definitions, credentials } = instance;
  const card = (role: CredentialRole) => {
    const { login, kind, isFallback } = credentials[role];
    return { login, kind, isFallback };
  };
  return {
    ...{ name, url, database, environment, protocol },
    definitions: definitions === null ? null : showDefinitions(definitions),
    credentials: { sync: card('sync'), run: card('run'), monitor: card('monitor') },
  };
}

function showDefinitions(where: DefinitionsSettings): string {
  if (where.kind === 'folder') return where.folder;
  // A token in the address stays out.
  const url = where.url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
  return `${url}${where.ref === null ? '' : ` at ${where.ref}`}${where.path === null ? '' : `, ${where.path}`}`;
}

function showCall({ instance, model, method, transport, durationMs, attempt, outcome }: CallEvent): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `debug: ${instance} ${model}.${method} over ${transport}, ${Math.round(durationMs)} ms, ${outcome}${again}\n`;
}
