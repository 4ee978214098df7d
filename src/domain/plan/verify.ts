import { diffFields } from './diff-fields.js';
import { inGitsForm } from './kept-html.js';
import type { LiveAction, LiveSchedule } from './state.js';
import type { Values } from './values.js';

/**
 * The written fields that the database does not show as asked. Odoo's `true` proves nothing: it answers so for records
 * that are gone, and recomputes some fields by itself (facts 4.5, 4.6). A record that is absent lacks every field.
 */
export function unverifiedFields(
  values: Values,
  fields: readonly string[],
  live: Pick<LiveSchedule, 'values'> | Pick<LiveAction, 'values' | 'htmlFields'> | undefined,
): string[] {
  if (live === undefined) return [...fields];
  const asked = new Set(fields);
  return diffFields(values, inGitsForm(live, values), null)
    .map((diff) => diff.field)
    .filter((field) => asked.has(field));
}
