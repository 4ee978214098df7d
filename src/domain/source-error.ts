/** Why a definitions source could not be read. */
export type SourceErrorCode =
  | 'source_missing'
  | 'source_unreachable'
  | 'source_refused'
  | 'revision_unknown'
  | 'source_unsafe'
  | 'source_too_large'
  | 'git_missing';

/** A definitions source (folder or git repository) could not be read; the message says which, why, and what to mend. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
