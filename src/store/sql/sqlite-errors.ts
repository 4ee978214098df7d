import { StoreError, type StoreErrorCode } from '../../domain/store-error.js';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const codes: Readonly<Record<number, StoreErrorCode>> = {
  3: 'store_unavailable', // PERM
  5: 'store_busy', // BUSY
  6: 'store_busy', // LOCKED
  8: 'store_unavailable', // READONLY
  10: 'store_unavailable', // IOERR
  11: 'store_corrupt', // CORRUPT
  13: 'store_full', // FULL
  14: 'store_unavailable', // CANTOPEN
  18: 'not_storable', // TOOBIG
  19: 'not_storable', // CONSTRAINT
  20: 'not_storable', // MISMATCH
  26: 'store_corrupt', // NOTADB
};

/** @photostructure/sqlite 1.2.1 gives no `errcode` when a prepared statement fails, only SQLite's words. */
const words: readonly (readonly [RegExp, number])[] = [
  [/database (table )?is locked/, 5],
  [/readonly database/, 8],
  [/disk I\/O error/, 10],
  [/disk image is malformed/, 11],
  [/database or disk is full/, 13],
  [/unable to open database file/, 14],
  [/too big/, 18],
  [/constraint failed|cannot store|never changed/, 19],
  [/file is not a database/, 26],
];

/** What the driver threw, as an error of ours; an error that is no matter of the database comes back as it is. */
export function toStoreError(error: unknown, file: string): unknown {
  if (error instanceof StoreError) return error;
  const number = resultCodeOf(error);
  const code = number === null ? undefined : codes[number];
  return code === undefined ? error : new StoreError(code, sentence(code, file, messageOf(error)), { cause: error });
}

export function isBusy(error: unknown): boolean {
  const number = resultCodeOf(error);
  return number === 5 || number === 6;
}

function resultCodeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return words.find(([pattern]) => pattern.test(messageOf(error)))?.[1] ?? null;
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

function sentence(code: StoreErrorCode, file: string, reason: string): string {
  switch (code) {
    case 'store_busy':
      return `Another process kept the database ${file} locked for too long: end it, or try again. Nothing was written.`;
    case 'store_full':
      return `No space is left for the database ${file}: free some, it goes on by itself. Nothing was written.`;
    case 'store_corrupt':
      return `The database ${file} is damaged or is no database (${reason}): put a backup in its place.`;
    case 'not_storable':
      return `The database refused a row (${reason}).`;
    case 'store_unavailable':
    case 'store_newer':
    case 'bad_cursor':
      return `The database ${file} cannot be used (${reason}): check that the folder is there, writable and not read-only.`;
  }
}
