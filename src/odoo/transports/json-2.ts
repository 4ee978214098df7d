import { z } from 'zod';

import { faultBody, toFault } from '../fault.js';
import { toReplyError } from '../reply-error.js';
import { toOdooError } from '../to-odoo-error.js';
import { jsonHeaders, parseJson, toJson } from './json.js';
import type { Account, MethodCall, Transport } from './transport.js';

const contextGet: MethodCall = { model: 'res.users', method: 'context_get' };
const whoAmI = z.object({ uid: z.number().int() });

/** `/json/2` (19 and later): named arguments, real statuses, the bare value as the body. The key is checked on each call. */
export const json2: Transport = {
  protocol: 'json2',
  isStateless: true,
  wantsChosenDatabase: false,

  loginRequest: (account) => request(account, contextGet),
  readLogin: (reply, site) => ({ ...whoAmI.parse(json2.readAnswer(reply, site)), cookie: null }),
  callRequest: (account, _login, call) => request(account, call),

  readAnswer(reply, site) {
    const body = parseJson(reply, site);
    if (reply.status >= 200 && reply.status < 300) return body;
    const fault = faultBody.safeParse(body);
    throw fault.success ? toOdooError(toFault(fault.data, reply.status), site) : toReplyError(reply, site);
  },
};

function request({ database, credential }: Account, { model, method, ids, args, context }: MethodCall) {
  return {
    method: 'POST' as const,
    path: `/json/2/${encodeURIComponent(model)}/${encodeURIComponent(method)}`,
    headers: { ...jsonHeaders, Authorization: `Bearer ${credential.secret}`, 'X-Odoo-Database': database },
    body: toJson({ ...args, ids, context }),
  };
}
