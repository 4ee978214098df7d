import { StoreError } from '../../domain/store-error.js';
import type { SqlRow, SqlValue } from '../sql/engine.js';

/** How one field is read back; a value of another kind means that somebody else wrote into the database. */
type Reader<T> = (value: unknown, column: string) => T;

export const text: Reader<string> = (value, column) => (typeof value === 'string' ? value : refuse(column));
export const integer: Reader<number> = (value, column) => (typeof value === 'number' ? value : refuse(column));
export const textOrNull: Reader<string | null> = (value, column) => (value === null ? null : text(value, column));
export const integerOrNull: Reader<number | null> = (value, column) => (value === null ? null : integer(value, column));

export function oneOf<T extends string>(...known: readonly T[]): Reader<T> {
  return (value, column) => known.find((one) => one === value) ?? refuse(column);
}

function refuse(column: string): never {
  throw new StoreError(
    'store_corrupt',
    `The database holds a value in ${column} that this program did not write: put a backup in its place.`,
  );
}

type Readers<T> = { readonly [Field in keyof T]: Reader<T[Field]> };

/** An entry's fields and the columns that keep them: `createdAt` lies in `created_at`. */
export interface Table<T> {
  readonly name: string;
  /** For `select`: all columns, in which a field may be replaced by an expression. */
  select(replaced?: Partial<Record<keyof T, string>>): string;
  /** `insert into … values …` of one or more entries, without an end, and its values. */
  insert(...entries: readonly T[]): { readonly sql: string; readonly values: readonly SqlValue[] };
  /** Throws `StoreError` (`store_corrupt`). */
  read(row: SqlRow): T;
}

export function defineTable<T extends { readonly [Field in keyof T]: SqlValue }>(
  name: string,
  readers: Readers<T>,
): Table<T> {
  const fields = Object.keys(readers) as (keyof T & string)[];
  const columns = fields.map(columnOf);
  return {
    name,
    select: (replaced = {}) =>
      fields
        .map((field) => (replaced[field] ? `${replaced[field]} as ${columnOf(field)}` : columnOf(field)))
        .join(', '),
    insert(...entries) {
      const row = (index: number) => `(${fields.map((_, at) => `$${index * fields.length + at + 1}`).join(', ')})`;
      return {
        sql: `insert into ${name} (${columns.join(', ')}) values ${entries.map((_, index) => row(index)).join(', ')}`,
        values: entries.flatMap((entry) => fields.map((field) => entry[field])),
      };
    },
    read(row) {
      const read = (field: keyof T & string) => readers[field](row[columnOf(field)], `${name}.${columnOf(field)}`);
      return Object.fromEntries(fields.map((field) => [field, read(field)])) as unknown as T;
    },
  };
}

export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
