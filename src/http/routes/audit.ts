import { z } from 'zod';
import type { Store, StoredAuditEvent } from '../../app/service/store.js';
import {
  instant,
  pageHeaders,
  pageOf,
  pageQuery,
  pageReply,
  queryInstant,
  showInstant,
  toPage,
} from '../replies/pages.js';
import { route, type Route } from '../route.js';

const auditEvent = z
  .object({
    id: z.int(),
    at: instant,
    actor: z.string(),
    action: z.string(),
    instance: z.string().nullable(),
    target: z.string().nullable(),
    outcome: z.enum(['succeeded', 'failed', 'refused', 'unknown']),
    requestId: z.string().nullable(),
    body: z.unknown().meta({ description: 'What there is to say of such an event' }),
  })
  .meta({ id: 'AuditEvent' });

const text = z.string().min(1).max(200).optional();

/** The audit log. Whoever may read it on some instances alone names one of them. */
export const auditRoutes = ({ audit }: Pick<Store, 'audit'>): readonly Route[] => [
  route({
    method: 'get',
    path: '/audit',
    operationId: 'listAuditEvents',
    tag: 'Audit',
    summary: 'What was done, by whom, newest first',
    description: 'With a key for some instances alone, name one of them (`instance`).',
    scope: 'audit',
    reach: 'some_instance',
    request: {
      query: z.object({
        ...pageQuery,
        instance: text,
        actor: text,
        action: text,
        outcome: z.enum(['succeeded', 'failed', 'refused', 'unknown']).optional(),
        since: queryInstant().optional(),
        until: queryInstant().optional(),
      }),
    },
    responses: { 200: { description: 'A page of events', schema: pageOf(auditEvent), headers: pageHeaders } },
    problems: ['bad_cursor'],
    async handler({ query, url, mustBeAllowed }) {
      const { limit, cursor, ...asked } = query;
      await mustBeAllowed('audit', asked.instance ?? null);
      const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      return pageReply(url, await audit.list(filter, toPage({ limit, cursor })), toEvent);
    },
  }),
];

const toEvent = ({ body, at, ...event }: StoredAuditEvent): z.input<typeof auditEvent> => ({
  ...event,
  at: showInstant(at),
  body: readBody(body),
});

/** Events are our own, but a log must be readable whatever is in it. */
function readBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
