import { ForgeError, forgeNames, type ForgeErrorCode, type ForgeKind } from '../domain/forge/index.js';
import { isSpent } from './retry-after.js';

export interface ForgeCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** Below the API's address, with its query. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** For messages, as in "Could not …": `comment on pull request 7 of acme/definitions`. */
  readonly what: string;
  /** What the token needs for it. */
  readonly scope: string;
}

interface Failure {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly retryAfterMs: number | null;
  /** So that an answer that repeats it does not reach a message. */
  readonly token: string;
}

/** `why` follows "The request". */
export const toUnreachable = (
  forge: ForgeKind,
  call: ForgeCall,
  why: string,
  status: number | null = null,
): ForgeError =>
  new ForgeError('forge_unreachable', `Could not ${call.what} on ${forgeNames[forge]}: the request ${why}`, {
    forge,
    status,
  });

/** What an answer that is no success means, and what to do about it. */
export function toForgeError(forge: ForgeKind, call: ForgeCall, failure: Failure): ForgeError {
  const detail = detailOf(failure);
  const code = codeOf(failure);
  const said = detail === null ? '' : ` (it says: ${detail})`;
  const message = `Could not ${call.what} on ${forgeNames[forge]}: ${meaningOf(code, call, failure)}${said}`;
  return new ForgeError(code, message, {
    forge,
    status: failure.status,
    retryAfterMs: failure.retryAfterMs,
    detail,
  });
}

function codeOf(failure: Failure): ForgeErrorCode {
  const { status } = failure;
  if (status === 429 || isSpent(failure)) return 'forge_rate_limited';
  if (status === 401 || status === 403) return 'forge_unauthorised';
  if (status === 404 || status === 410 || isRedirect(status)) return 'forge_not_found';
  return status >= 500 ? 'forge_unreachable' : 'forge_refused';
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

function meaningOf(code: ForgeErrorCode, { scope }: ForgeCall, { status, retryAfterMs }: Failure): string {
  switch (code) {
    case 'forge_rate_limited':
      return `it was asked too often${retryAfterMs === null ? '' : `; ask again in ${Math.ceil(retryAfterMs / 1000)} s`}`;
    case 'forge_unauthorised':
      return status === 401
        ? 'the token is not known or has expired: set another one'
        : `the token may not do this; it needs ${scope}`;
    case 'forge_not_found':
      return isRedirect(status)
        ? 'it answers with a redirect, which is not followed with a token: set the address and the name that are right now'
        : `it knows no such thing, or does not show it to this token, which needs ${scope}`;
    case 'forge_unreachable':
      return `it failed with status ${status}: try again later`;
    case 'forge_refused':
      return `it refused with status ${status}`;
  }
}

/** The forge's own words: the field that each of them puts them into, made fit for a log. Null: none. */
function detailOf({ body, token }: Failure): string | null {
  const text = messageOf(body.subarray(0, 64 * 1024).toString('utf8'));
  if (text === null) return null;
  const clean = (token === '' ? text : text.replaceAll(token, '***')).replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return clean === '' ? null : clean.slice(0, 300);
}

function messageOf(body: string): string | null {
  try {
    const parsed = JSON.parse(body) as unknown;
    if (typeof parsed !== 'object' || parsed === null) return null;
    const said = 'message' in parsed ? parsed.message : 'error' in parsed ? parsed.error : null;
    if (typeof said === 'string') return said;
    return said === null || said === undefined ? null : JSON.stringify(said);
  } catch {
    return null;
  }
}
