import type { AuditEvent, Store } from './store.js';

/** Somebody was not let in, or not let do something. */
export interface Refusal {
  readonly actor: string;
  /** `missing`, `wrong`, …, or the verb that was lacking. */
  readonly reason: string;
  /** Prefix of the key that was tried, or what was to be done. */
  readonly target: string | null;
  readonly instance?: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
}

export interface RefusalLogDeps {
  readonly store: Pick<Store, 'audit'>;
  readonly now: () => number;
  /** Hears what could not be written: a refusal stands even so. */
  readonly onProblem: (error: unknown) => void;
}

const WINDOW_MS = 60_000;
const SINGLE_EVENTS = 20;
const ADDRESSES = 10;

/**
 * Writes refusals to the audit log so that a flood cannot fill the disk: in each minute the first of a kind (same
 * actor, reason, target and address), up to twenty, are written one by one; all others are counted, and one event
 * sums them up when the minute is over. At most 21 rows a minute and process, whoever knocks. `flush` is to be called
 * every minute and at the end.
 */
export class RefusalLog {
  #windowStart = 0;
  readonly #seen = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #addresses = new Set<string>();

  constructor(private readonly deps: RefusalLogDeps) {}

  async refused(refusal: Refusal): Promise<void> {
    const summary = this.#turn(false);
    const kind = JSON.stringify([refusal.actor, refusal.reason, refusal.target, refusal.address]);
    const isWritten = !this.#seen.has(kind) && this.#seen.size < SINGLE_EVENTS;
    if (isWritten) this.#seen.add(kind);
    else this.#count(refusal);
    await this.#append([...summary, ...(isWritten ? [this.#event(refusal)] : [])]);
  }

  /** Writes what was only counted in a minute that is over; `all`: and in the one that is not. */
  async flush(all = false): Promise<void> {
    await this.#append(this.#turn(all));
  }

  /** Ends the minute when it is over; returns its summary, if there is something to say. */
  #turn(now: boolean): AuditEvent[] {
    const at = this.deps.now();
    // A clock that was set back ends the minute, too.
    if (!now && at >= this.#windowStart && at - this.#windowStart < WINDOW_MS) return [];
    const total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const body = {
      count: total,
      since: new Date(this.#windowStart).toISOString(),
      reasons: Object.fromEntries(this.#counts),
      addresses: [...this.#addresses],
    };
    this.#windowStart = at;
    this.#seen.clear();
    this.#counts.clear();
    this.#addresses.clear();
    if (total === 0) return [];
    return [
      {
        at,
        actor: 'system',
        action: 'request.refuse_many',
        instance: null,
        target: null,
        outcome: 'refused',
        requestId: null,
        body: JSON.stringify(body),
      },
    ];
  }

  #count({ reason, address }: Refusal): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    if (address !== null && this.#addresses.size < ADDRESSES) this.#addresses.add(address);
  }

  #event({ actor, reason, target, instance = null, requestId, address }: Refusal): AuditEvent {
    return {
      at: this.deps.now(),
      actor,
      action: 'request.refuse',
      instance,
      target,
      outcome: 'refused',
      requestId,
      body: JSON.stringify({ reason, address }),
    };
  }

  async #append(events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      await this.deps.store.audit.append(events);
    } catch (error) {
      this.deps.onProblem(error);
    }
  }
}
