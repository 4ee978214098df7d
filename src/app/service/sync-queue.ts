import { bulkhead } from 'cockatiel';
import { judgeWindows } from '../../domain/sync/windows.js';
import { checkDrift } from './check-drift.js';
import { instanceOf, type Actor, type ServiceDeps } from './deps.js';
import { syncInstance, type SyncWish } from './sync-instance.js';

const AT_ONCE = 8;

interface Waiting {
  readonly actor: Actor;
  readonly wish: SyncWish;
}

/**
 * Syncs that nobody waits for: of pushes and polls. One at a time an instance; those that come meanwhile are one more
 * sync afterwards, because each looks at what stands then.
 */
export class SyncQueue {
  readonly #busy = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();

  /** Of all instances together: plans are made on one processor. */
  readonly #turns = bulkhead(AT_ONCE, Number.POSITIVE_INFINITY);

  constructor(private readonly deps: ServiceDeps) {}

  request(instance: string, actor: Actor, wish: SyncWish): void {
    if (this.#busy.has(instance)) {
      this.#waiting.set(instance, { actor, wish });
      return;
    }
    this.#busy.add(instance);
    this.deps.background.run(() => this.#turns.execute(() => this.#run(instance, { actor, wish })));
  }

  async #run(instance: string, first: Waiting): Promise<void> {
    try {
      for (let next: Waiting | undefined = first; next !== undefined; next = this.#takeNext(instance)) {
        const sync = await syncInstance(this.deps, next.actor, instance, next.wish);
        await sync.done;
        await checkDrift(this.deps, next.actor, instance);
      }
    } finally {
      this.#busy.delete(instance);
      // One is left only when an error cut the turns short: it gets its own.
      const next = this.#takeNext(instance);
      if (next !== undefined) this.request(instance, next.actor, next.wish);
    }
  }

  #takeNext(instance: string): Waiting | undefined {
    const next = this.#waiting.get(instance);
    this.#waiting.delete(instance);
    return next;
  }
}

/**
 * Asks git where the instance's ref stands, and requests a sync when no sync has dealt with that yet. While a window
 * shuts automatic syncs out, it waits for the poll after it. Throws `SourceError` when git does not answer.
 */
export async function pollGit(deps: ServiceDeps, queue: SyncQueue, actor: Actor, name: string): Promise<boolean> {
  const instance = instanceOf(deps, name);
  const { revision } = await instance.source(null).read(deps.background.signal);
  const state = await deps.store.instances.get(name);
  // What a roll-back holds follows its pin, however git goes on.
  const wanted = state.pinnedRevision ?? revision;
  if (wanted === null || wanted === state.seenRevision) return false;
  if (instance.rules.policy !== 'manual' && !judgeWindows(instance.rules.windows, deps.now()).isOpen) return false;
  const wish: SyncWish = { cause: 'poll', byPerson: false, overrideWindow: false, reason: null };
  queue.request(name, actor, wish);
  return true;
}
