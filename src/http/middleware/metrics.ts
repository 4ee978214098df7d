import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { stateOf } from './request-state.js';

export interface Metrics {
  /** For metrics of others: what is registered here is served at `/metrics`. */
  readonly registry: Registry;
  readonly measure: RequestHandler;
}

/** A registry of its own for each app. `ofProcess`: CPU, memory, event loop and garbage collection as well. */
export function createMetrics({ ofProcess }: { readonly ofProcess: boolean }): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const inFlight = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are being answered',
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by route template',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return {
    registry,
    measure: (req, res, next) => {
      inFlight.inc();
      const stop = duration.startTimer();
      res.once('close', () => {
        inFlight.dec();
        const { route } = stateOf(res);
        // Clients invent methods and paths; labels must not grow with them.
        stop({ method: route === null ? 'other' : req.method, route: route ?? 'unmatched', status: res.statusCode });
      });
      next();
    },
  };
}
