import {
  matches,
  readHint,
  verifyDelivery,
  type DeliveryHeaders,
  type ForgeKind,
  type Hint,
} from '../../domain/forge/index.js';
import { auditEvent, NotFound, type Actor, type ServiceDeps } from './deps.js';
import type { ForgePoster } from './forge-ports.js';
import type { SyncQueue } from './sync-queue.js';

/** A definitions repository that we hear of. */
export interface ServiceRepository {
  readonly name: string;
  readonly url: string;
  readonly forge: ForgeKind;
  /** Read for each delivery, and kept nowhere. */
  readonly webhookSecrets: () => readonly string[];
  /** null: nothing is posted back. */
  readonly poster: ForgePoster | null;
}

export interface IncomingDelivery {
  readonly repository: string;
  readonly headers: DeliveryHeaders;
  readonly body: Uint8Array;
  readonly contentType: string | null;
  readonly requestId: string;
}

/** The delivery is not of whom it says it is; nothing was read of it. */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused';
  readonly code = 'signature_invalid';
}

export interface DeliveryDeps extends ServiceDeps {
  readonly repositories: ReadonlyMap<string, ServiceRepository>;
  readonly queue: SyncQueue;
  /** Tells the pull request what would change; see post-plan.ts. */
  readonly onPullRequest: (
    repository: ServiceRepository,
    hint: Extract<Hint, { kind: 'pull_request' }>,
    instances: readonly string[],
    actor: Actor,
  ) => void;
}

export interface ReceivedDelivery {
  /** `duplicate`: it came before; `ignored`: it is about nothing of ours. */
  readonly outcome: 'accepted' | 'duplicate' | 'ignored';
  /** Instances that are looked at because of it. */
  readonly instances: readonly string[];
}

/**
 * Takes a webhook of a forge: verified on its raw body, each delivery once. What it says is only a hint to fetch.
 * Throws `NotFound` for a repository that the settings do not name, and `DeliveryRefused`.
 */
export async function receiveDelivery(deps: DeliveryDeps, incoming: IncomingDelivery): Promise<ReceivedDelivery> {
  const repository = deps.repositories.get(incoming.repository);
  if (repository === undefined) throw new NotFound(`There is no repository ${incoming.repository} in the settings.`);
  const { forge } = repository;
  const { headers, body, contentType, requestId } = incoming;
  const actor: Actor = { actor: `webhook:${repository.name}`, requestId };
  const verdict = verifyDelivery({ forge, headers, body, secrets: repository.webhookSecrets(), now: deps.now() });
  if (verdict.outcome === 'refused') throw new DeliveryRefused(verdict.message);

  const { id, event } = verdict.delivery;
  const hint = verdict.outcome === 'accepted' ? readHint(verdict.delivery, body, contentType) : null;
  const about = hint === null ? [] : instancesAbout(deps, hint);
  const isNew = await deps.store.transact(async ({ deliveries, audit }) => {
    const revision = hint?.kind === 'push' ? hint.after : hint?.kind === 'pull_request' ? hint.headRevision : null;
    if (!(await deliveries.addOnce({ id, source: repository.name, receivedAt: deps.now(), event, revision })))
      return false;
    await audit.append([
      auditEvent(deps, actor, {
        action: 'delivery.accept',
        instance: null,
        target: id,
        outcome: 'succeeded',
        body: { event, revision, instances: about },
      }),
    ]);
    return true;
  });
  if (!isNew) return { outcome: 'duplicate', instances: [] };
  if (hint === null || about.length === 0) return { outcome: 'ignored', instances: [] };
  if (hint.kind === 'pull_request') deps.onPullRequest(repository, hint, about, actor);
  else {
    const wish = { cause: 'webhook', byPerson: false, overrideWindow: false, reason: null } as const;
    for (const instance of about) deps.queue.request(instance, actor, wish);
  }
  return { outcome: 'accepted', instances: about };
}

function instancesAbout(deps: ServiceDeps, hint: Hint): string[] {
  return [...deps.instances.values()]
    .filter(({ address }) => address !== null && matches(hint, address))
    .map(({ target }) => target.instance);
}
