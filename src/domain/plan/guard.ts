import type { Change } from './change.js';

export type ObjectionCode = 'too_many_changes' | 'empty_desired_state';

/** A reason not to apply without a person's explicit word. */
export interface Objection {
  readonly code: ObjectionCode;
  readonly message: string;
}

export interface GuardPolicy {
  /** From how many owned records on the share counts. */
  readonly minOwned: number;
  /** 0 to 1: the share of owned records that one apply may delete or update. */
  readonly maxShare: number;
}

export const defaultGuard: GuardPolicy = { minOwned: 10, maxShare: 0.3 };

/** Refuses what looks like a mistake (an empty folder, a wrong branch), and names the number that tripped it. */
export function guardPlan(
  input: { readonly changes: readonly Change[]; readonly owned: number; readonly desired: number },
  policy: GuardPolicy,
): Objection[] {
  const objections: Objection[] = [];
  const active = input.changes.filter((change) => change.held === null);
  if (input.desired === 0 && active.some((change) => change.op === 'delete')) {
    objections.push({
      code: 'empty_desired_state',
      message: `There is no definition at all, and ${input.owned} records would be deleted: check the folder, the branch and the environment.`,
    });
  }
  const touched = active.filter((change) => change.op === 'delete' || change.op === 'update').length;
  if (input.owned >= policy.minOwned && touched / input.owned > policy.maxShare) {
    const deletes = active.filter((change) => change.op === 'delete').length;
    objections.push({
      code: 'too_many_changes',
      message: `${touched} of ${input.owned} owned records would be changed (${deletes} of them deleted), more than ${Math.round(policy.maxShare * 100)} %.`,
    });
  }
  return objections;
}
