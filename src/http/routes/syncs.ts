import { z } from 'zod';
import { instanceOf, type ServiceDeps } from '../../app/service/deps.js';
import { releasePin, rollBack } from '../../app/service/roll-back.js';
import type { SyncEntry } from '../../app/service/store.js';
import { syncInstance } from '../../app/service/sync-instance.js';
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
import { mustMatch, versionTag } from '../replies/preconditions.js';
import { waitFor } from '../replies/wait.js';
import { route, type Route } from '../route.js';
import { followRoute } from './follow.js';
import { overrides, reasonText } from './applies.js';
import { gitRef } from './plans.js';

const sync = z
  .object({
    id: z.string(),
    instance: z.string(),
    cause: z.enum(['api', 'webhook', 'poll', 'timer']),
    status: z
      .enum([
        'running',
        'unchanged',
        'planned',
        'outside_window',
        'applied',
        'partly',
        'failed',
        'refused',
        'interrupted',
      ])
      .meta({ description: 'planned, outside_window: changes wait; refused: nothing was written, see `message`' }),
    message: z.string().nullable(),
    createdAt: instant,
    createdBy: z.string(),
    endedAt: instant.nullable(),
    revision: z.string().nullable(),
    applyId: z.string().nullable(),
  })
  .meta({ id: 'Sync' });

const toSync = (entry: SyncEntry): z.input<typeof sync> => ({
  id: entry.id,
  instance: entry.instance,
  cause: sync.shape.cause.parse(entry.cause),
  status: sync.shape.status.parse(entry.status),
  message: entry.message,
  createdAt: showInstant(entry.createdAt),
  createdBy: entry.createdBy,
  endedAt: showInstantOrNull(entry.endedAt),
  revision: entry.revision,
  applyId: entry.applyId,
});

const syncRequest = z
  .strictObject({
    overrideWindow: z
      .boolean()
      .optional()
      .meta({ description: 'Although a window is shut; needs the verb `override`' }),
    reason: reasonText.optional(),
  })
  .meta({ id: 'SyncRequest' });

const rollBackRequest = z
  .strictObject({
    revision: gitRef.meta({ description: 'Branch, tag or commit to go back to, and to stay at' }),
    reason: reasonText,
    override: overrides.optional().meta({ description: 'Guards that may trip; needs the verb `override`' }),
  })
  .meta({ id: 'RollBackRequest' });

const rollBackReply = z
  .object({ revision: z.string(), applyId: z.string(), instance: z.string() })
  .meta({ id: 'RollBack' });

/** Syncs by policy, and the roll-back that holds an instance where it is. */
export const syncRoutes = (deps: ServiceDeps): readonly Route[] => {
  const find = async (id: string): Promise<SyncEntry> => {
    const entry = await deps.store.syncs.get(id);
    if (entry === null) throw new HttpProblem('not_found', `There is no sync ${id}.`);
    return entry;
  };
  return [
    route({
      method: 'post',
      path: '/instances/{instance}/syncs',
      operationId: 'createSync',
      tag: 'Syncs',
      summary: 'Plan and apply at once, as far as windows and guards allow',
      scope: 'sync',
      request: { headers: z.object({ ...preferHeader }), body: syncRequest },
      responses: {
        200: { description: 'It came to its end in time (`Prefer: wait=N`)', schema: sync },
        202: { description: 'It has begun', schema: sync, headers: { Location: 'The sync' } },
      },
      async handler({ params, body, headers, actor, signal, mustBeAllowed }) {
        const overrideWindow = body.overrideWindow ?? false;
        if (overrideWindow) await mustBeAllowed('override', params.instance);
        const wish = { cause: 'api', byPerson: true, overrideWindow, reason: body.reason ?? null } as const;
        const { entry, done } = await syncInstance(deps, actor, params.instance, wish);
        const isDone = await waitFor(done, headers.prefer.waitMs ?? 0, signal);
        const now = toSync(await find(entry.id));
        return isDone
          ? { status: 200, body: now }
          : { status: 202, body: now, headers: { Location: `/api/v1/syncs/${entry.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/instances/{instance}/syncs',
      operationId: 'listSyncs',
      tag: 'Syncs',
      summary: 'Its syncs, newest first',
      scope: 'read',
      request: { query: z.object(pageQuery) },
      responses: { 200: { description: 'A page of syncs', schema: pageOf(sync), headers: pageHeaders } },
      problems: ['bad_cursor'],
      async handler({ params, query, url }) {
        instanceOf(deps, params.instance);
        return pageReply(url, await deps.store.syncs.list(params.instance, toPage(query)), toSync);
      },
    }),
    route({
      method: 'get',
      path: '/syncs/{id}',
      operationId: 'getSync',
      tag: 'Syncs',
      summary: 'One sync',
      scope: 'read',
      reach: 'some_instance',
      responses: { 200: { description: 'The sync', schema: sync } },
      async handler({ params, mustBeAllowed }) {
        const entry = await find(params.id);
        await mustBeAllowed('read', entry.instance);
        return { status: 200, body: toSync(entry) };
      },
    }),
    followRoute(deps, {
      ...{ path: '/syncs/{id}/events', operationId: 'followSync', tag: 'Syncs', find },
      summary: 'What happens while it runs',
      isOver: ({ endedAt }) => endedAt !== null,
      show: toSync,
    }),
    route({
      method: 'post',
      path: '/instances/{instance}/rollbacks',
      operationId: 'rollBack',
      tag: 'Syncs',
      summary: 'Go back to a revision, and stay there until it is released',
      description: 'Follow the apply that it begins. Plans, syncs and drift checks go by this revision from now on.',
      scope: 'apply',
      request: { headers: z.object({ ...idempotencyKeyHeader }), body: rollBackRequest },
      responses: { 202: { description: 'It is held there; the apply has begun', schema: rollBackReply } },
      problems: ['apply_running', 'idempotency_key_reused', 'revision_unknown'],
      async handler({ params, body, headers, actor, mustBeAllowed }) {
        const override = body.override ?? [];
        if (override.length > 0) await mustBeAllowed('override', params.instance);
        const { revision, reason } = body;
        const wish = { revision, reason, override, idempotencyKey: headers['idempotency-key'] ?? null };
        const started = await rollBack(deps, actor, params.instance, wish);
        const { id, instance } = started.entry;
        return {
          status: 202,
          body: { revision: started.revision, applyId: id, instance },
          headers: { Location: `/api/v1/applies/${id}` },
        };
      },
    }),
    route({
      method: 'delete',
      path: '/instances/{instance}/pin',
      operationId: 'releasePin',
      tag: 'Syncs',
      summary: 'Let it follow its branch again, from the next sync on',
      scope: 'apply',
      request: { headers: z.object({ 'if-match': z.string().max(200).optional() }) },
      responses: { 204: { description: 'It is not held any more' } },
      problems: ['not_pinned', 'precondition_failed', 'precondition_required'],
      async handler({ params, actor, header }) {
        instanceOf(deps, params.instance);
        const { version } = await deps.store.instances.get(params.instance);
        mustMatch(header('if-match'), versionTag(version));
        await releasePin(deps, actor, params.instance, null);
        return { status: 204 };
      },
    }),
  ];
};
