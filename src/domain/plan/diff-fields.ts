import { whoMoved } from './attribute.js';
import type { FieldDiff } from './change.js';
import { sameValue, type Values } from './values.js';

/** The fields that differ, sorted, each with the side that moved. A field that one side lacks counts as null. */
export function diffFields(
  desired: Values,
  live: Values,
  applied: Readonly<Record<string, string>> | null,
): FieldDiff[] {
  const names = [...new Set([...Object.keys(desired), ...Object.keys(live)])].sort();
  return names
    .filter((field) => !sameValue(desired[field], live[field]))
    .map((field) => ({
      field,
      before: live[field] ?? null,
      after: desired[field] ?? null,
      moved: whoMoved(desired[field], live[field], applied?.[field]),
      held: null,
    }));
}
