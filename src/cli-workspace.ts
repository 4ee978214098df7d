/** The other half of the command line's composition: settings and adapters, as the workspace that commands work in. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DefinitionsSource } from './app/ports.js';
import type { CredentialRole, InstanceCard, Session, Workspace } from './cli/index.js';
import { readSettings, type SettingsSource } from './cli-settings.js';
import { createStoredJournal } from './cli-journal.js';
import { openDefinitions, python, showDefinitions } from './compose.js';
import type { CallEvent, ConnectOptions, OdooClient } from './odoo/index.js';
import type { DefinitionsSettings, InstanceSettings, Settings } from './settings/index.js';

export interface WorkspaceInput extends SettingsSource {
  readonly needsInstance?: boolean;
}

interface Context extends WorkspaceInput {
  readonly settings: Settings;
  readonly warn: (message: string) => void;
}

/** Reads the settings; throws `SettingsInvalid` with every mistake. */
export async function openWorkspace(input: WorkspaceInput): Promise<Workspace> {
  const { settings, warn } = await readSettings(input);
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
      return where === null ? null : openDefinitions(context.settings, context.environment, where);
    },
    python,
  };
}

async function openSession(context: Context, instance: InstanceSettings, role: CredentialRole): Promise<Session> {
  const [{ connect }, gateway, { createAccessAdmin }, { fencedWriter }] = await Promise.all([
    import('./odoo/index.js'),
    import('./odoo/gateway/index.js'),
    import('./odoo/access/index.js'),
    import('./app/service/leases.js'),
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
  const journal = createStoredJournal(settings, warn);
  const odoo = connectAs({ login, kind, secret: secret.reveal() }, instance.protocol);
  return {
    target: { instance: name, environment: instance.environment, url },
    source: await sourceOf(context, instance),
    python,
    secrets: settings.secrets,
    reader: gateway.createLiveReader(odoo, { database }),
    writer: fencedWriter(
      gateway.createLiveWriter(odoo, { resolveSecret: (wanted) => settings.secrets.reveal(wanted) ?? '' }),
      journal,
    ),
    runner: gateway.createActionRunner(odoo),
    records: { search: (model, domain, limit) => odoo.search(model, domain, { limit }) },
    access: createAccessAdmin(odoo, connectAs),
    journal,
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
  if (definitions !== null) return openDefinitions(context.settings, context.environment, definitions);
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

function showCall({ instance, model, method, transport, durationMs, attempt, outcome }: CallEvent): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `debug: ${instance} ${model}.${method} over ${transport}, ${Math.round(durationMs)} ms, ${outcome}${again}\n`;
}
