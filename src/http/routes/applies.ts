import { z } from 'zod';
import { requestApply } from '../../app/service/apply-by-digest.js';
import { instanceOf, type ServiceDeps } from '../../app/service/deps.js';
import { failureJson } from '../../app/service/plan-body.js';
import { applyReportJson } from '../../app/service/report-json.js';
import type { ApplyEntry, ApplyResultEntry } from '../../app/service/store.js';
import { HttpProblem } from '../problems/http-problem.js';
import {
  instant,
  pageHeaders,
  pageOf,
  pageQuery,
  pageReply,
  showInstant,
  showInstantOrNull,
  toPage,
} from '../replies/pages.js';
import { idempotencyKeyHeader, preferHeader } from '../replies/preferences.js';
import { waitFor } from '../replies/wait.js';
import { route, type Route } from '../route.js';
import { followRoute } from './follow.js';
import { planOptions } from './plans.js';

export const reasonText = z.string().trim().min(1).max(1_000);
export const overrides = z.array(z.enum(['too_many_changes', 'empty_desired_state'])).max(2);

const applyRequest = z
  .strictObject({
    ...planOptions,
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'write the digest of a plan: 64 hex digits' })
      .meta({ description: 'Of the plan that was looked at; if git or Odoo moved since, the apply is refused' }),
    override: overrides.optional().meta({ description: 'Guards that may trip; needs the verb `override`' }),
    reason: reasonText.optional(),
  })
  .meta({ id: 'ApplyRequest' });

const summary = {
  id: z.string(),
  instance: z.string(),
  status: z
    .enum(['queued', 'running', 'applied', 'partly', 'failed', 'refused', 'interrupted'])
    .meta({ description: 'refused: nothing was written; interrupted: the service ended in the middle' }),
  createdAt: instant,
  createdBy: z.string(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  digest: z.string(),
  revision: z.string().nullable(),
  total: z.int().nullable().meta({ description: 'Changes to write' }),
  origin: z.enum(['api', 'sync', 'rollback', 'cli']),
  reason: z.string().nullable(),
};
const applySummary = z.object(summary).meta({ id: 'ApplySummary' });
const apply = z
  .object({
    ...summary,
    written: z
      .array(
        z.object({
          externalId: z.string(),
          recordId: z.int().nullable(),
          status: z.string(),
          message: z.string().nullable(),
        }),
      )
      .meta({ description: 'What is known of each change so far' }),
    report: applyReportJson.nullable(),
    failure: failureJson.nullable(),
  })
  .meta({ id: 'Apply' });

const toSummary = (entry: ApplyEntry): z.input<typeof applySummary> => ({
  id: entry.id,
  instance: entry.instance,
  status: entry.status,
  createdAt: showInstant(entry.createdAt),
  createdBy: entry.createdBy,
  startedAt: showInstantOrNull(entry.startedAt),
  endedAt: showInstantOrNull(entry.endedAt),
  digest: entry.digest,
  revision: entry.revision,
  total: entry.total,
  origin: entry.origin,
  reason: entry.reason,
});

const storedReport = z.union([
  applyReportJson.transform((report) => ({ report, failure: null })),
  failureJson.transform((failure) => ({ report: null, failure })),
]);

function toApply(entry: ApplyEntry, results: readonly ApplyResultEntry[]): z.input<typeof apply> {
  const stored = entry.report === null ? { report: null, failure: null } : storedReport.parse(JSON.parse(entry.report));
  return { ...toSummary(entry), written: [...results], ...stored };
}

const isOver = ({ status }: ApplyEntry): boolean => status !== 'queued' && status !== 'running';

/** Applies: asked for by digest, followed, and kept as history. */
export const applyRoutes = (deps: ServiceDeps): readonly Route[] => {
  const find = async (id: string): Promise<ApplyEntry> => {
    const entry = await deps.store.applies.get(id);
    if (entry === null) throw new HttpProblem('not_found', `There is no apply ${id}.`);
    return entry;
  };
  const show = async (entry: ApplyEntry) => toApply(entry, await deps.store.applies.results(entry.id));
  return [
    route({
      method: 'post',
      path: '/instances/{instance}/applies',
      operationId: 'createApply',
      tag: 'Applies',
      summary: 'Carry out a plan that was looked at, by its digest',
      description:
        'One apply at a time an instance: another one is refused with 409. With an Idempotency-Key the same request is carried out once, however often it is sent.',
      scope: 'apply',
      request: { headers: z.object({ ...idempotencyKeyHeader, ...preferHeader }), body: applyRequest },
      responses: {
        200: { description: 'It came to its end in time (`Prefer: wait=N`)', schema: apply },
        202: { description: 'It has begun', schema: apply, headers: { Location: 'The apply' } },
      },
      problems: ['apply_running', 'idempotency_key_reused'],
      async handler({ params, body, headers, actor, signal, mustBeAllowed }) {
        const override = body.override ?? [];
        if (override.length > 0) await mustBeAllowed('override', params.instance);
        const wish = {
          ref: body.ref ?? null,
          prune: body.prune ?? false,
          reactivate: body.reactivate ?? [],
          digest: body.digest,
          override,
          reason: body.reason ?? null,
        };
        const idempotencyKey = headers['idempotency-key'] ?? null;
        const request = { wish, origin: 'api', idempotencyKey } as const;
        const { entry, done } = await requestApply(deps, actor, params.instance, request);
        const isDone = await waitFor(done, headers.prefer.waitMs ?? 0, signal);
        const now = await find(entry.id);
        return isDone && isOver(now)
          ? { status: 200, body: await show(now) }
          : { status: 202, body: await show(now), headers: { Location: `/api/v1/applies/${entry.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/instances/{instance}/applies',
      operationId: 'listApplies',
      tag: 'Applies',
      summary: 'Its history of applies, newest first',
      scope: 'read',
      request: { query: z.object(pageQuery) },
      responses: { 200: { description: 'A page of applies', schema: pageOf(applySummary), headers: pageHeaders } },
      problems: ['bad_cursor'],
      async handler({ params, query, url }) {
        instanceOf(deps, params.instance);
        return pageReply(url, await deps.store.applies.list(params.instance, toPage(query)), toSummary);
      },
    }),
    route({
      method: 'get',
      path: '/applies/{id}',
      operationId: 'getApply',
      tag: 'Applies',
      summary: 'One apply: how far it got, or how it ended',
      scope: 'read',
      reach: 'some_instance',
      responses: { 200: { description: 'The apply', schema: apply } },
      async handler({ params, mustBeAllowed }) {
        const entry = await find(params.id);
        await mustBeAllowed('read', entry.instance);
        return { status: 200, body: await show(entry) };
      },
    }),
    followRoute(deps, {
      ...{ path: '/applies/{id}/events', operationId: 'followApply', tag: 'Applies', find, isOver },
      summary: 'What happens while it runs',
      show: toSummary,
    }),
  ];
};
