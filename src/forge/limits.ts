/** Bounds of one request to a forge, and of what one comment may cost. */
export interface ForgeLimits {
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** A longer `Retry-After` is reported, not waited for. */
  readonly maxRetryAfterMs: number;
  /** Pages of comments that are looked through for ours; where it is not among them, a new one is written. */
  readonly maxCommentPages: number;
}

export const forgeLimits: ForgeLimits = {
  timeoutMs: 10_000,
  maxResponseBytes: 32 * 1024 * 1024,
  maxRetryAfterMs: 30_000,
  maxCommentPages: 30,
};
