import type { OdooDomain } from '../odoo-client.js';

export type Condition = readonly [field: string, operator: string, value: unknown];

/** Odoo's prefix notation for "one of": alternatives are single conditions or lists of conditions that must all hold. */
export function anyOf(alternatives: readonly (Condition | readonly Condition[])[]): OdooDomain {
  const terms = alternatives.map((alternative) => (isCondition(alternative) ? [alternative] : allOf(alternative)));
  if (terms.length === 0) return [['id', '=', 0]];
  return [...Array<string>(terms.length - 1).fill('|'), ...terms.flat()];
}

const allOf = (conditions: readonly Condition[]): unknown[] => [
  ...Array<string>(conditions.length - 1).fill('&'),
  ...conditions,
];

const isCondition = (one: Condition | readonly Condition[]): one is Condition => typeof one[0] === 'string';
