/** What one instance, and one call of it, may take. */
export interface Limits {
  /** Requests in flight to one instance; the rest wait their turn. */
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  /** The whole call: waiting for its turn, signing in, every attempt. Above Odoo's own limit of 120 s a request. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  /** Attempts after the first, for reads, and for writes that surely never left. */
  readonly retries: number;
  /** Failures in a row to reach the instance after which it is left alone for `circuitPauseMs`. */
  readonly circuitFailures: number;
  readonly circuitPauseMs: number;
  /** A longer `Retry-After` than this is reported, not waited for. */
  readonly maxRetryAfterMs: number;
}

export const defaultLimits: Limits = {
  concurrency: 4,
  requestsPerSecond: 50,
  timeoutMs: 130_000,
  connectTimeoutMs: 10_000,
  maxRequestBytes: 64 * 1024 * 1024,
  maxResponseBytes: 64 * 1024 * 1024,
  retries: 2,
  circuitFailures: 5,
  circuitPauseMs: 15_000,
  maxRetryAfterMs: 30_000,
};
