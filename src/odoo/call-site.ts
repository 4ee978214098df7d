import type { OdooCall, OdooOutcome } from '../domain/odoo-error.js';
import type { Asked } from './classify.js';

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
