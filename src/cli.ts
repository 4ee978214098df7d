#!/usr/bin/env node
/** The composition root of the command line: reads the settings, builds the adapters, hands them to the commands. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DefinitionsSource, PythonChecker } from './app/ports.js';
import {
  runCli,
  type CredentialRole,
  type InstanceCard,
  type Io,
  type Output,
  type Session,
  type Workspace,
} from './cli/index.js';
import type { CallEvent, OdooClient } from './odoo/index.js';
import type { DefinitionsSettings, InstanceSettings, Settings } from './settings/index.js';

/** For one read of a git repository, the network included. */
const GIT_TIMEOUT_MS = 120_000;

async function openWorkspace(options: { readonly needsInstance?: boolean } = {}): Promise<Workspace> {
  const { loadSettings } = await import('./settings/index.js');
  const settings = loadSettings({ environment: process.env, folder: process.cwd(), ...options });
  const warn = (message: string): void => {
    if (settings.logLevel !== 'error') io.stderr.write(`warning: ${message}\n`);
  };
  for (const { at, message } of settings.warnings)
    warn(at === null ? message : `${at.file}:${at.line}:${at.column} ${message}`);
  const find = (name: string): InstanceSettings => {
    const found = settings.instances.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is not among the instances`);
    return found;
  };
  return {
    instances: settings.instances.map(toCard),
    instancesFrom: settings.instancesFrom,
    open: (name, role) => openSession(settings, find(name), role, warn),
    async definitions(from) {
      if (from !== 'default') {
        const where = 'folder' in from ? ({ kind: 'folder', ...from } as const) : find(from.instance).definitions;
        return where === null ? null : openDefinitions(settings, where);
      }
      if (settings.definitions !== null) return openDefinitions(settings, settings.definitions);
      const here = process.cwd();
      return existsSync(join(here, 'steward.yaml'))
        ? openDefinitions(settings, { kind: 'folder', folder: here })
        : null;
    },
    python,
  };
}

async function openSession(
  settings: Settings,
  instance: InstanceSettings,
  role: CredentialRole,
  warn: (message: string) => void,
): Promise<Session> {
  const [{ connect }, gateway, { createAccessAdmin }, { createApplyJournal }, { ApplyRefused }, { CliError }] =
    await Promise.all([
      import('./odoo/index.js'),
      import('./odoo/gateway/index.js'),
      import('./odoo/access/index.js'),
      import('./store/index.js'),
      import('./app/apply-refused.js'),
      import('./cli/failure.js'),
    ]);
  const { name, url, database, credentials, protocol, limits, ca } = instance;
  const { login, kind, secret, isFallback } = credentials[role];
  if (isFallback) warn(`${name} has no ${role} credential, so the sync credential is used, which has every right`);
  const clients: OdooClient[] = [];
  const connectAs: Parameters<typeof createAccessAdmin>[1] = (credential, over) => {
    const client = connect({
      ...{ instance: name, url, database, credential, limits, warn },
      protocol: over,
      ...(ca === null ? {} : { tls: { ca } }),
      ...(settings.logLevel === 'debug' ? { onCall: logCall } : {}),
    });
    clients.push(client);
    return client;
  };
  const odoo = connectAs({ login, kind, secret: secret.reveal() }, protocol as 'session');
  const { definitions } = instance;
  const source: DefinitionsSource =
    definitions === null
      ? {
          read: () =>
            Promise.reject(
              new CliError(
                'definitions_missing',
                `The instance ${name} names no definitions: add them to it, or set STEWARD_DEFINITIONS.`,
              ),
            ),
        }
      : await openDefinitions(settings, definitions);
  return {
    target: { instance: name, environment: instance.environment, url },
    source,
    python,
    secrets: settings.secrets,
    reader: gateway.createLiveReader(odoo, { database }),
    writer: gateway.createLiveWriter(odoo, {
      resolveSecret: (secretName) => settings.secrets.reveal(secretName) ?? '',
    }),
    runner: gateway.createActionRunner(odoo),
    records: { search: (model, domain, limit) => odoo.search(model, domain, { limit }) },
    access: createAccessAdmin(odoo, connectAs),
    journal: createApplyJournal({
      folder: settings.stateFolder,
      now: Date.now,
      refuse: (message) => new ApplyRefused('apply_running', message),
    }),
    async contact() {
      const { serie, protocol: spoken, uid } = await odoo.version();
      return { serie, protocol: spoken, userId: uid };
    },
    async scheduleNames() {
      const rows = await odoo.searchRead<{ id: number; cron_name: string | null }>('ir.cron', {
        domain: [],
        fields: ['cron_name'],
        context: { active_test: false },
      });
      return new Map(rows.flatMap((row) => (row.cron_name === null ? [] : [[row.id, row.cron_name] as const])));
    },
    close() {
      for (const client of clients.splice(0)) client.close();
    },
  };
}

async function openDefinitions(settings: Settings, where: DefinitionsSettings): Promise<DefinitionsSource> {
  const { folderSource, gitSource } = await import('./git/index.js');
  if (where.kind === 'folder') return folderSource(where.folder);
  return gitSource({
    url: where.url,
    ref: where.ref,
    subfolder: where.path ?? '',
    cacheFolder: join(settings.cacheFolder, 'git'),
    timeoutMs: GIT_TIMEOUT_MS,
    env: Object.fromEntries(
      ['GIT_SSH_COMMAND', 'GIT_ASKPASS', 'SSH_AUTH_SOCK'].flatMap((variable) => {
        const value = process.env[variable];
        return value === undefined ? [] : [[variable, value] as const];
      }),
    ),
  });
}

/** Eleven megabytes of checker, loaded with the first code. */
const python: PythonChecker = {
  async check(files, serie) {
    if (files.length === 0) return [];
    const { pythonChecker } = await import('./python/index.js');
    return pythonChecker().check(files, serie);
  },
};

function toCard({
  name,
  url,
  database,
  environment,
  protocol,
  definitions,
  credentials,
}: InstanceSettings): InstanceCard {
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

const logCall = ({ instance, model, method, transport, durationMs, attempt, outcome }: CallEvent): void =>
  io.stderr.write(
    `debug: ${instance} ${model}.${method} over ${transport}, ${Math.round(durationMs)} ms, ${outcome}${attempt > 1 ? `, attempt ${attempt}` : ''}\n`,
  );

/** Once its reader is gone (`| head`), a stream takes no more; an apply under way still ends as it should. */
function output(stream: NodeJS.WriteStream): Output {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb' || FORCE_COLOR === '0';
  return {
    write: (text) => {
      if (isOpen) stream.write(text);
    },
    isTerminal: stream.isTTY,
    hasColor: !refused && (stream.isTTY || (FORCE_COLOR !== undefined && FORCE_COLOR !== '')),
  };
}

async function ask(question: string): Promise<string | null> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.on('close', () => resolve(null));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

const io: Io = {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  now: Date.now,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  onInterrupt(handler) {
    let count = 0;
    const listener = (): void => handler((count += 1));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener);
    return () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
    };
  },
  files: {
    async write(path, text) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    exists: (path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
  },
};

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
process.exitCode = await runCli({
  argv: process.argv.slice(2),
  version,
  debug: process.env['STEWARD_DEBUG'] === '1',
  workspace: openWorkspace,
  io,
});
