export interface WaitFacts {
  readonly intervalMs: number;
  /** 0 to 1. */
  readonly jitter: number;
  /** In a row, up to now. */
  readonly failures: number;
  readonly maxBackoffMs: number;
  /** 0 up to 1, by chance. */
  readonly random: number;
}

/**
 * Milliseconds until a timer's next turn: its interval, twice as long for each failure in a row up to `maxBackoffMs`
 * (never shorter than the interval), and more or less by up to `jitter` of that. At least 1.
 */
export function nextWait({ intervalMs, jitter, failures, maxBackoffMs, random }: WaitFacts): number {
  const backedOff = Math.min(intervalMs * 2 ** Math.min(failures, 30), Math.max(intervalMs, maxBackoffMs));
  const share = Math.min(1, Math.max(0, jitter)) * (2 * random - 1);
  return Math.max(1, Math.round(backedOff * (1 + share)));
}
