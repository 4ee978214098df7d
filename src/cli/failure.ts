import type { Problem } from '../domain/problem.js';

/** What the command line itself finds wrong; the message is one sentence that says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly code: string,
    message: string,
    readonly problems: readonly Problem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Failure {
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

/** A file that cannot be written is the user's to mend, not a defect. */
export function fileError(path: string, error: unknown): CliError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'error';
  return new CliError('file_unwritable', `${path} cannot be written (${code}): mend the path or its rights.`);
}
