import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { Background } from '../../../src/app/service/background.js';
import { createAuthenticate } from '../../../src/app/service/authenticate.js';
import { RefusalLog } from '../../../src/app/service/authenticate-refusals.js';
import { createFirstKey, createKey, type NewKey } from '../../../src/app/service/keys.js';
import type { ServiceDeps, ServiceInstance } from '../../../src/app/service/deps.js';
import { Progress } from '../../../src/app/service/progress.js';
import type { ServiceRepository } from '../../../src/app/service/receive-delivery.js';
import type { Store } from '../../../src/app/service/store.js';
import { SyncQueue } from '../../../src/app/service/sync-queue.js';
import { localOperator } from '../../../src/domain/access/may-do.js';
import { parseScope } from '../../../src/domain/access/scopes.js';
import { apiRoutes, createApp, httpDefaults, type App, type AppDeps, type Route } from '../../../src/http/index.js';
import { openStore } from '../../../src/store/index.js';

export interface HttpHarness {
  readonly store: Store;
  readonly app: App;
  readonly refusals: RefusalLog;
  readonly admin: NewKey;
  /** Log lines, as JSON. */
  readonly lines: string[];
  readonly clock: { now: number };
  readonly draining: AbortController;
  keyWith(...scopes: readonly string[]): Promise<NewKey>;
  close(): Promise<void>;
}

const never = (): never => {
  throw new Error('No test of the HTTP face gets as far as Odoo');
};

/** An instance without a single definition: whatever would look at Odoo is refused before. */
const acme: ServiceInstance = {
  target: { instance: 'acme', environment: 'production', url: 'https://odoo.example' },
  database: 'acme',
  definitions: 'an empty folder',
  address: null,
  rules: { policy: 'manual', windows: [] },
  python: { check: () => Promise.resolve([]) },
  secrets: { names: () => [], digest: () => null, describe: (name) => name },
  writer: {
    writeActions: never,
    writeSchedules: never,
    deleteSchedules: never,
    deleteActions: never,
    adopt: never,
    bind: never,
    remember: never,
  },
  newReader: () => ({ read: never, reread: never, readAll: never, check: never, readSchedules: never }),
  source: () => ({ read: () => Promise.resolve({ revision: null, description: 'an empty folder', files: [] }) }),
};

const repository: ServiceRepository = {
  name: 'main',
  url: 'https://git.example/acme/definitions.git',
  forge: 'github',
  webhookSecrets: () => ['a-secret-of-the-forge'],
  poster: null,
};

const generous = { perAddress: 1_000_000, perKey: 1_000_000, failedPerAddress: 1_000_000 };

/** The app as it is served, on a store of its own in a folder of its own; `change` replaces parts. */
export async function startHttp(
  change: (deps: AppDeps, store: Store) => Partial<AppDeps> = () => ({}),
  routes: readonly Route[] = [],
): Promise<HttpHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-http-'));
  const store = await openStore({ url: null, file: join(folder, 'store.sqlite') });
  const clock = { now: Date.parse('2026-03-01T12:00:00Z') };
  const lines: string[] = [];
  const log: Logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const now = (): number => clock.now;
  let made = 0;
  const newId = (): string => `id-${String((made += 1)).padStart(6, '0')}`;
  const onProblem = (error: unknown): void => log.error({ err: error }, 'problem');
  const refusals = new RefusalLog({ store, now, onProblem });
  const draining = new AbortController();
  const background = new Background(onProblem);
  const service: ServiceDeps = {
    store,
    instances: new Map([['acme', acme]]),
    progress: new Progress(),
    background,
    now,
    newId,
    holder: 'test',
    leaseMs: 15_000,
  };
  const queue = new SyncQueue(service);
  const delivery = {
    ...service,
    queue,
    repositories: new Map([['main', repository]]),
    onPullRequest: () => undefined,
  };
  const keys = { store, now, newId };
  const deps: AppDeps = {
    settings: { ...httpDefaults, rateLimits: generous },
    routes: [...apiRoutes(delivery), ...routes],
    authenticate: createAuthenticate({ store, refusals, now, onProblem }),
    refusals,
    checks: [{ name: 'store', run: () => store.ping() }],
    log,
    newId,
    draining: draining.signal,
    version: '0.0.0',
  };
  const operator = { ...localOperator('test'), requestId: null };
  const admin = await createFirstKey(keys, 'first', operator);
  return {
    store,
    app: createApp({ ...deps, ...change(deps, store) }),
    refusals,
    admin,
    lines,
    clock,
    draining,
    async keyWith(...scopes) {
      const parsed = scopes.map((text) => parseScope(text)).filter((scope) => scope !== null);
      return createKey(keys, { name: 'test', scopes: parsed, expiresAt: null }, operator);
    },
    async close() {
      await background.drain(5_000);
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const bearer = ({ secret }: Pick<NewKey, 'secret'>): string => `Bearer ${secret}`;
