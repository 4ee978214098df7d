export interface TimerOptions {
  readonly intervalMs: number;
  /** 0 to 1: each wait is longer or shorter by up to this share of the interval, by chance. 0 when absent. */
  readonly jitter?: number;
  /** The first time at once, not after an interval. */
  readonly immediately?: boolean;
}

/**
 * Work that comes back. A timer never overlaps itself: the next wait begins when the task has ended. After a failure the
 * wait doubles, up to a limit, and the error goes to whoever the timers report to.
 */
export interface Timers {
  /** Returns how to stop this one. A name may stand once. `signal` aborts when the timer must end at once. */
  every(name: string, options: TimerOptions, task: (signal: AbortSignal) => Promise<void>): () => void;
  /** Starts nothing more; waits for what runs, and aborts it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}
