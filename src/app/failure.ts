import type { Problem } from '../domain/problem.js';

/** What went wrong, as data: for the command line, the API and the store alike. */
export interface Failure {
  /** Stable, snake_case; `defect` for what should not happen. */
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** Errors of ours carry a code; whatever else comes is a defect, and says so. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z_]+$/.test(error.code)) {
    const problems = 'problems' in error && Array.isArray(error.problems) ? (error.problems as Problem[]) : [];
    return { code: error.code, message: error.message, problems };
  }
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'defect',
    message: `This should not happen, and is a defect of odoo-steward: ${said} (STEWARD_DEBUG=1 shows where).`,
    problems: [],
  };
}
