import type { MadePlan, PlanRequest } from '../app/make-plan.js';
import { nearest } from '../domain/definitions/did-you-mean.js';
import type { Plan } from '../domain/plan/plan.js';
import { showAgo } from '../domain/plan/render-time.js';
import type { InterruptedApply } from '../app/ports.js';
import { StoreError } from '../domain/store-error.js';
import { CliError } from './failure.js';
import type { Io } from './io.js';
import type { Session } from './workspace.js';

/** Options that decide what a plan holds. */
export interface PlanOptions {
  readonly prune?: boolean;
  readonly reactivate?: readonly string[];
}

export function toRequest({ prune = false, reactivate = [] }: PlanOptions): PlanRequest {
  return { prune, reactivate: reactivate.includes('all') ? 'all' : new Set(reactivate) };
}

/** A misspelled ID would quietly switch nothing on. */
export function checkReactivate({ reactivate = [] }: PlanOptions, { desired }: Pick<MadePlan, 'desired'>): void {
  const ids = desired.actions.map((action) => action.id);
  for (const id of reactivate) {
    if (id === 'all' || ids.includes(id)) continue;
    const near = nearest(id, ids);
    const hint = near === null ? 'write the ID of a definition with a schedule, or all' : `did you mean ${near}?`;
    throw new CliError('definition_unknown', `--reactivate: there is no definition "${id}": ${hint}`);
  }
}

/** Problems that make a plan impossible to apply. */
export const planErrors = (plan: Pick<Plan, 'problems'>): number =>
  plan.problems.filter((problem) => problem.severity === 'error').length;

/** The last line on stderr says why the exit code is 1, also where the problems themselves went to stdout. */
export function sayErrors(io: Pick<Io, 'stderr'>, plan: Pick<Plan, 'problems' | 'instance'>): void {
  const errors = planErrors(plan);
  if (errors === 0) return;
  const count = errors === 1 ? 'an error' : `${errors} errors`;
  io.stderr.write(
    `Error: The plan for ${plan.instance} has ${count}: "odoo-steward plan ${plan.instance}" lists what to mend.\n`,
  );
}

/** A plan is worth as much without that knowledge: a store that does not answer is a warning. */
export async function lastInterrupted(
  { stderr }: Pick<Io, 'stderr'>,
  { journal, target }: Pick<Session, 'journal' | 'target'>,
): Promise<InterruptedApply | null> {
  try {
    return await journal.interrupted(target.instance);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    stderr.write(`warning: Whether the last apply was interrupted is not known. ${error.message}\n`);
    return null;
  }
}

export function interruptedSentence(last: InterruptedApply, now: number): string {
  return `The last apply (${showAgo(last.startedAt, now)}, plan ${last.digest.slice(0, 12)}) was interrupted after ${last.written.length} of ${last.total} changes; this plan shows what is left.`;
}
