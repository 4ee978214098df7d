import { idsAfter, writeAppliedIds } from '../domain/plan/applied-ids.js';
import { OdooError } from '../domain/odoo-error.js';
import type { AppliedChange } from './apply-report.js';
import type { MadePlan } from './make-plan.js';
import type { LiveWriter } from './ports.js';

/**
 * Keeps in the database which of our records stand there now, so that the next plan knows what somebody deleted. At most
 * one call, and none when the set is as it was. A failure costs that knowledge alone: it is a sentence for the report.
 */
export async function rememberApplied(
  writer: Pick<LiveWriter, 'remember'>,
  { live, desired }: Pick<MadePlan, 'live' | 'desired'>,
  results: readonly AppliedChange[],
): Promise<string | null> {
  const done = results.filter(({ status }) => status === 'written' || status === 'unverified');
  if (done.length === 0) return null;
  const idsOf = (...ops: AppliedChange['change']['op'][]): string[] =>
    done.filter(({ change }) => ops.includes(change.op)).map(({ change }) => change.externalId);
  const digests = idsAfter(live.appliedIds, {
    owned: [...live.actions, ...live.schedules].flatMap(({ externalId }) => externalId ?? []),
    added: idsOf('create', 'adopt'),
    removed: idsOf('delete'),
    desired: desired.actions.flatMap(({ externalId, schedule, scheduleExternalId }) =>
      schedule === null ? [externalId] : [externalId, scheduleExternalId],
    ),
  });
  if (digests === null) return null;
  const { recordId } = live.appliedIds;
  try {
    await writer.remember({ namespace: desired.namespace, recordId, text: writeAppliedIds(digests) });
    return null;
  } catch (error) {
    if (!(error instanceof OdooError)) throw error;
    return `Which records stand in Odoo now could not be remembered there, so a later plan may call one that somebody deletes new: ${error.message}`;
  }
}
