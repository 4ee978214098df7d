import { StoreError } from '../../domain/store-error.js';
import type { SqlValue } from './engine.js';

/** UTF-8 bytes of one text. A plan of thousands of actions with their code stays far below. */
export const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/**
 * Refuses what a driver would keep as something else, without a word: text is cut at U+0000 or changed at a lone
 * surrogate, a Date or an object becomes NULL, an integer above 2^53 another one. Throws `StoreError` (`not_storable`);
 * the message names the place and the kind, never the value.
 */
export function requireBindable(values: readonly unknown[]): asserts values is readonly SqlValue[] {
  for (const [index, value] of values.entries()) {
    const flaw = flawOf(value);
    if (flaw !== null) throw new StoreError('not_storable', `Value ${index + 1} cannot be stored: ${flaw}.`);
  }
}

function flawOf(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? null : 'a number here is an integer between -(2^53 - 1) and 2^53 - 1';
  if (typeof value !== 'string') return `${kindOf(value)} is neither a text, nor an integer, nor null`;
  if (value.includes('\0')) return 'the text holds the character U+0000, take it out';
  if (/\p{Surrogate}/u.test(value)) return 'the text holds half of a surrogate pair, it is not well-formed Unicode';
  if (isTooLong(value)) return `the text is longer than ${MAX_TEXT_BYTES / 1024 / 1024} MiB`;
  return null;
}

function isTooLong(text: string): boolean {
  // A UTF-16 unit takes at most three bytes: most texts need no counting.
  return text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (Object.prototype.toString.call(value) === '[object Date]') return 'a Date';
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
