import { OdooUnsendableError, type OdooCall } from '../domain/odoo-error.js';

/** A value that the protocol cannot carry, and where it stands in the arguments. */
export class Unsendable extends Error {
  override readonly name = 'Unsendable';
}

/** 14 and 19 carry this much there and back on each protocol, and no call of ours comes near. Python's own end is its recursion. */
export const MAX_DEPTH = 200;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** What `JSON.stringify` would turn into something else without a word, and what no Odoo can store. */
export function refuseUnsendable(value: unknown, depth = 0): void {
  switch (typeof value) {
    case 'string':
      refuseText(value);
      return;
    case 'number':
      refuseNumber(value);
      return;
    case 'boolean':
    case 'undefined':
      return;
    case 'object':
      if (value === null) return;
      if (depth > MAX_DEPTH) throw new Unsendable(`values nested more than ${MAX_DEPTH} levels deep`);
      if (Array.isArray(value)) {
        for (const item of value) {
          if (item === undefined) throw new Unsendable('an undefined in a list');
          refuseUnsendable(item, depth + 1);
        }
        return;
      }
      if (!isPlain(value)) throw new Unsendable(`a ${value.constructor.name}, where Odoo takes plain values only`);
      for (const [name, item] of Object.entries(value)) {
        refuseText(name);
        refuseUnsendable(item, depth + 1);
      }
      return;
    default:
      throw new Unsendable(`a ${typeof value}, where Odoo takes plain values only`);
  }
}

export function refuseNumber(value: number): void {
  if (!Number.isFinite(value)) throw new Unsendable(`the number ${value}`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new Unsendable('an integer too large to be exact in JavaScript');
  }
}

export function refuseText(text: string): void {
  if (LONE_SURROGATE.test(text)) throw new Unsendable('text with half a character (a lone surrogate)');
  // PostgreSQL cannot store it; Odoo says so in another way on each version.
  if (text.includes('\u0000')) throw new Unsendable('text with a NUL character');
}

export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Runs what puts a request together; what cannot be sent becomes an error of the call. */
export function rendered<T>(render: () => T, call: OdooCall): T {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof Unsendable)) throw error;
    const next = 'Nothing was sent.';
    throw new OdooUnsendableError({ call, happened: `holds ${error.message}`, next, outcome: 'not_done' });
  }
}
