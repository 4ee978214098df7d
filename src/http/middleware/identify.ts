import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { setState } from './request-state.js';

/** What a client may call its request: it comes back in headers, logs and the audit log. */
const WELL_FORMED = /^[A-Za-z0-9._:-]{8,100}$/;

/** Gives each request an ID, its own `X-Request-Id` where that is well-formed, and a logger that says it. */
export function identify(newId: () => string, log: Logger): RequestHandler {
  return (req, res, next) => {
    const sent = req.get('x-request-id');
    const id = sent !== undefined && WELL_FORMED.test(sent) && !sent.startsWith('osk_') ? sent : newId();
    setState(res, { id, log: log.child({ requestId: id }), route: null, actor: null, keyId: null });
    res.set('X-Request-Id', id);
    next();
  };
}
