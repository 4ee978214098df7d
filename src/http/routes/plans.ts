import { z } from 'zod';
import { createPlan } from '../../app/service/create-plan.js';
import { instanceOf, type ServiceDeps } from '../../app/service/deps.js';
import { failureJson, readPlanBody } from '../../app/service/plan-body.js';
import type { PlanEntry } from '../../app/service/store.js';
import { renderHtml } from '../../domain/plan/render-html.js';
import { planJson } from '../../domain/plan/render-json-schema.js';
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
import { preferHeader } from '../replies/preferences.js';
import { waitFor } from '../replies/wait.js';
import { route, type Route } from '../route.js';
import { followRoute } from './follow.js';

const DEFAULT_WAIT_MS = 10_000;

export const definitionIds = z.array(z.string().regex(/^[a-z][a-z0-9_]{0,127}$/)).max(1_000);
export const gitRef = z
  .string()
  .min(1)
  .max(250)
  .regex(/^[^\s\p{Cc}-][^\s\p{Cc}]*$/u, { error: 'write a branch, a tag or a commit' });

export const planOptions = {
  ref: gitRef.optional().meta({ description: 'Branch, tag or commit; absent: where the instance stands' }),
  prune: z.boolean().optional().meta({ description: 'Delete owned records that no definition asks for' }),
  reactivate: definitionIds.optional().meta({ description: 'Definitions whose schedules may be switched on again' }),
};

const planRequest = z.strictObject(planOptions).meta({ id: 'PlanRequest' });

const summary = {
  id: z.string(),
  instance: z.string(),
  status: z.enum(['running', 'ready', 'failed']),
  createdAt: instant,
  createdBy: z.string(),
  endedAt: instant.nullable(),
  ref: z.string().nullable(),
  revision: z.string().nullable(),
  digest: z.string().nullable().meta({ description: 'What an apply of it names' }),
};
const planSummary = z.object(summary).meta({ id: 'PlanSummary' });
const plan = z
  .object({
    ...summary,
    plan: planJson.meta({ id: 'PlanDocument' }).nullable(),
    failure: failureJson.nullable().meta({ description: 'Why there is none' }),
  })
  .meta({ id: 'Plan' });

const toSummary = (entry: PlanEntry): z.input<typeof planSummary> => ({
  id: entry.id,
  instance: entry.instance,
  status: entry.status,
  createdAt: showInstant(entry.createdAt),
  createdBy: entry.createdBy,
  endedAt: showInstantOrNull(entry.endedAt),
  ref: entry.ref,
  revision: entry.revision,
  digest: entry.digest,
});

const toPlan = (entry: PlanEntry): z.input<typeof plan> => {
  const { plan: document, failure } = readPlanBody(entry);
  return { ...toSummary(entry), plan: document, failure };
};

/** Plans: made on request, kept, and read as JSON, Markdown or a page. */
export const planRoutes = (deps: ServiceDeps): readonly Route[] => {
  const find = async (id: string): Promise<PlanEntry> => {
    const entry = await deps.store.plans.get(id);
    if (entry === null) throw new HttpProblem('not_found', `There is no plan ${id}.`);
    return entry;
  };
  return [
    route({
      method: 'post',
      path: '/instances/{instance}/plans',
      operationId: 'createPlan',
      tag: 'Plans',
      summary: 'Plan what an apply would change; writes nothing to Odoo',
      description: 'Answers 201 with the plan when it is there in time (`Prefer: wait=N`, 10 s when absent), else 202.',
      scope: 'plan',
      request: { headers: z.object({ ...preferHeader }), body: planRequest },
      responses: {
        201: { description: 'The plan, ready or failed', schema: plan, headers: { Location: 'The plan' } },
        202: { description: 'It is being made', schema: plan, headers: { Location: 'The plan' } },
      },
      async handler({ params, body, headers, actor, signal }) {
        const { prefer } = headers;
        const wish = { ref: body.ref ?? null, prune: body.prune ?? false, reactivate: body.reactivate ?? [] };
        const { entry, done } = await createPlan(deps, actor, params.instance, wish);
        const waitMs = prefer.respondAsync ? 0 : (prefer.waitMs ?? DEFAULT_WAIT_MS);
        const isDone = await waitFor(done, waitMs, signal);
        const Location = `/api/v1/plans/${entry.id}`;
        const now = isDone ? await find(entry.id) : entry;
        return { status: isDone ? 201 : 202, body: toPlan(now), headers: { Location } };
      },
    }),
    route({
      method: 'get',
      path: '/instances/{instance}/plans',
      operationId: 'listPlans',
      tag: 'Plans',
      summary: 'Its plans, newest first',
      scope: 'read',
      request: { query: z.object(pageQuery) },
      responses: { 200: { description: 'A page of plans', schema: pageOf(planSummary), headers: pageHeaders } },
      problems: ['bad_cursor'],
      async handler({ params, query, url }) {
        instanceOf(deps, params.instance);
        return pageReply(url, await deps.store.plans.list(params.instance, toPage(query)), toSummary);
      },
    }),
    route({
      method: 'get',
      path: '/plans/{id}',
      operationId: 'getPlan',
      tag: 'Plans',
      summary: 'One plan, as JSON, Markdown or a page',
      scope: 'read',
      reach: 'some_instance',
      responses: {
        200: { description: 'The plan', schema: plan, types: ['text/markdown', 'text/html'] },
      },
      problems: ['plan_not_ready'],
      async handler({ params, accepts, mustBeAllowed }) {
        const entry = await find(params.id);
        await mustBeAllowed('read', entry.instance);
        if (accepts !== 'text/markdown' && accepts !== 'text/html') return { status: 200, body: toPlan(entry) };
        const { plan: document, markdown } = readPlanBody(entry);
        if (document === null || markdown === null) {
          throw new HttpProblem('plan_not_ready', `The plan is ${entry.status}: read it as JSON.`);
        }
        const text = accepts === 'text/markdown' ? markdown : renderHtml(document);
        return { status: 200, type: accepts, text };
      },
    }),
    followRoute(deps, {
      ...{ path: '/plans/{id}/events', operationId: 'followPlan', tag: 'Plans', find },
      summary: 'What happens while it is made',
      isOver: ({ status }) => status !== 'running',
      show: toSummary,
    }),
  ];
};
