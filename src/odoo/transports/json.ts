import { OdooAnswerError } from '../../domain/odoo-error.js';
import { doubtful, type CallSite } from '../call-site.js';
import type { WireReply } from '../http.js';
import { toReplyError } from '../reply-error.js';
import { refuseUnsendable } from '../sendable.js';

export const jsonHeaders = { 'Content-Type': 'application/json', Accept: 'application/json' } as const;

/** The body of a request. What JSON cannot say is refused: `JSON.stringify` would quietly send something else. */
export function toJson(value: unknown): string {
  refuseUnsendable(value);
  return JSON.stringify(value);
}

const isHtml = (text: string): boolean => /^\s*</.test(text.slice(0, 200));

/** The parsed body, whatever the status. */
export function parseJson(reply: WireReply, site: CallSite): unknown {
  const text = reply.body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    if (reply.status !== 200 || text.trim() === '' || isHtml(text)) throw toReplyError(reply, site);
    const isNaNInside = /[[:,]\s*-?(?:NaN|Infinity)\b/.test(text);
    throw new OdooAnswerError({
      call: site.call,
      happened: isNaNInside
        ? 'was carried out, and its answer holds a number (NaN or Infinity) that JSON cannot carry'
        : 'got an answer that is not whole JSON',
      next: 'Its value is lost.',
      outcome: doubtful(site),
    });
  }
}
