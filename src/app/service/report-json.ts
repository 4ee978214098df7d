import { z } from 'zod';
import type { ApplyReport } from '../apply-report.js';

/** What an apply did, for machines. */
export const applyReportJson = z
  .strictObject({
    outcome: z.enum(['applied', 'partly', 'failed']),
    digest: z.string(),
    results: z.array(
      z.strictObject({
        op: z.enum(['create', 'update', 'delete', 'adopt']),
        object: z.enum(['server_action', 'scheduled_action']),
        id: z.string().describe('ID of the definition'),
        externalId: z.string(),
        recordId: z.int().nullable(),
        status: z.enum(['written', 'failed', 'busy', 'unknown', 'unverified']),
        message: z.string().nullable(),
      }),
    ),
    held: z.int().describe('Changes that were left alone on purpose'),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ApplyReport' });

export function reportJson({
  outcome,
  digest,
  results,
  held,
  warnings,
}: ApplyReport): z.output<typeof applyReportJson> {
  return {
    outcome,
    digest,
    results: results.map(({ change, recordId, status, message }) => ({
      op: change.op,
      object: change.object,
      id: change.id,
      externalId: change.externalId,
      recordId,
      status,
      message,
    })),
    held: held.length,
    warnings: [...warnings],
  };
}
