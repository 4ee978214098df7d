import type { AnyOdooError } from '../domain/odoo-error.js';
import type { Limits } from './limits.js';

export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  readonly effect: 'read' | 'write';
  readonly error: AnyOdooError;
  /** Whether any of the request may have reached the other side. */
  readonly isSent: boolean;
}

const BASE_MS = 200;
const CAP_MS = 5_000;

/**
 * How long to wait before the next attempt; null when there is to be none. A read may be repeated after whatever passes
 * by itself; a write only while it surely never left.
 */
export function retryDelayMs(
  { number, effect, error, isSent }: Attempt,
  { retries, maxRetryAfterMs }: Pick<Limits, 'retries' | 'maxRetryAfterMs'>,
  random: () => number,
): number | null {
  if (number > retries || !isTransient(error)) return null;
  if (effect === 'write' && isSent) return null;
  if (error.retryAfterMs !== null) return error.retryAfterMs > maxRetryAfterMs ? null : error.retryAfterMs;
  // Half of it fixed, half of it jitter: clients that failed together come back apart, and never at once.
  const step = Math.min(CAP_MS, BASE_MS * 2 ** (number - 1));
  return Math.round(step / 2 + (random() * step) / 2);
}

/** A time-out is none of these: the time was the whole call's, and it is used up. */
function isTransient(error: AnyOdooError): boolean {
  switch (error.code) {
    case 'odoo_unreachable':
    case 'odoo_concurrency':
      return true;
    case 'odoo_limit':
      return error.retryAfterMs !== null;
    default:
      return false;
  }
}
