import { z } from 'zod';
import type { OdooClient } from '../odoo-client.js';
import { ACTION_MODEL } from './features.js';
import { loadRows, type LoadRow, type Patience, type RowResult } from './load-rows.js';
import { parseRows } from './rows.js';
import type { WireRow } from './to-wire/columns.js';
import { Unresolvable, type Resolved } from './to-wire/resolve.js';

const childRow = z.object({ id: z.number(), parent_id: z.tuple([z.number(), z.unknown()]) });

/**
 * 19: a child knows its parent, so the children are written. Never the parent's list: taking a record off a one2many
 * whose other end cascades deletes it, and it may be an action of its own definition (seen on 19).
 */
export async function attachChildren(
  client: OdooClient,
  rows: ReadonlyMap<string, WireRow>,
  results: Map<string, RowResult>,
  resolved: Resolved,
  patience: Patience,
): Promise<void> {
  const parents = [...rows].flatMap(([key, { children }]) => {
    const result = results.get(key);
    return children !== null && result?.status === 'written' ? [{ key, id: result.recordId, children }] : [];
  });
  if (parents.length === 0) return;

  const present = await readChildren(
    client,
    parents.map(({ id }) => id),
  );
  const moves = new Map<number, { parent: number | null; key: string }>();
  for (const { key, id, children } of parents) {
    try {
      const wanted = children.map((child) => resolved.child(child));
      for (const child of present.filter((one) => one.parent === id && !wanted.includes(one.id)))
        moves.set(child.id, { parent: null, key });
      for (const child of wanted) {
        if (!present.some((one) => one.parent === id && one.id === child)) moves.set(child, { parent: id, key });
      }
    } catch (error) {
      if (!(error instanceof Unresolvable)) throw error;
      results.set(key, {
        status: 'failed',
        message: `Written, but not the actions that it runs, because ${error.message}.`,
      });
    }
  }
  for (const [child, result] of await loadRows(client, parentBatch(moves), patience)) {
    if (result.status === 'written') continue;
    const key = moves.get(Number(child))?.key ?? '';
    const reason = result.status === 'gone' ? 'one of them is gone.' : result.message;
    results.set(key, {
      status: result.status === 'gone' ? 'failed' : result.status,
      message: `Written, but not the actions that it runs: ${reason}`,
    });
  }
}

/** 19 deletes the children together with their parent; those that are to live on are taken off it first. */
export async function releaseChildren(
  client: OdooClient,
  parentIds: readonly number[],
  patience: Patience,
): Promise<void> {
  const children = await readChildren(client, parentIds);
  const doomed = new Set(parentIds);
  const moves = new Map(
    children.filter((child) => !doomed.has(child.id)).map((child) => [child.id, { parent: null }] as const),
  );
  await loadRows(client, parentBatch(moves), patience);
}

export async function readChildren(
  client: OdooClient,
  parentIds: readonly number[],
): Promise<{ id: number; parent: number }[]> {
  const rows = await client.searchRead(ACTION_MODEL, {
    domain: [['parent_id', 'in', parentIds]],
    fields: ['parent_id'],
  });
  return parseRows(childRow, rows).map(({ id, parent_id: [parent] }) => ({ id, parent }));
}

const parentBatch = (moves: ReadonlyMap<number, { readonly parent: number | null }>) => ({
  model: ACTION_MODEL,
  columns: ['.id', 'parent_id/.id'],
  rows: [...moves].map(([child, { parent }]): LoadRow => ({
    key: String(child),
    cells: [String(child), parent === null ? '' : String(parent)],
  })),
});
