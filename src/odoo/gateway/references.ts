import type { Reference } from '../../domain/definitions/definition.js';
import type { Condition } from './domains.js';

/** `#57`: a record ID of this database. */
export function recordIdOf(reference: Reference): number | null {
  const match = /^#([1-9]\d*)$/.exec(reference);
  return match === null ? null : Number(match[1]);
}

/** `module.name`; a name may hold further dots. */
export function splitExternalId(externalId: string): { module: string; name: string } {
  const dot = externalId.indexOf('.');
  return dot === -1
    ? { module: '', name: externalId }
    : { module: externalId.slice(0, dot), name: externalId.slice(dot + 1) };
}

/** Conditions on `ir.model.data`, one alternative a module, that find these external IDs. */
export function dataConditions(externalIds: Iterable<string>): Condition[][] {
  const names = new Map<string, Set<string>>();
  for (const externalId of externalIds) {
    const { module, name } = splitExternalId(externalId);
    names.set(module, (names.get(module) ?? new Set()).add(name));
  }
  return [...names.keys()].sort().map((module) => [
    ['module', '=', module],
    ['name', 'in', [...(names.get(module) ?? [])].sort()],
  ]);
}
