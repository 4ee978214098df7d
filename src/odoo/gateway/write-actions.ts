import type { ActionWrite, WriteResult } from '../../app/ports.js';
import type { OdooClient } from '../odoo-client.js';
import { attachChildren } from './children.js';
import { ACTION_MODEL, hasParents, readFeatures } from './features.js';
import { loadRows, type Line, type LoadBatch, type Patience, type RowResult } from './load-rows.js';
import { readBackActions } from './read-back.js';
import { notSent, toResult } from './results.js';
import { toWireRow } from './to-wire/action.js';
import type { WireRow } from './to-wire/columns.js';
import { list } from './to-wire/entry.js';
import { collectNeeds, lookUp, Unresolvable } from './to-wire/resolve.js';
import { tryReading } from './try-reading.js';
import { writeLines } from './write-lines.js';

/**
 * Creates and updates server actions: one `load` for each set of columns, children of `multi` actions before their
 * parents. What `load` cannot carry follows in writes of its own (lines on 14 to 16, children on 19).
 */
export async function writeActions(
  client: OdooClient,
  writes: readonly ActionWrite[],
  options: { readonly resolveSecret: (name: string) => string; readonly patience: Patience },
): Promise<WriteResult[]> {
  const prepared = await tryReading(() => prepare(client, writes, options.resolveSecret));
  if ('message' in prepared) return writes.map((write) => notSent(write, prepared.message));
  const { features, needs, resolved, written } = prepared.value;

  const results = new Map<string, RowResult>();
  const line: Line = { lost: null };
  const rows = new Map<string, WireRow>();
  for (const level of byLevel(writes)) {
    const ready: ActionWrite[] = [];
    for (const write of level) {
      try {
        rows.set(write.externalId, toWireRow(write, resolved, features));
        ready.push(write);
      } catch (error) {
        if (!(error instanceof Unresolvable)) throw error;
        results.set(write.externalId, { status: 'failed', message: `Not written, because ${error.message}.` });
      }
    }
    for (const batch of toBatches(ready, rows)) {
      for (const [key, result] of await loadRows(client, batch, options.patience, line)) {
        results.set(key, result);
        if (result.status === 'written') written.set(key, result.recordId);
      }
    }
  }

  await writeLines(client, rows, results);
  if (hasParents(features)) await attachChildren(client, rows, results, resolved, options.patience, line);
  await readBackActions(client, writes, results, needs.references, features);
  return writes.map((write) => toResult(write, results.get(write.externalId)));
}

/** What the rows need to know of the database, looked up at once, before anything is written. */
async function prepare(client: OdooClient, writes: readonly ActionWrite[], resolveSecret: (name: string) => string) {
  const features = await readFeatures(client);
  const needs = collectNeeds((resolved) => {
    for (const write of writes) {
      try {
        const { children } = toWireRow(write, resolved, features);
        for (const child of children ?? []) resolved.child(child);
      } catch (error) {
        // Said of the row when it is built.
        if (!(error instanceof Unresolvable)) throw error;
      }
    }
  });
  return { features, needs, ...(await lookUp(client, needs, resolveSecret)) };
}

/** Children that are written in the same go come before the `multi` actions that run them. */
export function byLevel(writes: readonly ActionWrite[]): ActionWrite[][] {
  const byId = new Map(writes.map((write) => [write.externalId, write] as const));
  const levels = new Map<string, number>();
  const levelOf = (write: ActionWrite, above: ReadonlySet<string>): number => {
    const known = levels.get(write.externalId);
    if (known !== undefined) return known;
    const path = new Set(above).add(write.externalId);
    const children = list(write.values['actions']).flatMap((child) =>
      typeof child === 'string' && !path.has(child) ? (byId.get(child) ?? []) : [],
    );
    const level = Math.max(0, ...children.map((child) => levelOf(child, path) + 1));
    levels.set(write.externalId, level);
    return level;
  };
  const sorted: ActionWrite[][] = [];
  for (const write of writes) (sorted[levelOf(write, new Set())] ??= []).push(write);
  return sorted.filter((level) => level.length > 0);
}

/** Rows with the same columns share a `load`: it is one transaction, and up to 400 times cheaper than a call a record. */
export function toBatches(writes: readonly ActionWrite[], rows: ReadonlyMap<string, WireRow>): LoadBatch[] {
  const batches = new Map<string, { columns: string[]; rows: { key: string; cells: string[] }[] }>();
  for (const { externalId } of writes) {
    const row = rows.get(externalId);
    if (row === undefined) continue;
    const columns = [...row.columns.keys()];
    const key = columns.join('\n');
    const batch = batches.get(key) ?? { columns, rows: [] };
    batch.rows.push({ key: externalId, cells: columns.map((column) => row.columns.get(column) ?? '') });
    batches.set(key, batch);
  }
  return [...batches.values()].map((batch) => ({ model: ACTION_MODEL, ...batch }));
}
