/** Cells of one row for `load`, by column: text as in a CSV file, empty for "nothing" (facts 8.2). */
export type Columns = Map<string, string>;

/** One record's part in a write: what `load` carries, and what it cannot. */
export interface WireRow {
  readonly columns: Columns;
  /** 14 to 16: commands for `fields_lines`, by a `write` of their own, since `load` would add lines. */
  readonly lines: readonly unknown[] | null;
  /** Children of a `multi` action, in order, when they are to be written. */
  readonly children: readonly string[] | null;
}

export const cell = {
  text: (value: unknown): string => (typeof value === 'string' ? value : ''),
  number: (value: unknown): string => (typeof value === 'number' ? String(value) : ''),
  /** `load` takes a boolean as text only: `true` as such crashes it. */
  boolean: (value: unknown): string => (value === true ? 'True' : 'False'),
  id: (value: number | null): string => (value === null ? '' : String(value)),
  ids: (values: readonly number[]): string => values.join(','),
};
