import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Verb } from '../../domain/access/scopes.js';
import { problemKinds, isProblemCode } from '../problems/catalogue.js';
import { HttpProblem } from '../problems/http-problem.js';
import { route, type Route } from '../route.js';

/** Something without which no request can be served. Odoo is not: when it is down, we say so. */
export interface ReadyCheck {
  readonly name: string;
  /** Throws when it is not so. */
  run(): Promise<void>;
}

export interface SystemDeps {
  readonly checks: readonly ReadyCheck[];
  readonly draining: AbortSignal;
  readonly registry: Registry;
  /** Who may read the metrics. */
  readonly metricsScope: 'public' | Verb;
  readonly document: () => unknown;
}

const CHECK_WITHIN_MS = 2_000;

const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean() })),
  })
  .meta({ id: 'Readiness' });

/** What a cluster, a monitor and a client generator ask; at the root, not below `/api/v1`. */
export const systemRoutes = ({ checks, draining, registry, metricsScope, document }: SystemDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    tag: 'System',
    summary: 'Whether the process lives',
    scope: 'public',
    responses: { 200: { description: 'It does', schema: z.object({ status: z.literal('alive') }) } },
    handler: () => ({ status: 200, body: { status: 'alive' } }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tag: 'System',
    summary: 'Whether requests can be served',
    description:
      'The store answers, its schema is current, and the service is not stopping. An Odoo that is down changes nothing.',
    scope: 'public',
    responses: {
      200: { description: 'They can', schema: readiness },
      503: { description: 'They cannot: the checks say why', schema: readiness },
    },
    async handler({ log }) {
      const results = await Promise.all(
        checks.map(async (check) => {
          const error = await failure(check);
          if (error !== null) log.warn({ err: error, check: check.name }, 'A readiness check failed');
          return { name: check.name, ok: error === null };
        }),
      );
      const all = [...results, { name: 'not_stopping', ok: !draining.aborted }];
      return all.every(({ ok }) => ok)
        ? { status: 200, body: { status: 'ready', checks: all } }
        : { status: 503, body: { status: 'not_ready', checks: all } };
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tag: 'System',
    summary: 'Metrics for Prometheus',
    scope: metricsScope,
    responses: { 200: { description: 'Text exposition format', types: ['text/plain'] } },
    handler: async () => ({ status: 200, type: 'text/plain', text: await registry.metrics() }),
  }),
  route({
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag: 'System',
    summary: 'This document',
    scope: 'public',
    responses: { 200: { description: 'OpenAPI 3.1', schema: z.unknown() } },
    handler: () => ({ status: 200, body: document() }),
  }),
  route({
    method: 'get',
    path: '/problems/{code}',
    operationId: 'getProblemKind',
    tag: 'System',
    summary: 'What the code of a problem means',
    scope: 'public',
    responses: {
      200: {
        description: 'Its status and title',
        schema: z.object({ code: z.string(), status: z.int(), title: z.string() }).meta({ id: 'ProblemKind' }),
      },
    },
    problems: ['not_found'],
    handler({ params: { code } }) {
      if (!isProblemCode(code)) throw new HttpProblem('not_found', 'There is no problem of this code.');
      return { status: 200, body: { code, ...problemKinds[code] } };
    },
  }),
];

/** null: the check passed in time. */
async function failure(check: ReadyCheck): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${CHECK_WITHIN_MS} ms`)), CHECK_WITHIN_MS);
  });
  try {
    await Promise.race([check.run(), late]);
    return null;
  } catch (error) {
    return error ?? new Error('It failed without an error');
  } finally {
    clearTimeout(timer);
  }
}
