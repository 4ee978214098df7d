import { StoreError } from '../../domain/store-error.js';

/** Where a page ended: the sort keys of its last row. It stays right whatever is added or deleted meanwhile. */
export function encodeCursor(list: string, position: readonly number[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url');
}

/** Throws `StoreError` (`bad_cursor`) for anything that `encodeCursor` did not make for this list. */
export function decodeCursor(list: string, cursor: string, length: number): readonly number[] {
  const [name, ...position] = parse(cursor);
  const numbers = position.filter((key) => Number.isSafeInteger(key)).map(Number);
  const isOurs = name === list && numbers.length === length && encodeCursor(list, numbers) === cursor;
  if (!isOurs)
    throw new StoreError(
      'bad_cursor',
      'The cursor is not one of this list: ask for the first page, and follow its cursors.',
    );
  return numbers;
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
