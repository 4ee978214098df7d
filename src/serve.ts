/** The service, put together: settings in, a server with its timers out. */
import { readFileSync } from 'node:fs';
import { bulkhead } from 'cockatiel';
import { pino, type Logger } from 'pino';
import { Background } from './app/service/background.js';
import { createAuthenticate } from './app/service/authenticate.js';
import { RefusalLog } from './app/service/authenticate-refusals.js';
import type { ServiceDeps } from './app/service/deps.js';
import { postPlan } from './app/service/post-plan.js';
import { Progress } from './app/service/progress.js';
import type { Store } from './app/service/store.js';
import type { DeliveryDeps } from './app/service/receive-delivery.js';
import { recoverInterrupted } from './app/service/recover.js';
import { startTimers } from './app/service/start-timers.js';
import { SyncQueue } from './app/service/sync-queue.js';
import type { Environment } from './compose.js';
import { apiRoutes, createApp, createMetrics, httpDefaults, startServer } from './http/index.js';
import { toCannotListen } from './cannot-listen.js';
import { newId } from './new-id.js';
import { hasEnded, nameThisProcess } from './process-name.js';
import { createTimers } from './schedule/index.js';
import { openInstances, openRepositories, type OpenInstances } from './service-instances.js';
import type { Settings } from './settings/index.js';
import { openStore } from './store/index.js';

export interface RunningService {
  /** Where it listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** There is an API key, be it an ended one. */
  readonly hasKeys: boolean;
  /** Ends what runs, in good order, within about twice `graceMs`; what is in flight longer is aborted and recorded. */
  stop(): Promise<void>;
}

export interface ServeInput {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly log?: Logger;
}

const LEASE_MS = 15_000;
const GRACE_MS = 25_000;
const LATE_MS = 2_000;
const MINUTE_MS = 60_000;

export { newId };

/** Starts everything, or nothing: throws `StoreError` and `CannotListen`, with all that was opened closed again. */
export async function serve({ settings, environment, log = createLog(settings) }: ServeInput): Promise<RunningService> {
  const { databaseUrl, databaseFile, listen } = settings.service;
  const warn = (message: string): void => log.warn(message);
  const store = await openStore({ url: databaseUrl?.reveal() ?? null, file: databaseFile, warn });
  let opened: OpenInstances | null = null;
  try {
    opened = await openInstances(settings, environment, { warn });
    return await run({ settings, log, store, opened });
  } catch (error) {
    opened?.close();
    await store.close();
    throw toCannotListen(error, listen);
  }
}

interface Opened {
  readonly settings: Settings;
  readonly log: Logger;
  readonly store: Store;
  readonly opened: OpenInstances;
}

async function run({ settings, log, store, opened }: Opened): Promise<RunningService> {
  const { service } = settings;
  const onProblem = (error: unknown): void => log.error({ err: error }, 'something failed that nobody waited for');
  const draining = new AbortController();
  const background = new Background(onProblem);
  const deps: ServiceDeps = {
    store,
    instances: opened.instances,
    progress: new Progress(),
    background,
    now: Date.now,
    newId,
    holder: nameThisProcess(),
    isGone: hasEnded,
    leaseMs: LEASE_MS,
  };
  const queue = new SyncQueue(deps);
  // One at a time an instance: two at once would both write the first comment, and the older plan might come last.
  const posting = new Map<string, ReturnType<typeof bulkhead>>();
  const delivery: DeliveryDeps = {
    ...deps,
    queue,
    repositories: openRepositories(settings),
    onPullRequest: (repository, hint, names, actor) => {
      for (const name of names) {
        const turn = posting.get(name) ?? bulkhead(1, Number.POSITIVE_INFINITY);
        posting.set(name, turn);
        background.run(() => turn.execute(() => postPlan(deps, repository, hint, name, actor)));
      }
    },
  };
  const refusals = new RefusalLog({ store, now: Date.now, onProblem });
  const timers = createTimers({
    report: (name, error) => log.warn({ timer: name, err: error }, 'a timer failed and will try again later'),
  });
  const app = createApp({
    settings: {
      ...httpDefaults,
      trustProxy: service.trustProxy,
      metricsScope: service.metrics === 'open' ? 'public' : 'read',
    },
    routes: apiRoutes(delivery),
    authenticate: createAuthenticate({ store, refusals, now: Date.now, onProblem }),
    refusals,
    checks: [{ name: 'store', run: () => store.ping() }],
    log,
    newId,
    draining: draining.signal,
    version: readVersion(),
    metrics: createMetrics({ ofProcess: true }),
  });
  for (const apply of await recoverInterrupted(deps)) {
    log.warn({ apply: apply.id, instance: apply.instance }, 'an apply was interrupted: plan again to see what is left');
  }
  const hasKeys = (await store.keys.count()) > 0;
  const server = await startServer(app.express, service.listen);
  startTimers({ ...deps, queue }, timers, {
    instances: new Map(
      settings.instances.map(
        ({ name, definitions, sync: { pollMs, checkDriftMs } }) =>
          [
            name,
            definitions === null
              ? { pollMs: null, checkDriftMs: null }
              : { pollMs: definitions.kind === 'git' ? pollMs : null, checkDriftMs },
          ] as const,
      ),
    ),
    retentionDays: service.retentionDays,
  });
  timers.every('refusals', { intervalMs: MINUTE_MS }, () => refusals.flush());

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    const deadline = performance.now() + 2 * GRACE_MS;
    draining.abort();
    await Promise.all([timers.stop(GRACE_MS), server.stop(GRACE_MS), background.drain(GRACE_MS)]);
    // What the last requests and timers began after the first look at the background.
    await background.drain(Math.max(LATE_MS, (deadline - performance.now()) / 2));
    opened.close();
    // Calls that this cut off are written down before the store goes.
    await background.drain(LATE_MS);
    await refusals.flush(true);
    for (const { poster } of delivery.repositories.values()) poster?.close();
    await store.close();
  };
  const { address, family, port } = server.address;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    hasKeys,
    stop: () => (stopping ??= stop()),
  };
}

function createLog({ logLevel }: Settings): Logger {
  // A service that says nothing while all is well cannot be told from one that hangs.
  return pino({ level: logLevel === 'warn' ? 'info' : logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
