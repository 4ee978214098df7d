import type { Problem } from '../problem.js';
import type { Change } from './change.js';
import type { Objection } from './guard.js';
import { valueDigest } from './values.js';

export interface PlanOrigin {
  readonly instance: string;
  readonly environment: string | null;
  /** What the definitions were read from, for people. */
  readonly source: string;
  readonly revision: string | null;
}

/** What apply would do, as sorted data: equal inputs give byte-identical plans. */
export interface Plan extends PlanOrigin {
  readonly namespace: string;
  readonly database: string;
  /** Odoo's version, `19.0`. */
  readonly serie: string;
  readonly changes: readonly Change[];
  /** Definitions and owned records that need nothing. */
  readonly unchanged: number;
  /** Records in our namespace before this plan. */
  readonly owned: number;
  /** What a person should know: warnings, and errors, with which the plan cannot be applied. */
  readonly problems: readonly Problem[];
  /** Guards that tripped; each needs its override. */
  readonly objections: readonly Objection[];
  /** SHA-256 over all that decides what would be done; `apply` refuses any other. */
  readonly digest: string;
}

/** The digest does not hold the problems' wording: a warning that is put better does not make a plan stale. */
export function planDigest(plan: Omit<Plan, 'digest' | 'problems'>): string {
  const { instance, environment, revision, namespace, database, changes } = plan;
  return valueDigest({ instance, environment, revision, namespace, database, changes });
}

export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly adopt: number;
  /** Changes that are shown and not applied. */
  readonly held: number;
  readonly unchanged: number;
}

export function countPlan(plan: Pick<Plan, 'changes' | 'unchanged'>): PlanCounts {
  const counts = { create: 0, update: 0, delete: 0, adopt: 0, held: 0, unchanged: plan.unchanged };
  for (const change of plan.changes) {
    if (change.held === null) counts[change.op] += 1;
    else counts.held += 1;
  }
  return counts;
}
