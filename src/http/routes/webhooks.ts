import { z } from 'zod';
import { receiveDelivery, type DeliveryDeps } from '../../app/service/receive-delivery.js';
import { route, type Route } from '../route.js';

/** Webhooks of forges: whoever signs may call; what they say is a hint to fetch. */
export const webhookRoutes = (deps: DeliveryDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/webhooks/{repository}',
    operationId: 'receiveDelivery',
    tag: 'Webhooks',
    summary: 'A push or pull request, told by GitHub, GitLab, Gitea or Forgejo',
    description:
      'Signed as the forge does (GitLab: its token, or Standard Webhooks). Each delivery counts once. Unsigned or forged ones are refused with 401.',
    scope: 'signature',
    request: { body: 'raw' },
    responses: {
      202: {
        description: 'It is genuine',
        schema: z.object({
          outcome: z.enum(['accepted', 'duplicate', 'ignored']),
          instances: z.array(z.string()).meta({ description: 'That are looked at because of it' }),
        }),
      },
    },
    problems: ['signature_invalid'],
    async handler({ params, rawBody, requestId, allHeaders }) {
      const received = await receiveDelivery(deps, {
        repository: params.repository,
        headers: allHeaders,
        body: rawBody,
        contentType: allHeaders['content-type'] ?? null,
        requestId,
      });
      return { status: 202, body: { outcome: received.outcome, instances: [...received.instances] } };
    },
  }),
];
