import type { ForgeKind } from '../domain/forge/forge-kind.js';
import type { OdooProtocol } from '../domain/odoo-error.js';
import type { Problem } from '../domain/problem.js';
import type { SyncRules } from '../domain/sync/decide-sync.js';
import type { Secret } from './secret.js';
import type { EnvironmentSecrets } from './environment-secrets.js';

/** What a credential may do; `run` and `monitor` fall back to `sync`. */
export type CredentialRole = 'sync' | 'run' | 'monitor';

export interface CredentialSettings {
  /** Empty only where JSON-2 is demanded, which needs no login. */
  readonly login: string;
  readonly kind: 'api_key' | 'password';
  readonly secret: Secret;
  /** True for `run` and `monitor` when `sync` stands in for them. */
  readonly isFallback: boolean;
}

export type DefinitionsSettings =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'git'; readonly url: string; readonly ref: string | null; readonly path: string | null };

export interface LimitSettings {
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

/** What the service does by itself for an instance. */
export interface SyncSettings {
  readonly rules: SyncRules;
  /** How often git is asked; null: never. Jitter comes on top. */
  readonly pollMs: number | null;
  /** How often Odoo is compared; null: never. Jitter comes on top. */
  readonly checkDriftMs: number | null;
}

/** One Odoo URL and database that we manage. */
export interface InstanceSettings {
  readonly name: string;
  readonly url: string;
  readonly database: string;
  /** Target environment: which definitions and variables apply. */
  readonly environment: string | null;
  readonly protocol: OdooProtocol | 'auto';
  /** null: nothing to plan here; watching and listing still work. */
  readonly definitions: DefinitionsSettings | null;
  readonly limits: LimitSettings;
  /** PEM of a private certificate authority. */
  readonly ca: string | null;
  readonly credentials: Readonly<Record<CredentialRole, CredentialSettings>>;
  readonly sync: SyncSettings;
}

/** A definitions repository whose forge sends us webhooks, or gets plans posted. */
export interface RepositorySettings {
  /** Unique; small letters, digits and `-`, so that it can stand in an address. */
  readonly name: string;
  /** Without credentials. */
  readonly url: string;
  readonly forge: ForgeKind;
  /** Address of the API, without `/` at its end; null: where the forge has it by default. */
  readonly api: string | null;
  /** null: nothing is posted. */
  readonly token: Secret | null;
  /** Each of them is good; empty: no webhook is taken. */
  readonly webhookSecrets: readonly Secret[];
  /** Names of the instances whose definitions are in it. */
  readonly instances: readonly string[];
}

export interface ServiceSettings {
  /** Host: a name or an IP address, IPv6 without brackets. Port 0: any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Under which people reach it, without `/` at its end; null: not known, so links are left out. */
  readonly publicUrl: string | null;
  /** PostgreSQL; null: `databaseFile` is used. */
  readonly databaseUrl: Secret | null;
  /** SQLite, absolute. */
  readonly databaseFile: string;
  /** For Express: how many proxies stand in front, or their addresses; false: none. */
  readonly trustProxy: number | readonly string[] | false;
  /** `key`: metrics need an API key that may read. */
  readonly metrics: 'open' | 'key';
  /** How long plans and deliveries are kept. */
  readonly retentionDays: number;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface Settings {
  /** In the order of the file. */
  readonly instances: readonly InstanceSettings[];
  /** Where the instances were read from, for people. */
  readonly instancesFrom: string;
  /** How to add an instance, one sentence for people; null: there is one. */
  readonly howToAddInstance: string | null;
  /** In the order of the file. */
  readonly repositories: readonly RepositorySettings[];
  readonly service: ServiceSettings;
  /** Of instances that name none; null: none. */
  readonly definitions: DefinitionsSettings | null;
  readonly secrets: EnvironmentSecrets;
  readonly cacheFolder: string;
  readonly stateFolder: string;
  readonly logLevel: LogLevel;
  /** Show where a failure came from. */
  readonly debug: boolean;
  readonly warnings: readonly Problem[];
}

/** Mistakes in the settings, all of them, each with its variable or its place. Values of secrets are never among them. */
export class SettingsInvalid extends Error {
  override readonly name = 'SettingsInvalid';
  readonly code = 'settings_invalid';
  constructor(readonly problems: readonly Problem[]) {
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    super(
      `The settings have ${errors === 1 ? 'a mistake' : `${errors} mistakes`}: mend what is listed and try again (docs/command-line.md explains each setting).`,
    );
  }
}
