import { isApplied } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';
import { judgeWindows, type SyncWindow } from './windows.js';

/** What a sync may do without a person: nothing, write, or write and prune. */
export type SyncPolicy = 'manual' | 'automatic' | 'automatic_prune';

export interface SyncRules {
  readonly policy: SyncPolicy;
  readonly windows: readonly SyncWindow[];
}

export type SyncDecision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'apply' }
  /** A person has to act; the message says why and what. */
  | { readonly kind: 'wait'; readonly because: 'policy' | 'window' | 'guard' | 'errors'; readonly message: string };

/**
 * What a sync does with the plan that it made. A person who asks for it stands for the policy; only the right to
 * override opens a closed window. No one overrides a guard here: that takes an apply of the plan that was looked at.
 */
export function decideSync(
  plan: Pick<Plan, 'changes' | 'problems' | 'objections'>,
  rules: SyncRules,
  asked: { readonly byPerson: boolean; readonly overrideWindow: boolean },
  now: number,
): SyncDecision {
  const errors = plan.problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    const others = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    return { kind: 'wait', because: 'errors', message: `The plan has an error: ${first.message}${others}` };
  }
  const count = plan.changes.filter(isApplied).length;
  if (count === 0) return { kind: 'nothing' };
  const [objection] = plan.objections;
  if (objection !== undefined) return { kind: 'wait', because: 'guard', message: objection.message };
  const changes = count === 1 ? 'One change waits' : `${count} changes wait`;
  if (rules.policy === 'manual' && !asked.byPerson) {
    return { kind: 'wait', because: 'policy', message: `${changes} for a person to apply: the sync policy is manual.` };
  }
  const verdict = judgeWindows(rules.windows, now);
  if (!verdict.isOpen && !asked.overrideWindow) {
    return { kind: 'wait', because: 'window', message: `${changes}: ${verdict.reason}.` };
  }
  return { kind: 'apply' };
}
