import { z } from 'zod';
import { acceptDrift, endAcceptance } from '../../app/service/accept-drift.js';
import { checkDrift } from '../../app/service/check-drift.js';
import { instanceOf, type ServiceDeps } from '../../app/service/deps.js';
import { instanceCheck, readCheck, type InstanceCheck } from '../../app/service/instance-check.js';
import type { AcceptedDrift } from '../../app/service/store.js';
import { WHOLE_RECORD } from '../../domain/plan/accept.js';
import { HttpProblem } from '../problems/http-problem.js';
import { instant, showInstant, showInstantOrNull } from '../replies/pages.js';
import { route, type Route } from '../route.js';
import { reasonText } from './applies.js';

const drift = z
  .object({
    instance: z.string(),
    checkedAt: instant.nullable(),
    status: z.enum(['unknown', 'in_sync', 'pending', 'drifted', 'unreachable']),
    count: z.int(),
    drift: z.unknown().meta({ description: 'What moved in Odoo, as `odoo-steward drift --json` prints it' }),
    problem: instanceCheck.shape.problem,
  })
  .meta({ id: 'Drift' });

const toDrift = (instance: string, checkedAt: number | null, check: InstanceCheck | null): z.input<typeof drift> => ({
  instance,
  checkedAt: showInstantOrNull(checkedAt),
  status: check?.status ?? 'unknown',
  count: check?.driftCount ?? 0,
  drift: check?.drift ?? null,
  problem: check?.problem ?? null,
});

const acceptance = z
  .object({
    id: z.string(),
    object: z.enum(['server_action', 'scheduled_action']),
    externalId: z.string(),
    field: z.string().nullable().meta({ description: 'null: the whole record' }),
    reason: z.string(),
    by: z.string(),
    at: instant,
    until: instant,
  })
  .meta({ id: 'AcceptedDrift' });

const toAcceptance = (one: AcceptedDrift): z.input<typeof acceptance> => ({
  id: one.id,
  object: one.object,
  externalId: one.externalId,
  field: one.field === WHOLE_RECORD ? null : one.field,
  reason: one.reason,
  by: one.acceptedBy,
  at: showInstant(one.acceptedAt),
  until: showInstant(one.until),
});

const MAX_DAYS = 366;

/** What moved in Odoo, and which of it is let stand. */
export const driftRoutes = (deps: ServiceDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/instances/{instance}/drift',
    operationId: 'getDrift',
    tag: 'Drift',
    summary: 'What somebody moved in Odoo, as of the last check',
    scope: 'read',
    responses: { 200: { description: 'The drift', schema: drift } },
    async handler({ params }) {
      instanceOf(deps, params.instance);
      const { state, check } = await readCheck(deps.store, params.instance);
      return { status: 200, body: toDrift(params.instance, state.checkedAt, check) };
    },
  }),
  route({
    method: 'post',
    path: '/instances/{instance}/drift/checks',
    operationId: 'checkDrift',
    tag: 'Drift',
    summary: 'Look now',
    scope: 'plan',
    responses: { 200: { description: 'The drift as it stands', schema: drift } },
    async handler({ params, actor }) {
      const check = await checkDrift(deps, actor, params.instance);
      return { status: 200, body: toDrift(params.instance, deps.now(), check) };
    },
  }),
  route({
    method: 'get',
    path: '/instances/{instance}/drift/acceptances',
    operationId: 'listAcceptedDrift',
    tag: 'Drift',
    summary: 'Drift that is let stand',
    scope: 'read',
    responses: {
      200: { description: 'What stands until a date', schema: z.object({ items: z.array(acceptance) }) },
    },
    async handler({ params }) {
      instanceOf(deps, params.instance);
      const items = await deps.store.drift.accepted(params.instance, deps.now());
      return { status: 200, body: { items: items.map(toAcceptance) } };
    },
  }),
  route({
    method: 'post',
    path: '/instances/{instance}/drift/acceptances',
    operationId: 'acceptDrift',
    tag: 'Drift',
    summary: 'Let one difference stand until a date, as Odoo has it now',
    scope: 'drift:accept',
    request: {
      body: z
        .strictObject({
          object: acceptance.shape.object,
          externalId: z.string().max(300),
          field: z.string().max(100).optional().meta({ description: 'Absent: the whole record' }),
          reason: reasonText,
          until: z.iso.datetime({ offset: true }).meta({ description: `At most ${MAX_DAYS} days from now` }),
        })
        .meta({ id: 'AcceptDriftRequest' }),
    },
    responses: { 201: { description: 'It is let stand', schema: acceptance } },
    async handler({ params, body, actor }) {
      const until = Date.parse(body.until);
      if (until <= deps.now() || until > deps.now() + MAX_DAYS * 86_400_000) {
        throw new HttpProblem('invalid_body', `Name a date from now on, at most ${MAX_DAYS} days ahead.`, {
          problems: [{ code: 'out_of_range', message: 'not a date ahead', at: { in: 'body', pointer: '/until' } }],
        });
      }
      const { object, externalId, field = null, reason } = body;
      const accepted = await acceptDrift(deps, actor, params.instance, { object, externalId, field, reason, until });
      return { status: 201, body: toAcceptance(accepted) };
    },
  }),
  route({
    method: 'delete',
    path: '/instances/{instance}/drift/acceptances/{id}',
    operationId: 'endAcceptedDrift',
    tag: 'Drift',
    summary: 'Let it stand no longer',
    scope: 'drift:accept',
    responses: { 204: { description: 'It is drift again' } },
    async handler({ params, actor }) {
      await endAcceptance(deps, actor, params.instance, params.id);
      return { status: 204 };
    },
  }),
];
