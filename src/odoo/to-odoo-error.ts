import { odooErrorKinds, type AnyOdooError, type OdooErrorCode, type OdooOutcome } from '../domain/odoo-error.js';
import { doubtful, type CallSite } from './call-site.js';
import { classify } from './classify.js';
import type { Fault } from './fault.js';

interface Wording {
  readonly happened: string;
  readonly next: string;
  /** An exception means that Odoo rolled the transaction back, where nothing else is said. */
  readonly outcome?: OdooOutcome;
}

/** An exception of Odoo's, as one of our errors. */
export function toOdooError(fault: Fault, site: CallSite): AnyOdooError {
  const code = classify(fault, site);
  const { outcome = 'not_done', ...words } = wording(code, fault, site);
  return new odooErrorKinds[code]({
    call: site.call,
    outcome,
    ...words,
    exceptionName: fault.name,
    detail: site.redact(fault.message),
    traceback: fault.traceback,
  });
}

function wording(code: OdooErrorCode, fault: Fault, site: CallSite): Wording {
  switch (code) {
    case 'odoo_credentials':
      return {
        happened: `was refused: Odoo does not accept the credential of ${site.login}`,
        next: 'Check the login and its password or key: the user may be archived, the key revoked or expired.',
      };
    case 'odoo_database':
      return { happened: `found no Odoo in database "${site.database}"`, next: "Check the instance's database name." };
    case 'odoo_access':
      return {
        happened: `was refused for ${site.login}`,
        next: `Give this user ${neededRight(site)}, or use another credential.`,
      };
    case 'odoo_validation':
      return { happened: 'was given values that Odoo does not accept', next: 'Correct them; nothing was changed.' };
    case 'odoo_user':
      return { happened: 'was stopped by Odoo', next: 'Mend what it names; nothing was changed.' };
    case 'odoo_missing':
      return { happened: 'needs a record that is gone', next: 'Read again what is there; nothing was changed.' };
    case 'odoo_busy':
      return {
        happened: 'found the scheduled action running',
        next: 'Try again when it has ended. From Odoo 19 on it may also be gone: read it.',
      };
    case 'odoo_concurrency':
      return {
        happened: 'lost to another transaction, after Odoo had tried again by itself',
        next: 'Try again in a minute; nothing was changed.',
      };
    case 'odoo_unreachable':
      return {
        happened: 'was cut off inside Odoo, which is stopping or has lost its database server',
        next: 'See whether Odoo and PostgreSQL are running.',
        outcome: doubtful(site),
      };
    case 'odoo_answer':
      return {
        happened: 'gave a value that XML-RPC cannot carry',
        next: 'It was carried out. Use JSON-RPC or JSON-2 to see the value.',
        outcome: doubtful(site),
      };
    case 'odoo_limit':
      return { happened: "went over one of Odoo's limits", next: 'Send less at once.' };
    default:
      return { happened: `raised ${fault.name ?? 'an exception'} in Odoo`, next: "Odoo's log has the details." };
  }
}

/** In the words of Odoo's access rights. */
function neededRight({ model, method }: CallSite): string {
  const right = rightOfMethod[method];
  return right === undefined ? `the right to call ${method} on ${model}` : `the right to ${right} ${model}`;
}

const rightOfMethod: Readonly<Record<string, string>> = {
  search: 'read',
  search_read: 'read',
  search_count: 'read',
  read: 'read',
  fields_get: 'read',
  create: 'create',
  write: 'write',
  unlink: 'delete',
  load: 'create and write',
};
