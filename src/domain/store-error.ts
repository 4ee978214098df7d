/**
 * Why the store could not do what was asked.
 *
 * - `store_unavailable`: the database does not answer, cannot be opened, or refuses the sign-in. May pass by itself.
 * - `store_busy`: others held it for too long. Nothing was written; asking again may work.
 * - `store_full`: no space is left. Nothing was written; it goes on when there is space.
 * - `store_corrupt`: what is kept is damaged, or is not ours.
 * - `store_newer`: another version of this program wrote the database.
 * - `bad_cursor`: a page was asked for with a cursor that this list never gave.
 * - `not_storable`: a value that no database here keeps as it is, or a row that breaks a rule of the store.
 */
export type StoreErrorCode =
  'store_unavailable' | 'store_busy' | 'store_full' | 'store_corrupt' | 'store_newer' | 'bad_cursor' | 'not_storable';

/** The message is one sentence for people that says what to mend; it never holds a password or a stored value. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
