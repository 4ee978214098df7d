import type { LiveWriter, WriteResult } from '../ports.js';
import type { ServiceDeps } from './deps.js';
import type { Lease, Store } from './store.js';

/**
 * A lease that is kept while work goes on. Who is frozen past its time to live finds it lost: `stillHeld` asks the
 * database, on its clock, each time it counts.
 */
export class HeldLease {
  #timer: NodeJS.Timeout | undefined;
  #isLost = false;

  private constructor(
    private readonly store: Store,
    readonly lease: Lease,
    private readonly ttlMs: number,
  ) {}

  /** null: somebody else holds it. */
  static async take(
    { store, holder, leaseMs }: Pick<ServiceDeps, 'store' | 'holder' | 'leaseMs'>,
    name: string,
    id: string,
  ): Promise<HeldLease | null> {
    // Each piece of work holds for itself: two of one process exclude each other as two processes do.
    const lease = await store.leases.take(name, `${holder}/${id}`, leaseMs);
    if (lease === null) return null;
    const held = new HeldLease(store, lease, leaseMs);
    held.#timer = setInterval(() => void held.stillHeld().catch(() => undefined), leaseMs / 3);
    held.#timer.unref();
    return held;
  }

  /** Extends it; false once it was lost, and for ever after. Throws `StoreError` when the store does not answer. */
  async stillHeld(): Promise<boolean> {
    if (this.#isLost) return false;
    // Never back to false: answers may overtake one another.
    if (!(await this.store.leases.renew(this.lease, this.ttlMs))) this.#isLost = true;
    return !this.#isLost;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (!this.#isLost) await this.store.leases.release(this.lease);
  }
}

/** A writer that writes nothing to Odoo once the lease is lost, and says so of each record. */
export function fencedWriter(writer: LiveWriter, lease: Pick<HeldLease, 'stillHeld'>): LiveWriter {
  const lost = (
    records: readonly { readonly externalId: string; readonly recordId?: number | null }[],
  ): WriteResult[] =>
    records.map(({ externalId, recordId = null }) => ({
      externalId,
      recordId,
      status: 'failed',
      message: 'Not sent: this process was away for too long, and another one may have taken over.',
    }));
  const guard =
    <R extends { readonly externalId: string; readonly recordId?: number | null }>(
      write: (records: readonly R[]) => Promise<readonly WriteResult[]>,
    ) =>
    async (records: readonly R[]): Promise<readonly WriteResult[]> =>
      (await lease.stillHeld()) ? write(records) : lost(records);
  return {
    writeActions: guard((writes) => writer.writeActions(writes)),
    writeSchedules: guard((writes) => writer.writeSchedules(writes)),
    deleteSchedules: guard((records) => writer.deleteSchedules(records)),
    deleteActions: guard((records) => writer.deleteActions(records)),
    adopt: guard((records) => writer.adopt(records)),
    async remember(applied) {
      if (await lease.stillHeld()) await writer.remember(applied);
    },
    async bind(binding) {
      if (await lease.stillHeld()) await writer.bind(binding);
    },
  };
}
