/** What both composition roots (the command line and the service) put together in the same way. */
import { join } from 'node:path';
import type { DefinitionsSource, PythonChecker } from './app/ports.js';
import type { ConnectOptions, OdooClient } from './odoo/index.js';
import type { CredentialRole, DefinitionsSettings, InstanceSettings, Settings } from './settings/index.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** For one read of a git repository, the network included. */
const GIT_TIMEOUT_MS = 120_000;
/** What git's own helpers need of the environment. */
const GIT_VARIABLES = ['GIT_SSH_COMMAND', 'GIT_ASKPASS', 'SSH_AUTH_SOCK'];

export async function openDefinitions(
  { cacheFolder }: Pick<Settings, 'cacheFolder'>,
  environment: Environment,
  where: DefinitionsSettings,
): Promise<DefinitionsSource> {
  const { folderSource, gitSource } = await import('./git/index.js');
  if (where.kind === 'folder') return folderSource(where.folder);
  return gitSource({
    url: where.url,
    ref: where.ref,
    subfolder: where.path ?? '',
    cacheFolder: join(cacheFolder, 'git'),
    timeoutMs: GIT_TIMEOUT_MS,
    env: Object.fromEntries(
      GIT_VARIABLES.flatMap((variable) => {
        const value = environment[variable];
        return value === undefined ? [] : [[variable, value] as const];
      }),
    ),
  });
}

/** A client of an instance as one of its users; nothing is sent yet. */
export async function connectInstance(
  instance: InstanceSettings,
  role: CredentialRole,
  over: Pick<ConnectOptions, 'warn' | 'onCall'>,
): Promise<OdooClient> {
  const { connect } = await import('./odoo/index.js');
  const { name, url, database, credentials, limits, ca, protocol } = instance;
  const { login, kind, secret } = credentials[role];
  return connect({
    ...{ instance: name, url, database, protocol, limits, ...over },
    credential: { login, kind, secret: secret.reveal() },
    ...(ca === null ? {} : { tls: { ca } }),
  });
}

/** Megabytes of checker, loaded with the first code. */
export const python: PythonChecker = {
  async check(files, serie) {
    if (files.length === 0) return [];
    const { pythonChecker } = await import('./python/index.js');
    return pythonChecker().check(files, serie);
  },
};

export function showDefinitions(where: DefinitionsSettings): string {
  if (where.kind === 'folder') return where.folder;
  // A token in the address stays out.
  const url = where.url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
  return `${url}${where.ref === null ? '' : ` at ${where.ref}`}${where.path === null ? '' : `, ${where.path}`}`;
}
