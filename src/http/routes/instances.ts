import { z } from 'zod';
import type { ServiceDeps, ServiceInstance } from '../../app/service/deps.js';
import { instanceOf } from '../../app/service/deps.js';
import { instanceCheck, readCheck, type InstanceCheck } from '../../app/service/instance-check.js';
import type { InstanceState } from '../../app/service/store.js';
import { showWindow } from '../../domain/sync/windows.js';
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
import { versionTag } from '../replies/preconditions.js';
import { route, type Route } from '../route.js';

const instance = z
  .object({
    name: z.string(),
    url: z.string(),
    database: z.string(),
    environment: z.string().nullable(),
    definitions: z.string().nullable().meta({ description: 'Where its definitions are' }),
    policy: z.enum(['manual', 'automatic', 'automatic_prune']),
    windows: z.array(z.string()),
    status: z.enum(['unknown', 'in_sync', 'pending', 'drifted', 'unreachable']),
    since: instant.nullable(),
    checkedAt: instant.nullable(),
    odoo: z.string().nullable(),
    revision: z.string().nullable().meta({ description: 'That it was compared with last' }),
    digest: z.string().nullable().meta({ description: 'Of the plan that would bring it in line' }),
    counts: instanceCheck.shape.counts,
    drift: z.int().meta({ description: 'Differences that Odoo made' }),
    problem: instanceCheck.shape.problem,
    appliedRevision: z.string().nullable(),
    appliedAt: instant.nullable(),
    pin: z
      .object({ revision: z.string(), by: z.string(), at: instant, reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'A roll-back that holds it at a revision' }),
  })
  .meta({ id: 'Instance' });

const definition = instanceCheck.shape.definitions.element.meta({ id: 'Definition' });

function toInstance(
  { target, database, definitions, rules }: ServiceInstance,
  state: InstanceState,
  check: InstanceCheck | null,
): z.input<typeof instance> {
  const { pinnedRevision, pinnedBy, pinnedAt, pinReason } = state;
  return {
    name: target.instance,
    url: target.url,
    database,
    environment: target.environment,
    definitions,
    policy: rules.policy,
    windows: rules.windows.map(showWindow),
    status: check?.status ?? 'unknown',
    since: check === null || check.since === 0 ? null : showInstant(check.since),
    checkedAt: showInstantOrNull(state.checkedAt),
    odoo: check?.odoo ?? null,
    revision: check?.revision ?? null,
    digest: check?.digest ?? null,
    counts: check?.counts ?? null,
    drift: check?.driftCount ?? 0,
    problem: check?.problem ?? null,
    appliedRevision: state.appliedRevision,
    appliedAt: showInstantOrNull(state.appliedAt),
    pin:
      pinnedRevision === null
        ? null
        : { revision: pinnedRevision, by: pinnedBy ?? '', at: showInstant(pinnedAt ?? 0), reason: pinReason },
  };
}

/** Instances and their definitions, as they stood when they were last looked at: nothing is asked of Odoo. */
export const instanceRoutes = (deps: ServiceDeps): readonly Route[] => {
  const read = async (name: string) => {
    const known = instanceOf(deps, name);
    return { known, ...(await readCheck(deps.store, name)) };
  };
  return [
    route({
      method: 'get',
      path: '/instances',
      operationId: 'listInstances',
      tag: 'Instances',
      summary: 'Every instance that the caller may read',
      scope: 'read',
      reach: 'some_instance',
      responses: { 200: { description: 'The instances, by name', schema: z.object({ items: z.array(instance) }) } },
      async handler({ may }) {
        const names = [...deps.instances.keys()].filter((name) => may('read', name)).sort();
        const all = await Promise.all(names.map(read));
        return { status: 200, body: { items: all.map(({ known, state, check }) => toInstance(known, state, check)) } };
      },
    }),
    route({
      method: 'get',
      path: '/instances/{instance}',
      operationId: 'getInstance',
      tag: 'Instances',
      summary: 'One instance: how it stands, and what holds it',
      scope: 'read',
      responses: { 200: { description: 'The instance', schema: instance } },
      async handler({ params }) {
        const { known, state, check } = await read(params.instance);
        return { status: 200, body: toInstance(known, state, check), etag: versionTag(state.version) };
      },
    }),
    route({
      method: 'get',
      path: '/instances/{instance}/definitions',
      operationId: 'listDefinitions',
      tag: 'Definitions',
      summary: 'Its definitions, each with its state',
      scope: 'read',
      request: { query: z.object({ ...pageQuery, status: definition.shape.status.optional() }) },
      responses: { 200: { description: 'A page, by ID', schema: pageOf(definition), headers: pageHeaders } },
      problems: ['bad_cursor'],
      async handler({ params, query, url }) {
        const { check } = await read(params.instance);
        const { limit, cursor } = toPage(query);
        const wanted = (check?.definitions ?? []).filter(
          ({ status }) => query.status === undefined || status === query.status,
        );
        const start = cursor === null ? 0 : wanted.findIndex(({ id }) => id > readCursor(cursor));
        const items = start === -1 ? [] : wanted.slice(start, start + limit);
        const last = items.at(-1);
        const isMore = last !== undefined && start + limit < wanted.length;
        return pageReply(url, { items, nextCursor: isMore ? writeCursor(last.id) : null }, (item) => item);
      },
    }),
    route({
      method: 'get',
      path: '/instances/{instance}/definitions/{id}',
      operationId: 'getDefinition',
      tag: 'Definitions',
      summary: 'One definition with its state',
      scope: 'read',
      responses: { 200: { description: 'The definition', schema: definition } },
      async handler({ params }) {
        const { check } = await read(params.instance);
        const found = check?.definitions.find(({ id }) => id === params.id);
        if (found === undefined) {
          throw new HttpProblem('not_found', `There is no definition ${params.id} in ${params.instance}.`);
        }
        return { status: 200, body: found };
      },
    }),
  ];
};

const writeCursor = (id: string): string => Buffer.from(id, 'utf8').toString('base64url');

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^[a-z0-9_]{1,128}$/.test(id)) return id;
  throw new HttpProblem('bad_cursor', 'This cursor is not one of ours: begin with the first page.');
}
