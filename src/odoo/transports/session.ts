import { z } from 'zod';

import { isOdooErrorOf, OdooDatabaseError } from '../../domain/odoo-error.js';
import type { CallSite } from '../call-site.js';
import type { WireReply } from '../http.js';
import { toRpcArguments } from './arguments.js';
import { cookieHeader, readSessionCookie } from './cookie.js';
import { envelope, readEnvelope } from './envelope.js';
import { readUid } from './read-uid.js';
import type { Transport } from './transport.js';

const sessionInfo = z.object({ uid: z.union([z.number(), z.literal(false), z.null()]) });

/**
 * The web client's own JSON-RPC (all versions). For passwords only; the secret is checked once, not on each call,
 * which halves what a call costs. It is not among what is announced to end.
 */
export const session: Transport = {
  protocol: 'session',
  isStateless: false,
  wantsChosenDatabase: true,

  loginRequest({ database, credential: { login, secret } }, cookie) {
    return envelope('/web/session/authenticate', { db: database, login, password: secret }, cookieHeader(cookie));
  },

  readLogin(reply, site) {
    const info = sessionInfo.safeParse(readSignIn(reply, site));
    const uid = readUid(info.success ? info.data.uid : undefined, site);
    return { uid, cookie: readSessionCookie(reply) };
  },

  callRequest(_account, login, call) {
    const { positional: args, keywords: kwargs } = toRpcArguments(call);
    const path = `/web/dataset/call_kw/${encodeURIComponent(call.model)}/${encodeURIComponent(call.method)}`;
    return envelope(
      path,
      { model: call.model, method: call.method, args, kwargs },
      cookieHeader(login?.cookie ?? null),
    );
  },

  readAnswer: readEnvelope,

  refresh(login, reply) {
    const cookie = readSessionCookie(reply);
    if (cookie !== null) login.cookie = cookie;
  },
};

/** A database that is not there is refused as a right that is missing (16 and later). */
function readSignIn(reply: WireReply, site: CallSite): unknown {
  try {
    return readEnvelope(reply, site);
  } catch (error) {
    if (!isOdooErrorOf(error, 'odoo_access')) throw error;
    const happened = `found no database "${site.database}"`;
    const next = "Check the instance's database name, and that Odoo's database filter lets it through.";
    throw new OdooDatabaseError({ call: site.call, happened, next, outcome: 'not_done', detail: error.detail });
  }
}
