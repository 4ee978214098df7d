/** Work that outlives the request that asked for it. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(private readonly onDefect: (error: unknown) => void) {}

  /** Aborted when the service must stop at once. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Starts it, and never lets an error of it go unheard. */
  run(work: () => Promise<unknown>): void {
    const running: Promise<void> = work()
      .then(() => undefined, this.onDefect)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits for what runs; what is not done within `graceMs` is aborted, and waited for as long again. */
  async drain(graceMs: number): Promise<boolean> {
    if (await this.#settled(graceMs)) return true;
    this.#stop.abort(new Error('The service is stopping'));
    return this.#settled(graceMs);
  }

  async #settled(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    const done = (async (): Promise<true> => {
      while (this.#running.size > 0) await Promise.all(this.#running);
      return true;
    })();
    const result = await Promise.race([done, late]);
    clearTimeout(timer);
    return result;
  }
}
