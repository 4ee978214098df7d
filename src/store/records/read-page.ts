import type { Page, Paged } from '../../app/service/store.js';
import type { Queryable, SqlRow, SqlValue } from '../sql/engine.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { integer } from './table.js';

export const MAX_PAGE = 200;

export interface ListQuery<T> {
  /** Names the list in its cursors: one list's cursor is of no use to another. */
  readonly list: string;
  readonly table: string;
  readonly select: string;
  /** Integer columns that no two rows share together and that never change; the newest has the highest. */
  readonly keys: readonly string[];
  /** Conditions with their value, `instance = $`. */
  readonly where: readonly (readonly [condition: string, value: SqlValue])[];
  readonly read: (row: SqlRow) => T;
}

/** One page, the newest first. Rows that are there all the while come exactly once, whatever is added meanwhile. */
export async function readPage<T>(from: Queryable, query: ListQuery<T>, page: Page): Promise<Paged<T>> {
  const { list, table, select, keys, where, read } = query;
  const limit = Math.min(MAX_PAGE, Math.max(1, Math.trunc(page.limit)));
  const values: SqlValue[] = [];
  const bind = (value: SqlValue) => `$${values.push(value)}`;
  const conditions = where.map(([condition, value]) => condition.replace('$', () => bind(value)));
  if (page.cursor !== null) {
    const position = decodeCursor(list, page.cursor, keys.length);
    conditions.push(`(${keys.join(', ')}) < (${position.map(bind).join(', ')})`);
  }
  const rows = await from.query(
    `select ${select}, ${keys.map((key, index) => `${key} as page_key_${index}`).join(', ')} from ${table}
     ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by ${keys.map((key) => `${key} desc`).join(', ')} limit ${bind(limit + 1)}`,
    values,
  );
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(read),
    nextCursor:
      last === undefined
        ? null
        : encodeCursor(
            list,
            keys.map((key, index) => integer(last[`page_key_${index}`], `${table}.${key}`)),
          ),
  };
}
