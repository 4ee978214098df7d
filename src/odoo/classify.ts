import type { OdooErrorCode } from '../domain/odoo-error.js';
import type { Fault } from './fault.js';

/** What the decision depends on besides the fault. */
export interface Asked {
  readonly model: string;
  readonly method: string;
  readonly database: string;
  readonly uid: number | null;
}

const E = 'odoo.exceptions.';
const PG = 'psycopg2.errors.';

/** By exception alone; the names are those of 14 to 19. */
const byName: Readonly<Record<string, OdooErrorCode>> = {
  [`${E}AccessDenied`]: 'odoo_credentials',
  'werkzeug.exceptions.Unauthorized': 'odoo_credentials',
  [`${E}AccessError`]: 'odoo_access',
  'werkzeug.exceptions.Forbidden': 'odoo_access',
  [`${E}MissingError`]: 'odoo_missing',
  [`${E}ValidationError`]: 'odoo_validation',
  'werkzeug.exceptions.UnprocessableEntity': 'odoo_validation',
  [`${E}UserError`]: 'odoo_user',
  [`${E}RedirectWarning`]: 'odoo_user',
  'odoo.addons.base.models.ir_actions.ServerActionWithWarningsError': 'odoo_user',
  // JSON-2's word for a model or method that does not exist; for the model, the RPC protocols say UserError.
  'werkzeug.exceptions.NotFound': 'odoo_user',
  [`${E}LockError`]: 'odoo_concurrency',
  [`${E}ConcurrencyError`]: 'odoo_concurrency',
  [`${PG}SerializationFailure`]: 'odoo_concurrency',
  [`${PG}LockNotAvailable`]: 'odoo_concurrency',
  [`${PG}DeadlockDetected`]: 'odoo_concurrency',
  'psycopg2.OperationalError': 'odoo_unreachable',
  'psycopg2.InterfaceError': 'odoo_unreachable',
  [`${PG}AdminShutdown`]: 'odoo_unreachable',
  [`${PG}TooManyConnections`]: 'odoo_unreachable',
  [`${PG}CannotConnectNow`]: 'odoo_unreachable',
  'werkzeug.exceptions.RequestEntityTooLarge': 'odoo_limit',
  'werkzeug.exceptions.TooManyRequests': 'odoo_limit',
};

/** XML-RPC keeps these classes apart by number; 2 is the whole UserError family. */
const byFaultCode: Readonly<Record<number, OdooErrorCode>> = {
  2: 'odoo_user',
  3: 'odoo_credentials',
  4: 'odoo_access',
};

const byStatus: Readonly<Record<number, OdooErrorCode>> = {
  401: 'odoo_credentials',
  403: 'odoo_access',
  409: 'odoo_concurrency',
  413: 'odoo_limit',
  422: 'odoo_user',
  429: 'odoo_limit',
};

/** Python's complaints about values, when it is values that were sent. */
const valueErrors: ReadonlySet<string> = new Set(
  ['ValueError', 'KeyError', 'NameError', 'TypeError'].map((n) => `builtins.${n}`),
);
const writingMethods: ReadonlySet<string> = new Set(['create', 'write', 'load', 'copy', 'web_save']);

/** XML-RPC's marshaller, after the transaction was committed (14 to 19). */
const UNMARSHALLABLE = /cannot marshal|int exceeds XML-RPC limits|dictionary key must be string/;
const CUT_OFF = /cursor already closed|InterfaceError\(/;

export function classify(fault: Fault, asked: Asked): OdooErrorCode {
  return byMessage(fault, asked) ?? byException(fault, asked);
}

export function isNoneUnmarshallable(fault: Fault): boolean {
  return (
    fault.faultCode === 1 && fault.name === 'builtins.TypeError' && fault.message.startsWith('cannot marshal None')
  );
}

function byException({ name, status, faultCode }: Fault, asked: Asked): OdooErrorCode {
  const known = name === null ? undefined : byName[name];
  if (known !== undefined) return known;
  // Odoo looked for its tables in a database that has none, or tried to make them.
  if (asked.method === 'authenticate' && name?.startsWith(PG)) return 'odoo_database';
  if (name !== null && valueErrors.has(name) && writingMethods.has(asked.method)) return 'odoo_validation';
  return byStatus[status ?? 0] ?? byFaultCode[faultCode ?? 0] ?? 'odoo_server';
}

/** The few cases that share their exception with others, and can only be told by a text that is not translated. */
function byMessage({ name, message, faultCode }: Fault, asked: Asked): OdooErrorCode | null {
  const isUserError = name === `${E}UserError` || faultCode === 2;
  if (isUserError && isBusy(message)) return 'odoo_busy';
  // A busy schedule breaks the savepoint that `load` made (14 to 18).
  if (name === `${PG}InvalidSavepointSpecification` && asked.model === 'ir.cron' && asked.method === 'load')
    return 'odoo_busy';
  if (isOwnUserMissing(name, message, faultCode, asked.uid)) return 'odoo_credentials';
  if (name === 'psycopg2.OperationalError' && message.includes('does not exist')) return 'odoo_database';
  // A database without Odoo's tables.
  if (name === 'builtins.KeyError' && message.includes("'res.users'")) return 'odoo_database';
  if (CUT_OFF.test(message)) return 'odoo_unreachable';
  if (faultCode === 1 && UNMARSHALLABLE.test(message)) return 'odoo_answer';
  return null;
}

/** Also used on the messages of `load`, where 19 puts this text. */
export function isBusy(message: string): boolean {
  return message.startsWith('Record cannot be modified right now') || message.trimEnd().endsWith('already executing');
}

/** A user id that is gone looks like a missing record: `(Record: res.users(999,), User: 999)`. */
function isOwnUserMissing(
  name: string | null,
  message: string,
  faultCode: number | undefined,
  uid: number | null,
): boolean {
  const mayBeMissing = name === `${E}MissingError` || faultCode === 2;
  return mayBeMissing && uid !== null && message.includes(`res.users(${uid},)`);
}
