const TIMED_OUT = Symbol('timed out');

/** One signal for a call: its time, its caller and the client's `close()` can each end it. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort = () => this.abort();

  constructor(
    readonly timeoutMs: number,
    caller?: AbortSignal,
  ) {
    this.#timer = setTimeout(() => this.#controller.abort(TIMED_OUT), timeoutMs);
    this.#caller = caller;
    if (caller?.aborted) this.abort();
    else caller?.addEventListener('abort', this.#onAbort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(): void {
    this.#controller.abort();
  }

  /** To be called when the call has ended, however it did. */
  release(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }
}

export const isTimeout = (signal: AbortSignal): boolean => signal.reason === TIMED_OUT;

/** Settles as `work` does, or rejects as soon as the signal says so; `work` itself goes on. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>, toError: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(toError());
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

interface Bounds {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Those of one client, so that closing it ends them all. */
export class Deadlines {
  readonly #open = new Set<Deadline>();

  constructor(private readonly timeoutMs: number) {}

  async within<T>(
    { timeoutMs = this.timeoutMs, signal }: Bounds,
    work: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(timeoutMs, signal);
    this.#open.add(deadline);
    try {
      return await work(deadline);
    } finally {
      deadline.release();
      this.#open.delete(deadline);
    }
  }

  abortAll(): void {
    for (const deadline of this.#open) deadline.abort();
  }
}
