import { toRpcArguments } from './arguments.js';
import { cookieHeader } from './cookie.js';
import { envelope, readEnvelope } from './envelope.js';
import { readUid } from './read-uid.js';
import type { Transport } from './transport.js';

const PATH = '/jsonrpc';

/** `/jsonrpc` (all versions; announced to end with 22). There is no session: the secret goes along with each call. */
export const jsonRpc: Transport = {
  protocol: 'jsonrpc',
  isStateless: false,
  wantsChosenDatabase: true,

  loginRequest({ database, credential: { login, secret } }, cookie) {
    const params = { service: 'common', method: 'authenticate', args: [database, login, secret, {}] };
    return envelope(PATH, params, cookieHeader(cookie));
  },

  readLogin: (reply, site) => ({ uid: readUid(readEnvelope(reply, site), site), cookie: null }),

  callRequest({ database, credential }, login, call) {
    const { positional, keywords } = toRpcArguments(call);
    const args = [database, login?.uid, credential.secret, call.model, call.method, positional, keywords];
    return envelope(PATH, { service: 'object', method: 'execute_kw', args }, cookieHeader(login?.cookie ?? null));
  },

  readAnswer: readEnvelope,
};
