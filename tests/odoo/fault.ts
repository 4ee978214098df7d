/** A failure that ends in a sentence for the person at the keyboard: what went wrong and what to mend. */
export class OdooToolError extends Error {
  override readonly name = 'OdooToolError';
}

// Under jest, Node's own errors come from another realm: `instanceof Error` is false for them.
export function messageOf(error: unknown): string {
  return hasField(error, 'message') ? String(error.message) : String(error);
}

/** True for the error that Node raises when a file or folder is not there. */
export function isMissingFile(error: unknown): boolean {
  return hasField(error, 'code') && error.code === 'ENOENT';
}

function hasField<K extends string>(error: unknown, field: K): error is Record<K, unknown> {
  return typeof error === 'object' && error !== null && field in error;
}
