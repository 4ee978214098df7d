const LOOK_EVERY_MS = 5_000;
const JUMP_MS = 1_000;

/** Tells when the wall clock jumped against the monotonic one: set by hand, by NTP, or after a machine slept. */
export class ClockWatch {
  #timer: NodeJS.Timeout | undefined;
  #offset = 0;

  constructor(private readonly onJump: () => void) {}

  start(): void {
    if (this.#timer !== undefined) return;
    this.#offset = offset();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = offset();
    if (Math.abs(now - this.#offset) < JUMP_MS) return;
    this.#offset = now;
    this.onJump();
  }
}

const offset = (): number => Date.now() - performance.now();
