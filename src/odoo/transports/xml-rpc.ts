import { OdooAnswerError } from '../../domain/odoo-error.js';
import { doubtful, type CallSite } from '../call-site.js';
import { isNoneUnmarshallable } from '../classify.js';
import { xmlFault } from '../fault.js';
import type { WireReply, WireRequest } from '../http.js';
import { toReplyError } from '../reply-error.js';
import { toOdooError } from '../to-odoo-error.js';
import { decodeResponse, NotXmlRpc, type XmlRpcAnswer } from '../xml-rpc/decode.js';
import { encodeCall } from '../xml-rpc/encode.js';
import { toRpcArguments } from './arguments.js';
import { readUid } from './read-uid.js';
import type { Transport } from './transport.js';

/** `/xmlrpc/2` (all versions; announced to end with 22). Loses most exception classes: for where nothing else gets through. */
export const xmlRpc: Transport = {
  protocol: 'xmlrpc',
  isStateless: false,
  wantsChosenDatabase: false,

  loginRequest: ({ database, credential: { login, secret } }) =>
    xmlRequest('common', 'authenticate', [database, login, secret, {}]),

  readLogin: (reply, site) => ({ uid: readUid(readXml(reply, site), site), cookie: null }),

  callRequest({ database, credential }, login, call) {
    const { positional, keywords } = toRpcArguments(call);
    const params = [database, login?.uid ?? null, credential.secret, call.model, call.method, positional, keywords];
    return xmlRequest('object', 'execute_kw', params);
  },

  readAnswer: readXml,
};

export function xmlRequest(service: 'common' | 'object', method: string, params: readonly unknown[]): WireRequest {
  const headers = { 'Content-Type': 'text/xml; charset=utf-8', Accept: 'text/xml' };
  return { method: 'POST', path: `/xmlrpc/2/${service}`, headers, body: encodeCall(method, params) };
}

/** A method that returned None was carried out; the fault is only about saying so (14 to 19). */
export function readXml(reply: WireReply, site: CallSite): unknown {
  const answer = parseXml(reply, site);
  if (answer.kind === 'value') return answer.value;
  const fault = xmlFault(answer.faultCode, answer.faultString);
  if (isNoneUnmarshallable(fault)) return null;
  throw toOdooError(fault, site);
}

function parseXml(reply: WireReply, site: CallSite): XmlRpcAnswer {
  if (reply.status !== 200) throw toReplyError(reply, site);
  const text = reply.body.toString('utf8');
  try {
    return decodeResponse(text);
  } catch (error) {
    if (!(error instanceof NotXmlRpc)) throw error;
    if (!text.includes('<methodResponse')) throw toReplyError(reply, site);
    const next = 'Its value is lost. Use JSON-RPC or JSON-2.';
    const happened = 'got an answer that is not whole XML';
    throw new OdooAnswerError({ call: site.call, happened, next, outcome: doubtful(site) });
  }
}
