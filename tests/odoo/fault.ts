/** A failure that ends in a sentence for the person at the keyboard: what went wrong and what to mend. */
export class OdooToolError extends Error {
  override readonly name = 'OdooToolError';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True for the error that Node raises when a file or folder is not there. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
