/** How a call reached Odoo. */
export type OdooProtocol = 'json2' | 'jsonrpc' | 'xmlrpc' | 'session';

/** What was asked, of which instance: enough to find the call again, nothing of its arguments. */
export interface OdooCall {
  readonly instance: string;
  readonly model: string;
  readonly method: string;
  /** Null while the protocol is still being found out. */
  readonly protocol: OdooProtocol | null;
}

/** `not_done`: nothing was changed (not sent, or rolled back). `unknown`: Odoo may have carried it out: look there. */
export type OdooOutcome = 'not_done' | 'unknown';

export interface OdooErrorFacts {
  readonly call: OdooCall;
  /** Follows `model.method`: `was refused for user sync@acme`. */
  readonly happened: string;
  /** Whole sentences. */
  readonly next: string;
  readonly outcome: OdooOutcome;
  /** Odoo's own words, as received. */
  readonly detail?: string | null | undefined;
  readonly exceptionName?: string | null | undefined;
  readonly traceback?: string | null | undefined;
  /** How long the other side asked to be left alone. */
  readonly retryAfterMs?: number | null | undefined;
}

/** Tracebacks quote the code of server actions, so they stay out of whatever prints or serialises an error. */
const tracebacks = new WeakMap<OdooError, string>();

/**
 * A call to Odoo that did not give its value. Told apart by class or `code`, the same on every protocol; the message
 * says which instance, model and method, what happened, and what to do next. It never holds a secret or an argument.
 */
export abstract class OdooError extends Error {
  abstract readonly code: OdooErrorCode;
  readonly call: OdooCall;
  readonly outcome: OdooOutcome;
  /** Python's name of the exception, where the protocol tells it: `odoo.exceptions.UserError`. */
  readonly exceptionName: string | null;
  /** Odoo's own words, without control characters and source code, cut at 500 characters. */
  readonly detail: string | null;
  readonly retryAfterMs: number | null;

  constructor(facts: OdooErrorFacts) {
    const detail = toDetail(facts.detail ?? '');
    super(sentence(facts, detail));
    this.call = facts.call;
    this.outcome = facts.outcome;
    this.exceptionName = facts.exceptionName ?? null;
    this.detail = detail === '' ? null : detail;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    if (facts.traceback) tracebacks.set(this, facts.traceback);
  }
}

/** No connection, a connection that broke, a proxy without an Odoo behind it, an Odoo without its database server. */
export class OdooUnreachableError extends OdooError {
  override readonly name = 'OdooUnreachableError';
  readonly code = 'odoo_unreachable' as const;
}

/** No complete answer in the time allowed. */
export class OdooTimeoutError extends OdooError {
  override readonly name = 'OdooTimeoutError';
  readonly code = 'odoo_timeout' as const;
}

/** The caller gave up first. */
export class OdooAbortedError extends OdooError {
  override readonly name = 'OdooAbortedError';
  readonly code = 'odoo_aborted' as const;
}

/** Odoo does not know this login, or this password or key is not its own (any more). */
export class OdooCredentialsError extends OdooError {
  override readonly name = 'OdooCredentialsError';
  readonly code = 'odoo_credentials' as const;
}

/** No such database here, or one without an Odoo in it. */
export class OdooDatabaseError extends OdooError {
  override readonly name = 'OdooDatabaseError';
  readonly code = 'odoo_database' as const;
}

/** The user is known, and has not the right. */
export class OdooAccessError extends OdooError {
  override readonly name = 'OdooAccessError';
  readonly code = 'odoo_access' as const;
}

/** The values are not acceptable. */
export class OdooValidationError extends OdooError {
  override readonly name = 'OdooValidationError';
  readonly code = 'odoo_validation' as const;
}

/** A business rule or an action said no, in words for its user. */
export class OdooUserError extends OdooError {
  override readonly name = 'OdooUserError';
  readonly code = 'odoo_user' as const;
}

/** The record is gone. */
export class OdooMissingError extends OdooError {
  override readonly name = 'OdooMissingError';
  readonly code = 'odoo_missing' as const;
}

/** A scheduled action that is running now, and may not be changed until it ends. */
export class OdooBusyError extends OdooError {
  override readonly name = 'OdooBusyError';
  readonly code = 'odoo_busy' as const;
}

/** Another transaction touched the same rows; Odoo tried again by itself before giving up. */
export class OdooConcurrencyError extends OdooError {
  override readonly name = 'OdooConcurrencyError';
  readonly code = 'odoo_concurrency' as const;
}

/** An exception in Odoo, or in the code of an action, that is none of the other kinds. */
export class OdooServerError extends OdooError {
  override readonly name = 'OdooServerError';
  readonly code = 'odoo_server' as const;
}

/** Carried out, but the answer cannot be read: the protocol cannot carry it. */
export class OdooAnswerError extends OdooError {
  override readonly name = 'OdooAnswerError';
  readonly code = 'odoo_answer' as const;
}

/** What answered is not Odoo's API: a login page, a proxy, another program, a redirect. */
export class NotOdooError extends OdooError {
  override readonly name = 'NotOdooError';
  readonly code = 'odoo_not_odoo' as const;
}

/** Too many requests, or too large a request or answer. */
export class OdooLimitError extends OdooError {
  override readonly name = 'OdooLimitError';
  readonly code = 'odoo_limit' as const;
}

/** A value that the protocol cannot carry; refused before anything was sent. */
export class OdooUnsendableError extends OdooError {
  override readonly name = 'OdooUnsendableError';
  readonly code = 'odoo_unsendable' as const;
}

/** An Odoo that is too old, of a version that cannot be read, or without the protocol that was asked for. */
export class OdooVersionError extends OdooError {
  override readonly name = 'OdooVersionError';
  readonly code = 'odoo_version' as const;
}

/** The family, by code. */
export const odooErrorKinds = {
  odoo_unreachable: OdooUnreachableError,
  odoo_timeout: OdooTimeoutError,
  odoo_aborted: OdooAbortedError,
  odoo_credentials: OdooCredentialsError,
  odoo_database: OdooDatabaseError,
  odoo_access: OdooAccessError,
  odoo_validation: OdooValidationError,
  odoo_user: OdooUserError,
  odoo_missing: OdooMissingError,
  odoo_busy: OdooBusyError,
  odoo_concurrency: OdooConcurrencyError,
  odoo_server: OdooServerError,
  odoo_answer: OdooAnswerError,
  odoo_not_odoo: NotOdooError,
  odoo_limit: OdooLimitError,
  odoo_unsendable: OdooUnsendableError,
  odoo_version: OdooVersionError,
} as const;

export type OdooErrorCode = keyof typeof odooErrorKinds;
export type OdooErrorOf<Code extends OdooErrorCode> = InstanceType<(typeof odooErrorKinds)[Code]>;
/** Any one of the family, so that a `switch` over `code` is exhaustive. */
export type AnyOdooError = OdooErrorOf<OdooErrorCode>;

export function isOdooError(error: unknown): error is AnyOdooError {
  return error instanceof OdooError;
}

/** `isOdooErrorOf(error, 'odoo_busy', 'odoo_concurrency')`. */
export function isOdooErrorOf<Code extends OdooErrorCode>(
  error: unknown,
  ...codes: Code[]
): error is OdooErrorOf<Code> {
  return isOdooError(error) && (codes as readonly OdooErrorCode[]).includes(error.code);
}

/** Python's traceback, for those who may see the code of server actions; null where the protocol gave none. */
export function odooTraceback(error: OdooError): string | null {
  return tracebacks.get(error) ?? null;
}

const MAX_DETAIL = 500;

/**
 * Odoo's message made fit to be shown and stored: `safe_eval` appends or quotes the whole code of an action in three
 * of its messages (14 to 19), which is cut, as are control characters and whatever is past 500 characters.
 */
export function toDetail(message: string): string {
  const cut = message.indexOf(' while evaluating\n');
  const text = (cut === -1 ? message : message.slice(0, cut))
    .replace(/forbidden opcode\(s\) in (['"]).*\1: /s, 'forbidden opcode(s): ')
    .replace(/(Access to forbidden name (['"]).*?\2) \(.*\)/s, '$1')
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex -- removing them is the purpose
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, '')
    .trim();
  return text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function sentence({ call, happened, next, outcome }: OdooErrorFacts, detail: string): string {
  const words = detail.replace(/\s+/g, ' ').replace(/[.:]$/, '');
  const doubt = outcome === 'unknown' ? ' Odoo may have carried it out: look there before trying again.' : '';
  return `${call.instance}: ${call.model}.${call.method} ${happened}${words === '' ? '' : `: ${words}`}.${doubt} ${next}`;
}
