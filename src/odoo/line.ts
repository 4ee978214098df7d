import { isOdooError, type AnyOdooError } from '../domain/odoo-error.js';
import type { CallSite } from './call-site.js';
import type { Deadline, EndSignal } from './deadline.js';
import { WireFailure, type Wire, type WireReply, type WireRequest } from './http.js';
import type { Limits } from './limits.js';
import type { CallEvent, Protocol } from './odoo-client.js';
import { retryDelayMs } from './retry.js';
import { CircuitOpen, type InstanceTraffic } from './traffic.js';
import { toCircuitError, toWireError } from './wire-error.js';

export interface Exchange<T> {
  readonly phase: CallEvent['phase'];
  readonly protocol: Protocol;
  readonly site: CallSite;
  readonly deadline: Deadline;
  readonly request: WireRequest;
  /** Throws what the reply means where that is no value. */
  readonly read: (reply: WireReply) => T;
}

interface LineOptions {
  readonly wire: Wire;
  readonly traffic: InstanceTraffic;
  readonly limits: Limits;
  readonly random: () => number;
  readonly onCall: ((event: CallEvent) => void) | undefined;
}

type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown; readonly isSent: boolean; readonly isFinal: boolean };

/** One request and its answer: its turn, its attempts, and a report of each. */
export class Line {
  constructor(private readonly options: LineOptions) {}

  async exchange<T>(exchange: Exchange<T>): Promise<T> {
    for (let number = 1; ; number += 1) {
      const attempted = await this.#attempt(exchange, number);
      if (attempted.ok) return attempted.value;
      const delayMs = this.#delayMs(exchange, number, attempted);
      if (delayMs === null || !(await hasWaited(delayMs, exchange.deadline.signal))) throw attempted.error;
    }
  }

  async #attempt<T>(exchange: Exchange<T>, attempt: number): Promise<Attempted<T>> {
    const { wire, traffic } = this.options;
    const { request, read, deadline } = exchange;
    const startedAt = performance.now();
    let reply: WireReply | null = null;
    let attempted: Attempted<T>;
    try {
      reply = await traffic.send(deadline.signal, () => wire.send(request, deadline.signal));
      attempted = { ok: true, value: read(reply) };
    } catch (error) {
      attempted = this.#failed(error, exchange);
    }
    this.options.onCall?.({
      instance: exchange.site.call.instance,
      transport: exchange.protocol,
      model: exchange.site.model,
      method: exchange.site.method,
      durationMs: performance.now() - startedAt,
      bytesSent: request.body === undefined ? 0 : Buffer.byteLength(request.body),
      bytesReceived: reply?.body.length ?? 0,
      attempt,
      outcome: attempted.ok ? 'ok' : outcomeOf(attempted.error),
      phase: exchange.phase,
    });
    return attempted;
  }

  #failed(error: unknown, { site }: Exchange<unknown>): Attempted<never> {
    const { limits } = this.options;
    if (error instanceof CircuitOpen) {
      return { ok: false, error: toCircuitError(site, limits.circuitPauseMs), isSent: false, isFinal: true };
    }
    if (error instanceof WireFailure) {
      return { ok: false, error: toWireError(error, site), isSent: error.isSent, isFinal: error.reason === 'tls' };
    }
    return { ok: false, error, isSent: true, isFinal: !isOdooError(error) };
  }

  #delayMs(
    { site }: Exchange<unknown>,
    number: number,
    { error, isSent, isFinal }: Attempted<never> & { ok: false },
  ): number | null {
    const { limits, traffic, random } = this.options;
    if (!isOdooError(error)) return null;
    this.#heed(error, traffic, limits);
    return isFinal ? null : retryDelayMs({ number, effect: site.effect, error, isSent }, limits, random);
  }

  /** `Retry-After` holds for the instance, whoever asked. */
  #heed({ retryAfterMs }: AnyOdooError, traffic: InstanceTraffic, { maxRetryAfterMs }: Limits): void {
    if (retryAfterMs !== null) traffic.pause(Math.min(retryAfterMs, maxRetryAfterMs));
  }
}

const outcomeOf = (error: unknown): string =>
  isOdooError(error) ? error.code : error instanceof Error ? error.name : 'error';

/** False when the call's time is over first. */
function hasWaited(ms: number, signal: EndSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (isOver: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      resolve(isOver);
    };
    const giveUp = () => end(false);
    const timer = setTimeout(end, ms, true);
    signal.addEventListener('abort', giveUp);
  });
}
