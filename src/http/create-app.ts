import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import type { Authenticate } from '../app/service/authenticate.js';
import type { RefusalLog } from '../app/service/authenticate-refusals.js';
import type { Verb } from '../domain/access/scopes.js';
import { identify } from './middleware/identify.js';
import { logRequests } from './middleware/log-requests.js';
import { createMetrics, type Metrics } from './middleware/metrics.js';
import { createRateLimits, type RateLimitSettings } from './middleware/rate-limits.js';
import { strictHeaders } from './middleware/security-headers.js';
import { traceRequests } from './middleware/trace-requests.js';
import { mountRoutes } from './mount-routes.js';
import { renderOpenApi, type MountedRoute } from './openapi.js';
import { HttpProblem } from './problems/http-problem.js';
import { createReadBody } from './read-body.js';
import { eventStreamLimits, type EventStreamLimits } from './replies/event-stream.js';
import type { Route } from './route.js';
import { docsRouter } from './routes/docs.js';
import { systemRoutes, type ReadyCheck } from './routes/system.js';
import { sendProblem } from './send-problem.js';

const API_PREFIX = '/api/v1';

export interface HttpSettings {
  /** Which proxies' `X-Forwarded-For` is believed: none, so many hops, or these addresses and networks. */
  readonly trustProxy: false | number | readonly string[];
  readonly maxBodyBytes: number;
  readonly rateLimits: RateLimitSettings;
  readonly metricsScope: 'public' | Verb;
}

export const httpDefaults: HttpSettings = {
  trustProxy: false,
  maxBodyBytes: 1_000_000,
  rateLimits: { perAddress: 600, perKey: 600, failedPerAddress: 20 },
  metricsScope: 'public',
};

export interface AppDeps {
  readonly settings: HttpSettings;
  /** Served below `/api/v1`. */
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly refusals: Pick<RefusalLog, 'refused'>;
  readonly checks: readonly ReadyCheck[];
  readonly log: Logger;
  readonly newId: () => string;
  /** Aborted when the service begins to stop: not ready any more, and event streams end. */
  readonly draining: AbortSignal;
  /** Of the service, for the document. */
  readonly version: string;
  readonly metrics?: Metrics;
  readonly eventStreams?: EventStreamLimits;
  /** Other faces under the same roof (the console): before the 404, after all middleware. */
  readonly others?: readonly Router[];
}

export interface App {
  readonly express: Express;
  /** Every declared route at its full path: what the document and the tests go by. */
  readonly routes: readonly MountedRoute[];
}

/** The whole HTTP face. Does no I/O until it is asked something. */
export function createApp(deps: AppDeps): App {
  const { settings, log, draining, version } = deps;
  const metrics = deps.metrics ?? createMetrics({ ofProcess: false });
  const limits = createRateLimits(settings.rateLimits);
  const { metricsScope } = settings;
  let document: unknown;
  const system = systemRoutes({
    ...deps,
    registry: metrics.registry,
    metricsScope,
    document: () => (document ??= renderOpenApi(routes, version)),
  });
  const routes: readonly MountedRoute[] = [
    ...system.map((route) => ({ prefix: '', route })),
    ...deps.routes.map((route) => ({ prefix: API_PREFIX, route })),
  ];

  const app = express();
  app.set('trust proxy', typeof settings.trustProxy === 'object' ? [...settings.trustProxy] : settings.trustProxy);
  app.set('etag', false);
  app.disable('x-powered-by');
  app.use(identify(deps.newId, log), metrics.measure, traceRequests, logRequests(log), strictHeaders);
  app.use(exempt(['/healthz', '/readyz'], limits.perAddress));
  app.get('/', (_req, res) => res.redirect(303, '/docs'));
  app.use(docsRouter());
  app.use(
    mountRoutes(routes, {
      authenticate: deps.authenticate,
      refusals: deps.refusals,
      limits,
      readBody: createReadBody(settings.maxBodyBytes),
      eventStreams: deps.eventStreams ?? eventStreamLimits,
      draining,
    }),
  );
  for (const router of deps.others ?? []) app.use(router);
  app.use(() => {
    throw new HttpProblem('not_found', 'There is nothing at this path: see /docs.');
  });
  app.use(sendProblem);
  return { express: app, routes };
}

/** A cluster's probes come often, from one address, and must not be refused. */
const exempt =
  (paths: readonly string[], middleware: express.RequestHandler): express.RequestHandler =>
  (req, res, next) => {
    if (paths.includes(req.path)) next();
    else void middleware(req, res, next);
  };
