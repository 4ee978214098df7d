import { ACTION_MODEL, SCHEDULE_MODEL } from './features.js';
import type { DataRow } from './rows.js';

/** What bears an external ID in our namespace: identity, and therefore ownership (design, section 4). */
export interface Ownership {
  readonly actions: ReadonlyMap<number, string>;
  readonly schedules: ReadonlyMap<number, string>;
  readonly foreign: readonly { readonly externalId: string; readonly model: string }[];
}

export function toOwnership(namespace: string, rows: readonly DataRow[]): Ownership {
  const actions = new Map<number, string>();
  const schedules = new Map<number, string>();
  const foreign: { externalId: string; model: string }[] = [];
  const ours = rows
    .filter((row) => row.module === namespace)
    .map((row) => ({ ...row, externalId: `${row.module}.${row.name}` }))
    .sort((one, other) => (one.externalId < other.externalId ? -1 : 1));
  for (const { externalId, model, res_id: id } of ours) {
    const owned = model === ACTION_MODEL ? actions : model === SCHEDULE_MODEL ? schedules : null;
    if (owned === null) foreign.push({ externalId, model });
    else if (id !== null && !owned.has(id)) owned.set(id, externalId);
  }
  return { actions, schedules, foreign };
}

/** What was known, and what was learnt of new records since. */
export function joinOwnership(known: Ownership, learnt: Ownership): Ownership {
  return {
    actions: new Map([...known.actions, ...learnt.actions]),
    schedules: new Map([...known.schedules, ...learnt.schedules]),
    foreign: known.foreign,
  };
}
