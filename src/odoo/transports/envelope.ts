import { z } from 'zod';

import type { CallSite } from '../call-site.js';
import { faultBody, toFault } from '../fault.js';
import type { WireReply, WireRequest } from '../http.js';
import { toReplyError } from '../reply-error.js';
import { toOdooError } from '../to-odoo-error.js';
import { jsonHeaders, parseJson, toJson } from './json.js';
import { SessionExpired } from './transport.js';

/** `code` is 200 up to 18 and 0 from 19 on, and `message` is the brand's: only `data` tells what happened. */
const failure = z.object({ error: z.object({ data: faultBody }) });

/** JSON-RPC 2.0 as Odoo speaks it, on `/jsonrpc` and on the web session's routes. */
export function envelope(path: string, params: unknown, headers: Readonly<Record<string, string>> = {}): WireRequest {
  const body = toJson({ jsonrpc: '2.0', method: 'call', id: 1, params });
  return { method: 'POST', path, headers: { ...jsonHeaders, ...headers }, body };
}

/** HTTP 200 stands over exceptions, too (14 to 19). A method that returns None leaves `result` null, or out. */
export function readEnvelope(reply: WireReply, site: CallSite): unknown {
  const body = parseJson(reply, site);
  if (typeof body !== 'object' || body === null || !('jsonrpc' in body)) throw toReplyError(reply, site);
  if (!('error' in body)) return 'result' in body ? body.result : null;
  const failed = failure.safeParse(body);
  if (!failed.success) throw toReplyError(reply, site);
  const { data } = failed.data.error;
  if (data.name === 'odoo.http.SessionExpiredException') throw new SessionExpired();
  throw toOdooError(toFault(data), site);
}
