/** Settings and adapters, as the instances and repositories that the service looks after. */
import type { ServiceInstance } from './app/service/deps.js';
import type { ServiceRepository } from './app/service/receive-delivery.js';
import { connectInstance, openDefinitions, python, showDefinitions, type Environment } from './compose.js';
import { apiAddressOf } from './domain/forge/index.js';
import { SourceError } from './domain/source-error.js';
import { createForgePoster } from './forge/index.js';
import { createLiveReader, createLiveWriter } from './odoo/gateway/index.js';
import type { CallEvent, OdooClient } from './odoo/index.js';
import type { DefinitionsSettings, InstanceSettings, RepositorySettings, Settings } from './settings/index.js';

export interface Watch {
  warn(message: string): void;
  onCall?(event: CallEvent): void;
}

export interface OpenInstances {
  readonly instances: ReadonlyMap<string, ServiceInstance>;
  /** What is under way fails as aborted. */
  close(): void;
}

/** One client an instance, kept for as long as the service runs; nothing is sent yet. */
export async function openInstances(
  settings: Settings,
  environment: Environment,
  watch: Watch,
): Promise<OpenInstances> {
  const clients: OdooClient[] = [];
  const opened = settings.instances.map(async (instance): Promise<[string, ServiceInstance]> => {
    const client = await connectInstance(instance, 'sync', watch);
    clients.push(client);
    return [instance.name, toServiceInstance(settings, environment, instance, client)];
  });
  return {
    instances: new Map(await Promise.all(opened)),
    close() {
      for (const client of clients.splice(0)) client.close();
    },
  };
}

function toServiceInstance(
  settings: Settings,
  environment: Environment,
  { name, url, database, environment: target, definitions, sync }: InstanceSettings,
  client: OdooClient,
): ServiceInstance {
  return {
    target: { instance: name, environment: target, url },
    database,
    definitions: definitions === null ? null : showDefinitions(definitions),
    address: definitions?.kind === 'git' ? { url: definitions.url, ref: definitions.ref } : null,
    rules: sync.rules,
    python,
    secrets: settings.secrets,
    writer: createLiveWriter(client, { resolveSecret: (wanted) => settings.secrets.reveal(wanted) ?? '' }),
    newReader: () => createLiveReader(client, { database }),
    source: (ref) => ({
      read: async (signal) => (await openDefinitions(settings, environment, at(name, definitions, ref))).read(signal),
    }),
  };
}

function at(name: string, definitions: DefinitionsSettings | null, ref: string | null): DefinitionsSettings {
  if (definitions === null) {
    throw new SourceError(
      'source_missing',
      `The instance ${name} names no definitions: add them to it, or set STEWARD_DEFINITIONS.`,
    );
  }
  if (ref === null) return definitions;
  if (definitions.kind === 'git') return { ...definitions, ref };
  throw new SourceError(
    'revision_unknown',
    `The definitions of ${name} are a folder, which has no revisions: let its settings name a git repository.`,
  );
}

export function openRepositories(settings: Settings): ReadonlyMap<string, ServiceRepository> {
  return new Map(settings.repositories.map((one) => [one.name, toServiceRepository(one)] as const));
}

function toServiceRepository(repository: RepositorySettings): ServiceRepository {
  const { name, url, forge, api, token, webhookSecrets } = repository;
  const found = apiAddressOf(forge, url);
  const poster =
    token === null || found === null
      ? null
      : createForgePoster(forge, { baseUrl: api ?? found.baseUrl, repository: found.repository, token });
  return { name, url, forge, poster, webhookSecrets: () => webhookSecrets.map((secret) => secret.reveal()) };
}
