import type { OdooCall, OdooOutcome, OdooProtocol } from '../domain/odoo-error.js';
import type { Asked } from './classify.js';
import type { ConnectOptions } from './odoo-client.js';

/** A call, as the errors about it need it. */
export interface CallSite extends Asked {
  readonly call: OdooCall;
  readonly login: string;
  readonly url: string;
  readonly effect: 'read' | 'write';
  readonly timeoutMs: number;
  /** Takes this client's own secret out of whatever Odoo or a proxy said. */
  readonly redact: (text: string) => string;
}

/** When an answer is missing: a write may have been carried out; a read changes nothing, whatever became of it. */
export const doubtful = (site: CallSite): OdooOutcome => (site.effect === 'write' ? 'unknown' : 'not_done');

type Where = Pick<ConnectOptions, 'instance' | 'url' | 'database' | 'credential'>;
type What = Pick<CallSite, 'model' | 'method' | 'effect' | 'timeoutMs'> & {
  readonly protocol: OdooProtocol | null;
  readonly uid?: number | null | undefined;
};

export function toCallSite({ instance, url, database, credential }: Where, what: What): CallSite {
  const { login, secret } = credential;
  const { model, method, effect, timeoutMs, protocol, uid = null } = what;
  const redact = (text: string): string => (secret === '' ? text : text.replaceAll(secret, '***'));
  const call = { instance, model, method, protocol };
  return { call, model, method, effect, timeoutMs, database, login, url, uid, redact };
}
