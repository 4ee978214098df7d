interface RateReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * How long the forge asks to be left alone, in milliseconds. Null: it does not, or does not say for how long. GitHub
 * answers 403 as well as 429, and says of its hourly limit only when it ends.
 */
export function retryAfterOf({ status, headers }: RateReply, now: number): number | null {
  if (status !== 429 && status !== 503 && !isSpent({ status, headers })) return null;
  const text = headers['retry-after'];
  if (typeof text === 'string') {
    if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : Math.max(0, at - now);
  }
  const reset = headers['x-ratelimit-reset'];
  return headers['x-ratelimit-remaining'] === '0' && typeof reset === 'string' && /^\d{1,12}$/.test(reset)
    ? Math.max(0, Number(reset) * 1000 - now)
    : null;
}

/** Whether a 403 means "too often", not "not for you". */
export const isSpent = ({ status, headers }: RateReply): boolean =>
  status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0');
