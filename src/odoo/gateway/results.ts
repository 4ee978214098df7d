import type { WriteResult } from '../../app/ports.js';
import type { RowResult } from './load-rows.js';

/** What became of a record, in the port's words. */
export function toResult(
  write: { readonly externalId: string; readonly recordId: number | null },
  result: RowResult | undefined,
): WriteResult {
  const { externalId, recordId } = write;
  if (result === undefined) return { externalId, recordId, status: 'failed', message: 'Not sent.' };
  switch (result.status) {
    case 'written':
      return { externalId, recordId: result.recordId, status: 'written', message: null };
    case 'gone':
      return {
        externalId,
        recordId,
        status: 'failed',
        message: 'It was deleted in Odoo since the plan was made: plan again.',
      };
    default:
      return { externalId, recordId, status: result.status, message: result.message };
  }
}

export const notSent = (
  { externalId, recordId }: { readonly externalId: string; readonly recordId: number | null },
  reason: string,
): WriteResult => ({ externalId, recordId, status: 'failed', message: `Nothing was sent: ${reason}` });
