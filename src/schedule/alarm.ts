import { scheduleJob, type Job } from 'node-schedule';

/**
 * Goes off once, after a wait. node-schedule thinks in dates of the wall clock, and waits on when that was set back; the
 * wait here is kept on the monotonic clock, so that `rearm` can say the date anew after the wall clock jumped.
 */
export class Alarm {
  #job: Job | null = null;
  /** On the monotonic clock, milliseconds. */
  #dueAt = 0;

  constructor(private readonly goOff: () => void) {}

  set(waitMs: number): void {
    this.#dueAt = performance.now() + waitMs;
    this.#arm();
  }

  clear(): void {
    this.#job?.cancel();
    this.#job = null;
  }

  rearm(): void {
    if (this.#job !== null) this.#arm();
  }

  #arm(): void {
    this.clear();
    const waitMs = Math.max(1, Math.ceil(this.#dueAt - performance.now()));
    const job = scheduleJob(new Date(Date.now() + waitMs), () => {
      if (this.#job !== job) return;
      this.#job = null;
      this.goOff();
    });
    this.#job = job;
  }
}
