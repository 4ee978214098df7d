import { setImmediate as breathe } from 'node:timers/promises';
import type { Store } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';

/** Rows of one delete: others wait for the write lock no longer than that takes. */
export const PRUNE_BATCH = 500;

/** Deletes plans and deliveries from before the given times. Audit events, applies and syncs stay. */
export async function prune(on: Queryable, limits: Parameters<Store['prune']>[0]): Promise<number> {
  const plans = await deleteBefore(on, 'plan', 'created_at', limits.plansBefore);
  return plans + (await deleteBefore(on, 'delivery', 'received_at', limits.deliveriesBefore));
}

async function deleteBefore(on: Queryable, table: string, column: string, before: number): Promise<number> {
  let total = 0;
  for (;;) {
    const gone = await on.query(
      `delete from ${table} where seq in (select seq from ${table} where ${column} < $1 order by ${column} limit $2)
       returning seq`,
      [before, PRUNE_BATCH],
    );
    total += gone.length;
    if (gone.length < PRUNE_BATCH) return total;
    await breathe();
  }
}
