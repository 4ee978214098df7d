import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';

import { isTimeout, unlessAborted, type EndSignal } from './deadline.js';
import { WireFailure, type WireFailureReason, type WireReply } from './http.js';
import { defaultLimits, type Limits } from './limits.js';

export { BrokenCircuitError as CircuitOpen };

/** What one instance is spared: too many requests at once or a second, and more of them while it does not answer. */
export interface InstanceTraffic {
  /** Waits for a turn, then sends. Rejects with `CircuitOpen` while the instance is left alone. */
  send(signal: EndSignal, send: () => Promise<WireReply>): Promise<WireReply>;
  /** Holds back every request for that long: the instance asked for it (`Retry-After`). */
  pause(ms: number): void;
}

interface Waiting {
  readonly start: () => void;
}

export function createTraffic(limits: Partial<Limits> = {}, now: () => number = Date.now): InstanceTraffic {
  const merged = { ...defaultLimits, ...limits };
  const turns = new Turns(merged.concurrency, merged.requestsPerSecond, now);
  const circuit = createCircuit(merged);
  return {
    send(signal, send) {
      const sent = circuit.execute(() => turns.take(signal, send));
      // While one request tries the line again the others wait for what becomes of it, which knows nothing of their time.
      return circuit.state === CircuitState.HalfOpen ? unlessAborted(signal, sent, () => gaveUpWaiting(signal)) : sent;
    },
    pause: (ms) => turns.pause(ms),
  };
}

const gaveUpWaiting = (signal: EndSignal): WireFailure =>
  new WireFailure(isTimeout(signal) ? 'timeout' : 'aborted', false, 'still waiting for its turn');

const lineFailures: ReadonlySet<WireFailureReason> = new Set(['connect', 'connect_timeout', 'tls', 'cut', 'not_http']);

/** Opens on what says nothing about the request and everything about the instance. */
function createCircuit(limits: Limits): CircuitBreakerPolicy {
  const isDown = (error: Error): boolean =>
    error instanceof WireFailure && (error.reason === 'timeout' ? error.isSent : lineFailures.has(error.reason));
  return circuitBreaker(
    handleWhen(isDown).orWhenResult((reply) => isGatewayStatus((reply as WireReply).status)),
    { halfOpenAfter: limits.circuitPauseMs, breaker: new ConsecutiveBreaker(limits.circuitFailures) },
  );
}

/** A proxy's words for an Odoo that does not answer it. */
export const isGatewayStatus = (status: number): boolean => status === 502 || status === 503 || status === 504;

/** At most `concurrency` at once, and `perSecond` in a second, the first second's worth of them without waiting. */
class Turns {
  #active = 0;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #pausedUntil = 0;
  /** When the next request would be due if they came evenly; up to one second behind `now` counts as saved up. */
  #dueAt = 0;
  readonly #intervalMs: number;

  constructor(
    private readonly concurrency: number,
    perSecond: number,
    private readonly now: () => number,
  ) {
    this.#intervalMs = 1000 / perSecond;
  }

  async take<T>(signal: EndSignal, work: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw gaveUpWaiting(signal);
    if (!this.#isFree()) await this.#turn(signal);
    else this.#begin();
    try {
      return await work();
    } finally {
      this.#active -= 1;
      this.#next();
    }
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.now() + ms);
  }

  #isFree(): boolean {
    return this.#waiting.size === 0 && this.#active < this.concurrency && this.#delayMs() <= 0;
  }

  #begin(): void {
    this.#dueAt = Math.max(this.#dueAt, this.now() - 1000) + this.#intervalMs;
    this.#active += 1;
  }

  #turn(signal: EndSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(gaveUpWaiting(signal));
      };
      const waiting: Waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave);
      this.#waiting.add(waiting);
      this.#next();
    });
  }

  #next(): void {
    for (const waiting of this.#waiting) {
      if (this.#active >= this.concurrency) return;
      const delayMs = this.#delayMs();
      if (delayMs > 0) {
        this.#wakeAfter(delayMs);
        return;
      }
      this.#waiting.delete(waiting);
      this.#begin();
      waiting.start();
    }
  }

  #wakeAfter(delayMs: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#next();
    }, delayMs);
  }

  #delayMs(): number {
    const now = this.now();
    return Math.ceil(Math.max(this.#pausedUntil - now, this.#dueAt - now));
  }
}
