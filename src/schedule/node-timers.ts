import type { TimerOptions, Timers } from '../app/service/timers.js';
import { Alarm } from './alarm.js';
import { ClockWatch } from './clock-watch.js';
import { nextWait } from './next-wait.js';

export interface NodeTimersOptions {
  /** Hears of every task that failed, and goes on. */
  readonly report: (name: string, error: unknown) => void;
  /** The longest wait after failures; an interval that is longer stays as it is. An hour when absent. */
  readonly maxBackoffMs?: number;
  /** 0 up to 1: for jitter. */
  readonly random?: () => number;
}

const HOUR_MS = 3_600_000;

/** Timers of this process, on node-schedule. */
export function createTimers(options: NodeTimersOptions): Timers {
  return new NodeTimers(options);
}

class NodeTimers implements Timers {
  readonly #timers = new Map<string, Timer>();
  readonly #watch = new ClockWatch(() => {
    for (const timer of this.#timers.values()) timer.alarm.rearm();
  });
  #isStopping = false;

  constructor(private readonly options: NodeTimersOptions) {}

  every(name: string, options: TimerOptions, task: (signal: AbortSignal) => Promise<void>): () => void {
    if (this.#isStopping) return () => undefined;
    if (this.#timers.has(name)) throw new Error(`There is a timer ${name} already`);
    if (!(options.intervalMs >= 1)) throw new RangeError(`The timer ${name} needs an interval of at least 1 ms`);
    const timer = new Timer(name, options, task, this.options);
    this.#timers.set(name, timer);
    this.#watch.start();
    timer.begin();
    return () => {
      timer.end();
      if (this.#timers.get(name) === timer) this.#timers.delete(name);
      if (this.#timers.size === 0) this.#watch.stop();
    };
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    this.#watch.stop();
    const timers = [...this.#timers.values()];
    this.#timers.clear();
    for (const timer of timers) timer.end();
    const all = Promise.all(timers.map(({ running }) => running));
    if (await within(all, graceMs)) return;
    for (const timer of timers) timer.abort();
    await within(all, graceMs);
  }
}

class Timer {
  readonly alarm = new Alarm(() => this.#fire());
  readonly #stop = new AbortController();
  #failures = 0;
  #hasEnded = false;
  /** Settles when nothing of it runs; never rejects. */
  running: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly options: TimerOptions,
    private readonly task: (signal: AbortSignal) => Promise<void>,
    private readonly environment: NodeTimersOptions,
  ) {}

  begin(): void {
    if (this.options.immediately === true) this.alarm.set(1);
    else this.#wait();
  }

  /** Starts nothing more. */
  end(): void {
    this.#hasEnded = true;
    this.alarm.clear();
  }

  abort(): void {
    this.#stop.abort(new Error(`The timer ${this.name} is stopped`));
  }

  #wait(): void {
    if (this.#hasEnded) return;
    const { maxBackoffMs = HOUR_MS, random = Math.random } = this.environment;
    const { intervalMs, jitter = 0 } = this.options;
    this.alarm.set(nextWait({ intervalMs, jitter, failures: this.#failures, maxBackoffMs, random: random() }));
  }

  #fire(): void {
    if (this.#hasEnded) return;
    this.running = this.#run().finally(() => this.#wait());
  }

  async #run(): Promise<void> {
    try {
      await this.task(this.#stop.signal);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // Giving up when told to is no failure.
      if (!this.#stop.signal.aborted) this.#report(error);
    }
  }

  #report(error: unknown): void {
    try {
      this.environment.report(this.name, error);
    } catch {
      // Whoever is told must not stop the timer.
    }
  }
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const isDone = await Promise.race([work.then(() => true as const), late]);
  clearTimeout(timer);
  return isDone;
}
