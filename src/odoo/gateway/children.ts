import { z } from 'zod';
import type { OdooClient } from '../odoo-client.js';
import { ACTION_MODEL } from './features.js';
import { loadRows, type Line, type LoadRow, type Patience, type RowResult } from './load-rows.js';
import { tryReading } from './try-reading.js';
import { parseRows } from './rows.js';
import type { WireRow } from './to-wire/columns.js';
import { Unresolvable, type Resolved } from './to-wire/resolve.js';

const childRow = z.object({ id: z.number(), parent_id: z.tuple([z.number(), z.unknown()]) });

const HALF = 'Written, but not the actions that it runs';

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
  line: Line,
): Promise<void> {
  const parents = [...rows].flatMap(([key, { children }]) => {
    const result = results.get(key);
    return children !== null && result?.status === 'written' ? [{ key, id: result.recordId, children }] : [];
  });
  if (parents.length === 0) return;

  const present = await tryReading(() =>
    readChildren(
      client,
      parents.map(({ id }) => id),
    ),
  );
  if ('message' in present) {
    for (const { key } of parents) results.set(key, { status: 'failed', message: `${HALF}: ${present.message}` });
    return;
  }
  const moves = new Map<number, { parent: number | null; key: string }>();
  const wanted = parents.flatMap(({ key, id, children }) => {
    try {
      return children.map((child) => ({ key, parent: id, child: resolved.child(child) }));
    } catch (error) {
      if (!(error instanceof Unresolvable)) throw error;
      results.set(key, { status: 'failed', message: `${HALF}, because ${error.message}.` });
      return [];
    }
  });
  const stays = ({ id, parent }: Child): boolean => wanted.some((one) => one.child === id && one.parent === parent);
  for (const child of present.value.filter((one) => !stays(one))) {
    const key = parents.find(({ id }) => id === child.parent)?.key ?? '';
    // What it runs could not be told: then it keeps what it has.
    if (results.get(key)?.status === 'written') moves.set(child.id, { parent: null, key });
  }
  // After those that leave: one may go from one parent to another.
  for (const { key, parent, child } of wanted) {
    if (!present.value.some((one) => one.id === child && one.parent === parent)) moves.set(child, { parent, key });
  }
  for (const [child, result] of await loadRows(client, parentBatch(moves), patience, line)) {
    if (result.status === 'written') continue;
    const key = moves.get(Number(child))?.key ?? '';
    const reason = result.status === 'gone' ? 'one of them is gone.' : result.message;
    results.set(key, {
      status: result.status === 'gone' ? 'failed' : result.status,
      message: `${HALF}: ${reason}`,
    });
  }
}

/**
 * 19 deletes the children together with their parent; those that are to live on are taken off it first. Returns the
 * parents that must not be deleted, because that could not be done.
 */
export async function releaseChildren(
  client: OdooClient,
  parentIds: readonly number[],
  patience: Patience,
): Promise<ReadonlyMap<number, string>> {
  const present = await tryReading(() => readChildren(client, parentIds));
  if ('message' in present) return new Map(parentIds.map((id) => [id, present.message] as const));
  const doomed = new Set(parentIds);
  const leaving = new Map(present.value.filter(({ id }) => !doomed.has(id)).map((child) => [child.id, child] as const));
  const moves = new Map([...leaving.keys()].map((id) => [id, { parent: null }] as const));
  const kept = new Map<number, string>();
  for (const [child, result] of await loadRows(client, parentBatch(moves), patience)) {
    const parent = leaving.get(Number(child))?.parent;
    if (parent === undefined || result.status === 'written' || result.status === 'gone') continue;
    kept.set(parent, `its action #${child} would be deleted with it, and cannot be taken off it: ${result.message}`);
  }
  return kept;
}

interface Child {
  readonly id: number;
  readonly parent: number;
}

async function readChildren(client: OdooClient, parentIds: readonly number[]): Promise<Child[]> {
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
