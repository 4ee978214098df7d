import { hash } from 'node:crypto';

/** Plain JSON: what the fields of desired and live state are made of, so that both compare field by field. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The managed fields of one record, in the house's words (`every`, not `interval_number`), by name. */
export type Values = Readonly<Record<string, Value>>;

/**
 * JSON with sorted keys: equal plain data gives equal text, whatever order it was built in. As in JSON, a member that is
 * undefined is left out; undefined by itself is null.
 */
export function canonicalJson(value: unknown): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${entries.join(',')}}`;
}

/** A field that is absent equals a field that is null: Odoo has no third state. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  return one === other || canonicalJson(one) === canonicalJson(other);
}

/** SHA-256 of the canonical JSON, as lower-case hex. */
export function valueDigest(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}
