import { StoreError, type StoreErrorCode } from '../../domain/store-error.js';
import type { PostgresPlace } from './postgres-url.js';

/** The beginnings of SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html); the longest one counts. */
const states: Readonly<Record<string, StoreErrorCode>> = {
  '08': 'store_unavailable', // connection lost
  '28': 'store_unavailable', // sign-in refused
  '3D000': 'store_unavailable', // no such database
  '25006': 'store_unavailable', // read-only: a standby
  '42501': 'store_unavailable', // the user has no right to
  '53': 'store_unavailable', // too many connections, out of memory
  '53100': 'store_full',
  '57P': 'store_unavailable', // shut down, starting up, ended by an administrator
  '57014': 'store_busy', // statement_timeout
  '55P03': 'store_busy', // lock_timeout
  '25P03': 'store_busy', // idle_in_transaction_session_timeout
  '40': 'store_busy', // deadlock
  XX001: 'store_corrupt',
  XX002: 'store_corrupt',
  '22': 'not_storable',
  '23': 'not_storable',
  '54': 'not_storable',
};

interface Refusal {
  readonly state: string | null;
  readonly reason: string;
}

/**
 * What the driver threw, as an error of ours. The driver's own error goes no further: it may carry values, and the
 * client with its password. A refusal that is a mistake of this program comes back as a plain `Error`.
 */
export function toStoreError(error: unknown, place: PostgresPlace): Error {
  if (error instanceof StoreError) return error;
  const { state, reason } = readRefusal(error, place);
  if (state === null)
    return new StoreError('store_unavailable', sentence('store_unavailable', '', reason, place.where));
  const code = [5, 3, 2].map((length) => states[state.slice(0, length)]).find((found) => found !== undefined);
  if (code === undefined) return new Error(`PostgreSQL refused a statement (${state}): ${reason}`);
  return new StoreError(code, sentence(code, state, reason, place.where));
}

function readRefusal(error: unknown, { scrub }: PostgresPlace): Refusal {
  if (typeof error !== 'object' || error === null) return { state: null, reason: 'unknown error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = scrub('message' in error ? String(error.message) : '');
  // Only what the server said has a severity; all else is of the way to it.
  if (!('severity' in error) || code === '') return { state: null, reason: message || code || 'no connection' };
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : null;
  return { state: code, reason: constraint ?? message };
}

function sentence(code: StoreErrorCode, state: string, reason: string, where: string): string {
  switch (code) {
    case 'store_busy':
      return `PostgreSQL at ${where} was kept busy by others for too long (${state}): try again. Nothing was written.`;
    case 'store_full':
      return `PostgreSQL at ${where} has no space left: free some, it goes on by itself. Nothing was written.`;
    case 'store_corrupt':
      return `PostgreSQL at ${where} reports damaged data (${state}): restore a backup.`;
    case 'not_storable':
      // A message about a value repeats the value, the name of a constraint does not.
      return `PostgreSQL refused a row (${state}${state.startsWith('23') ? `, ${reason}` : ''}).`;
    case 'store_unavailable':
    case 'store_newer':
    case 'bad_cursor':
      return `PostgreSQL at ${where} ${unavailable(state, reason)}`;
  }
}

function unavailable(state: string, reason: string): string {
  if (state.startsWith('28') || state === '3D000')
    return `refuses the sign-in (${reason}): check the user, the password and the database in DATABASE_URL.`;
  if (state === '25006') return 'is read-only: DATABASE_URL must name the primary server.';
  if (state === '42501') return `does not let this user do it (${reason}): make the user the owner of its database.`;
  return `does not answer (${reason}): check that it runs and that DATABASE_URL is right. Whether a change under way was written is not known; the next call connects anew.`;
}
