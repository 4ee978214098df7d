import type { PlannedWrite } from '../../../app/ports.js';
import type { LiveState } from '../../../domain/plan/state.js';
import type { Problem } from '../../../domain/problem.js';
import type { OdooClient } from '../../odoo-client.js';

export async function checkWrites(
  _client: OdooClient,
  _writes: readonly PlannedWrite[],
  _live: LiveState | null,
): Promise<readonly Problem[]> {
  return await Promise.resolve([]);
}
