import { checkSignature, type DeliveryRefusal, type SignedRequest } from './check-signature.js';
import { firstHeader, type DeliveryHeaders } from './headers.js';
import type { ForgeKind } from './forge-kind.js';
import { digestOf } from './secret-check.js';

export type DeliveryEvent = 'push' | 'pull_request' | 'ping';

export interface Delivery {
  readonly forge: ForgeKind;
  /**
   * The forge's own ID of the delivery, the same when it sends it again; where it sends none, `sha256:` and the digest.
   * Only Standard Webhooks signs it: elsewhere, who holds an old delivery can send it again under another ID, and
   * `digest` tells.
   */
  readonly id: string;
  readonly event: DeliveryEvent;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
}

export type DeliveryVerdict =
  | { readonly outcome: 'accepted'; readonly delivery: Delivery }
  /** Genuine, and about something that is no business of ours; `event` in the forge's own words. */
  | { readonly outcome: 'ignored'; readonly delivery: Omit<Delivery, 'event'> & { readonly event: string } }
  | ({ readonly outcome: 'refused' } & DeliveryRefusal);

export interface DeliveryRequest extends Omit<SignedRequest, 'secrets'> {
  /** One, or the old and the new one while they are changed. Empty texts count as none. */
  readonly secrets: readonly string[];
}

/** A push of a thousand commits stays below 2 MB. What is larger is not worth its memory: polling sees the push, too. */
export const MAX_DELIVERY_BYTES = 5 * 1024 * 1024;

/** Says who sent a webhook's raw body, before anybody reads it. Without a secret nothing is accepted. Never throws. */
export function verifyDelivery(request: DeliveryRequest): DeliveryVerdict {
  const { forge, headers, body } = request;
  if (body.length > MAX_DELIVERY_BYTES)
    return {
      outcome: 'refused',
      reason: 'too_large',
      message: `A webhook of ${body.length} bytes is larger than the ${MAX_DELIVERY_BYTES} that are read`,
    };
  const secrets = request.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0)
    return { outcome: 'refused', reason: 'missing_signature', message: 'No webhook secret is set here: set one' };
  const refusal = checkSignature({ ...request, secrets });
  if (refusal !== null) return { outcome: 'refused', ...refusal };

  const digest = digestOf(body);
  const id = firstHeader(headers, idHeaders[forge]);
  const identified = { forge, id: id !== null && PLAIN_ID.test(id) ? id : `sha256:${digest}`, digest };
  const named = eventOf(forge, headers);
  const event = Object.hasOwn(events[forge], named) ? events[forge][named] : undefined;
  return event === undefined
    ? { outcome: 'ignored', delivery: { ...identified, event: named } }
    : { outcome: 'accepted', delivery: { ...identified, event } };
}

const PLAIN_ID = /^[A-Za-z0-9._:-]{1,128}$/;

const idHeaders: Readonly<Record<ForgeKind, readonly string[]>> = {
  github: ['x-github-delivery'],
  // X-Gitlab-Event-UUID comes last: several events that one request or one webhook set off share it.
  gitlab: ['webhook-id', 'idempotency-key', 'x-gitlab-webhook-uuid', 'x-gitlab-event-uuid'],
  gitea: ['x-gitea-delivery'],
  forgejo: ['x-forgejo-delivery', 'x-gitea-delivery'],
};

const eventHeaders: Readonly<Record<ForgeKind, readonly string[]>> = {
  github: ['x-github-event'],
  gitlab: ['x-gitlab-event'],
  gitea: ['x-gitea-event'],
  forgejo: ['x-forgejo-event', 'x-gitea-event'],
};

const gitHubEvents = { push: 'push', pull_request: 'pull_request', ping: 'ping' } as const;

const events: Readonly<Record<ForgeKind, Readonly<Record<string, DeliveryEvent>>>> = {
  github: gitHubEvents,
  gitea: gitHubEvents,
  forgejo: gitHubEvents,
  gitlab: { 'Push Hook': 'push', 'Tag Push Hook': 'push', 'Merge Request Hook': 'pull_request' },
};

/** For logs and the delivery list, so cut to what an event's name may be. */
const eventOf = (forge: ForgeKind, headers: DeliveryHeaders): string =>
  (firstHeader(headers, eventHeaders[forge]) ?? 'none').replace(/[^A-Za-z0-9 _.-]/g, '?').slice(0, 64);
