import { isOdooError } from '../../domain/odoo-error.js';
import type { OdooClient } from '../odoo-client.js';
import { ACTION_MODEL } from './features.js';
import { sentence, type RowResult } from './load-rows.js';
import type { WireRow } from './to-wire/columns.js';

/**
 * 14 to 16: the assignments of an action, one `write` an action that takes away the old lines and adds the new ones.
 * `load` would only ever add lines (facts 8.2).
 */
export async function writeLines(
  client: OdooClient,
  rows: ReadonlyMap<string, WireRow>,
  results: Map<string, RowResult>,
): Promise<void> {
  for (const [key, { lines }] of rows) {
    const result = results.get(key);
    if (lines === null || result?.status !== 'written') continue;
    try {
      await client.write(ACTION_MODEL, [result.recordId], { fields_lines: lines });
    } catch (error) {
      if (!isOdooError(error)) throw error;
      results.set(
        key,
        error.outcome === 'unknown'
          ? { status: 'unknown', message: error.message }
          : {
              status: 'failed',
              message: `Written, but not the values that it sets: ${sentence(error.detail ?? error.message)} Plan again.`,
            },
      );
    }
  }
}
