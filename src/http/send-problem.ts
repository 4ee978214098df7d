import type { ErrorRequestHandler, Request, Response } from 'express';
import { isDefect, toProblem } from './problems/to-problem.js';
import { stateOf } from './middleware/request-state.js';

/** How long a client may go on sending what nobody reads, after it has its answer. */
const LINGER_MS = 1_000;

/** The last middleware: every error becomes a problem. Defects are logged whole; the client gets their request's ID. */
export const sendProblem: ErrorRequestHandler = (error: unknown, req: Request, res: Response, _next) => {
  const { id, log } = stateOf(res);
  if (isDefect(error)) log.error({ err: error }, 'A request failed on a defect');
  if (res.headersSent || res.destroyed) {
    // Part of the answer is out: the client must not take it for the whole.
    res.destroy();
    return;
  }
  const { status, headers, body } = toProblem(error, id);
  if (status > 500) log.warn({ err: error, code: body.code }, 'A request failed on somebody else');
  res.removeHeader('ETag');
  res.status(status).set({ ...headers, 'Cache-Control': 'no-store' });
  if (!req.complete) closeSoon(req, res);
  res.type('application/problem+json').send(JSON.stringify(body));
};

/** A body that was refused unread is let flow for a moment, so that the client hears why, and then cut off. */
function closeSoon(req: Request, res: Response): void {
  res.once('finish', () => {
    const timer = setTimeout(() => {
      if (!req.complete) req.socket.destroy();
    }, LINGER_MS);
    timer.unref();
    req.once('close', () => clearTimeout(timer));
  });
}
