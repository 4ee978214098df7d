import type { Request, Response } from 'express';

/** One event of a `text/event-stream`; `data` is sent as JSON. */
export interface ServerEvent {
  /** What the client sends back as `Last-Event-ID` when it comes again. */
  readonly id?: string | number;
  readonly type?: string;
  readonly data: unknown;
}

export interface EventSink {
  /** What the client saw last; null: it comes for the first time. */
  readonly lastEventId: string | null;
  /** false: the client is gone, or was dropped because it reads too slowly; nothing more need be sent. */
  send(event: ServerEvent): boolean;
  /** All is said: closes the stream. */
  end(): void;
}

/** Starts to send, and returns what stops it: called once, whoever closed the stream. */
export type EventSource = (sink: EventSink) => () => void;

export interface EventStreamLimits {
  readonly heartbeatMs: number;
  /** A client that lets more than this wait unread is cut off: it comes again with `Last-Event-ID`. */
  readonly maxBufferedBytes: number;
}

export const eventStreamLimits: EventStreamLimits = { heartbeatMs: 15_000, maxBufferedBytes: 1_000_000 };

const RETRY_MS = 3_000;

/**
 * Sends events until the source ends, the client goes away, it falls too far behind, or `stop` aborts (the service is
 * stopping: the client reconnects, to another replica). Resolves when the stream is closed.
 */
export function sendEvents(
  { req, res }: { readonly req: Request; readonly res: Response },
  source: EventSource,
  stop: AbortSignal,
  limits: EventStreamLimits,
): Promise<void> {
  res.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // nginx would hold events back otherwise.
    'X-Accel-Buffering': 'no',
  });
  if (req.method === 'HEAD' || stop.aborted) {
    res.end();
    return Promise.resolve();
  }
  res.write(`retry: ${RETRY_MS}\n\n`);

  return new Promise((resolve, reject) => {
    const state: { isClosed: boolean; stopSource: () => void } = { isClosed: false, stopSource: () => undefined };
    const write = (text: string): boolean => {
      if (state.isClosed || res.destroyed) return false;
      res.write(text);
      if (res.writableLength <= limits.maxBufferedBytes) return true;
      res.destroy();
      return false;
    };
    const end = (): void => {
      if (!state.isClosed && !res.destroyed) res.end();
      close();
    };
    const close = (): void => {
      if (state.isClosed) return;
      state.isClosed = true;
      clearInterval(heartbeat);
      stop.removeEventListener('abort', end);
      state.stopSource();
      resolve();
    };
    const heartbeat = setInterval(() => write(': still here\n\n'), limits.heartbeatMs);
    heartbeat.unref();
    res.once('close', close);
    stop.addEventListener('abort', end, { once: true });
    const lastEventId = req.get('last-event-id')?.slice(0, 200) ?? null;
    try {
      const stopping = source({ lastEventId, send: (event) => write(renderEvent(event)), end });
      // It may have ended within its own call, before there was anything to stop it with.
      if (state.isClosed) stopping();
      else state.stopSource = stopping;
    } catch (error) {
      close();
      res.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** JSON has no line ends of its own; IDs and types lose theirs, which would end the field. */
export function renderEvent({ id, type, data }: ServerEvent): string {
  const line = (name: string, value: string | number | undefined): string =>
    value === undefined ? '' : `${name}: ${String(value).replace(/[\r\n\0]/g, ' ')}\n`;
  return `${line('id', id)}${line('event', type)}data: ${JSON.stringify(data ?? null)}\n\n`;
}
