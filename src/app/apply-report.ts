import type { Change } from '../domain/plan/change.js';
import type { WriteStatus } from './ports.js';

export interface ApplyProgress {
  readonly step: 'bind' | 'server_actions' | 'schedules' | 'deletes' | 'adopt' | 'verify';
  readonly count: number;
}

/** `unverified`: Odoo said yes, and reading back shows otherwise or was not possible. */
export type AppliedStatus = WriteStatus | 'unverified';

export interface AppliedChange {
  readonly change: Change;
  readonly status: AppliedStatus;
  readonly recordId: number | null;
  /** One sentence where there is something to say; always when it is not `written`. */
  readonly message: string | null;
}

export interface ApplyReport {
  readonly digest: string;
  readonly results: readonly AppliedChange[];
  /** Changes that were left alone on purpose (prune, reactivate). */
  readonly held: readonly Change[];
  /** What does not change the outcome, and should be known. */
  readonly warnings: readonly string[];
  readonly outcome: 'applied' | 'partly' | 'failed';
}

/** `failed` only when it is sure that nothing at all was changed. */
export function outcomeOf(results: readonly AppliedChange[]): ApplyReport['outcome'] {
  if (results.every((result) => result.status === 'written')) return 'applied';
  return results.every((result) => result.status === 'failed' || result.status === 'busy') ? 'failed' : 'partly';
}
