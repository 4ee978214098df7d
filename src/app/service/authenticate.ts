import { createHash, timingSafeEqual } from 'node:crypto';
import { parseApiKey } from '../../domain/access/api-key.js';
import type { Caller } from '../../domain/access/may-do.js';
import { readStoredScopes } from '../../domain/access/scopes.js';
import type { RefusalLog } from './authenticate-refusals.js';
import type { KeyEntry, Store } from './store.js';

/** Why somebody was not let in; `missing`: they did not try. */
export type RefusalReason = 'missing' | 'malformed' | 'unknown' | 'wrong' | 'revoked' | 'expired';

/** Not let in. What the message says, only the holder of the right key gets to know: all others read the same. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated';
  readonly code = 'unauthenticated';
  constructor(readonly reason: RefusalReason) {
    super(words[reason] ?? 'Send a valid API key: Authorization: Bearer osk_….');
  }
}

const words: Partial<Record<RefusalReason, string>> = {
  revoked: 'This API key was revoked: use another one.',
  expired: 'This API key has expired: use the one that took its place, or ask for a new one.',
};

export interface Attempt {
  readonly requestId: string | null;
  /** Where it came from, for the audit log. */
  readonly address: string | null;
}

export interface AuthenticateDeps {
  readonly store: Pick<Store, 'keys'>;
  readonly refusals: Pick<RefusalLog, 'refused'>;
  readonly now: () => number;
  /** Hears that the time of last use could not be written: no reason to refuse. */
  readonly onProblem: (error: unknown) => void;
}

/** Who holds this key (`null`: none was sent). Throws `Unauthenticated`, or `StoreError` when nobody can tell. */
export type Authenticate = (presented: string | null, attempt: Attempt) => Promise<Caller>;

/** Time of last use is exact to a minute: reading must not mean writing. */
const LAST_USE_EXACT_TO_MS = 60_000;

/** What a key that nobody has is compared with, so that it takes as long as one that exists. */
const nobody = createHash('sha256').update('').digest('hex');

export const hashApiKey = (whole: string): string => createHash('sha256').update(whole).digest('hex');

export function createAuthenticate({ store, refusals, now, onProblem }: AuthenticateDeps): Authenticate {
  const noted = new Map<string, number>();

  async function noteUse(key: KeyEntry): Promise<void> {
    const at = now();
    const last = Math.max(key.lastUsedAt ?? 0, noted.get(key.id) ?? 0);
    if (at - last < LAST_USE_EXACT_TO_MS) return;
    noted.set(key.id, at);
    try {
      await store.keys.used(key.id, at);
    } catch (error) {
      noted.delete(key.id);
      onProblem(error);
    }
  }

  async function check(presented: string | null): Promise<KeyEntry | RefusalReason> {
    if (presented === null) return 'missing';
    const parsed = parseApiKey(presented);
    if (parsed === null) return 'malformed';
    const key = await store.keys.byPrefix(parsed.prefix);
    const isRight = timingSafeEqual(Buffer.from(hashApiKey(parsed.whole)), Buffer.from(key?.hash ?? nobody));
    if (key === null) return 'unknown';
    if (!isRight) return 'wrong';
    if (key.revokedAt !== null) return 'revoked';
    return key.expiresAt !== null && key.expiresAt <= now() ? 'expired' : key;
  }

  return async (presented, attempt) => {
    const result = await check(presented);
    if (typeof result === 'string') {
      const prefix = presented === null ? null : (parseApiKey(presented)?.prefix ?? null);
      await refusals.refused({ ...attempt, actor: 'anonymous', reason: result, target: prefix });
      throw new Unauthenticated(result);
    }
    await noteUse(result);
    return { actor: `key:${result.prefix} ${result.name}`, keyId: result.id, scopes: readStoredScopes(result.scopes) };
  };
}
