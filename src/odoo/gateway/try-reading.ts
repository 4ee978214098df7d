import { isOdooError } from '../../domain/odoo-error.js';

export type Reading<T> = { readonly value: T } | { readonly message: string };

/**
 * A read in the middle of writing: when it fails, the writer says so of the records concerned, because throwing would
 * lose what became of those written before.
 */
export async function tryReading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!isOdooError(error)) throw error;
    return { message: error.message };
  }
}
