import { createHash } from 'node:crypto';

/** Plain JSON: what the fields of desired and live state are made of, so that both compare field by field. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The managed fields of one record, in the house's words (`every`, not `interval_number`), by name. */
export type Values = Readonly<Record<string, Value>>;

/** JSON with sorted keys: equal values give equal text, whatever order they were built in. */
export function canonicalJson(value: Value | undefined): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${entries.join(',')}}`;
}

/** A field that is absent equals a field that is null: Odoo has no third state. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  return one === other || canonicalJson(one) === canonicalJson(other);
}

/** SHA-256 of the canonical JSON, as lower-case hex. */
export function valueDigest(value: Value | undefined): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
