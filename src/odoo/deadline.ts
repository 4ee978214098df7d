const TIMED_OUT = Symbol('timed out');

/** What of an `AbortSignal` is used here; each of those is one of these. */
export interface EndSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * One signal for a call: its time, its caller and the client's `close()` can each end it. It is the signal itself, at a
 * tenth of the price of an `AbortController`, and ends once.
 */
export class Deadline implements EndSignal {
  aborted = false;
  reason: unknown;
  /** On the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly #listeners = new Set<() => void>();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;

  constructor(
    readonly timeoutMs: number,
    caller?: AbortSignal,
  ) {
    this.endsAt = performance.now() + timeoutMs;
    if (caller === undefined) return;
    this.#caller = caller;
    this.#onAbort = () => this.abort();
    if (caller.aborted) this.abort();
    else caller.addEventListener('abort', this.#onAbort);
  }

  get signal(): EndSignal {
    return this;
  }

  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** To be called when the call has ended, however it did. */
  release(): void {
    if (this.#onAbort !== undefined) this.#caller?.removeEventListener('abort', this.#onAbort);
  }
}

export const isTimeout = (signal: EndSignal): boolean => signal.reason === TIMED_OUT;

/** Settles as `work` does, or rejects as soon as the signal says so; `work` itself goes on. */
export function unlessAborted<T>(signal: EndSignal, work: Promise<T>, toError: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(toError());
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

interface Bounds {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Those of one client, so that closing it ends them all, and one timer serves them all. */
export class Deadlines {
  readonly #open = new Set<Deadline>();
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Infinity;

  constructor(private readonly timeoutMs: number) {}

  async within<T>(
    { timeoutMs = this.timeoutMs, signal }: Bounds,
    work: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(timeoutMs, signal);
    this.#open.add(deadline);
    if (deadline.endsAt < this.#wakesAt) this.#wake(deadline.endsAt, timeoutMs);
    try {
      return await work(deadline);
    } finally {
      deadline.release();
      this.#open.delete(deadline);
    }
  }

  abortAll(): void {
    clearTimeout(this.#timer);
    this.#wakesAt = Infinity;
    for (const deadline of this.#open) deadline.abort();
  }

  /** The timer outlives the call it was set for and serves the next ones: setting one a call costs more than all else here. */
  #wake(at: number, afterMs: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    // A call in flight has its socket, or a timer of its own, to keep the process running.
    this.#timer = setTimeout(() => this.#endOverdue(), afterMs).unref();
  }

  #endOverdue(): void {
    this.#wakesAt = Infinity;
    // Timers count whole milliseconds, and may be that much early.
    const now = performance.now() + 1;
    let next = Infinity;
    for (const deadline of this.#open) {
      if (deadline.endsAt <= now) deadline.abort(TIMED_OUT);
      else next = Math.min(next, deadline.endsAt);
    }
    if (next < Infinity) this.#wake(next, next - now);
  }
}
