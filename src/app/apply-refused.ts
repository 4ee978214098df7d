import type { Problem } from '../domain/problem.js';

export type RefusalCode = 'plan_has_errors' | 'plan_stale' | 'guard' | 'apply_running';

/** An apply that was not begun: nothing was written. */
export class ApplyRefused extends Error {
  override readonly name = 'ApplyRefused';
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}
