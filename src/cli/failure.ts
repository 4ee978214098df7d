import type { Problem } from '../domain/problem.js';

export { toFailure, type Failure } from '../app/failure.js';

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

/** A file that cannot be written is the user's to mend, not a defect. */
export function fileError(path: string, error: unknown): CliError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'error';
  return new CliError('file_unwritable', `${path} cannot be written (${code}): mend the path or its rights.`);
}
