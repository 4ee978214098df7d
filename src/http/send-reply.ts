import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { sendEvents, type EventStreamLimits } from './replies/event-stream.js';
import type { Reply } from './route.js';

export interface SendDeps {
  readonly eventStreams: EventStreamLimits;
  /** Aborted when the service begins to stop. */
  readonly draining: AbortSignal;
}

/** Writes a handler's reply. Resolves when all of it is handed over; a stream that breaks tears the connection. */
export async function sendReply(
  exchange: { readonly req: Request; readonly res: Response },
  reply: Reply,
  { eventStreams, draining }: SendDeps,
): Promise<void> {
  const { req, res } = exchange;
  res.status(reply.status);
  // What is answered depends on who asks; with an ETag it may be kept, and asked about again.
  res.set('Cache-Control', reply.etag === undefined ? 'no-store' : 'private, no-cache');
  if (reply.etag !== undefined) res.set('ETag', reply.etag);
  if (reply.headers !== undefined) res.set(reply.headers);

  if (reply.events !== undefined) return sendEvents(exchange, reply.events, draining, eventStreams);
  if (reply.stream !== undefined) {
    res.type(reply.type ?? 'application/octet-stream');
    if (req.method !== 'HEAD') return pipeline(reply.stream, res);
    reply.stream.destroy();
    res.end();
  } else if (reply.text !== undefined) res.type(reply.type ?? 'text/plain').send(reply.text);
  else if (reply.body !== undefined) res.json(reply.body);
  else res.end();
}
