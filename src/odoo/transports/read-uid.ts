import { NotOdooError, OdooCredentialsError } from '../../domain/odoo-error.js';
import type { CallSite } from '../call-site.js';

/** What signing in answers: the user's id, or `false` for a wrong password, an unknown login and an archived user alike. */
export function readUid(answer: unknown, site: CallSite): number {
  if (typeof answer === 'number' && Number.isInteger(answer)) return answer;
  if (answer === false || answer === null) {
    throw new OdooCredentialsError({
      call: site.call,
      happened: `was refused: Odoo does not accept the credential of ${site.login}`,
      next: 'Check the login and its password or key: the user may be archived, the key revoked or expired. With two-factor sign-in only a key will do.',
      outcome: 'not_done',
    });
  }
  const next = `Check that ${site.url} is the address of Odoo itself.`;
  throw new NotOdooError({ call: site.call, happened: 'got an answer without a user id', next, outcome: 'not_done' });
}
