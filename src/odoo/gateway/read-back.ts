import type { ActionWrite } from '../../app/ports.js';
import type { OdooClient } from '../odoo-client.js';
import type { Features } from './features.js';
import type { RowResult } from './load-rows.js';

export async function explainUnknown(
  _client: OdooClient,
  _writes: readonly ActionWrite[],
  _results: Map<string, RowResult>,
  _features: Features,
): Promise<void> {
  await Promise.resolve();
}
