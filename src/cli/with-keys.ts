import type { KeyActor, KeyDeps } from '../app/service/keys.js';
import type { KeyEntry } from '../app/service/store.js';
import { localOperator } from '../domain/access/may-do.js';
import type { Deps } from './deps.js';
import { CliError } from './failure.js';
import { nameOfKey } from './key-words.js';

export interface KeyRoom {
  readonly deps: KeyDeps;
  /** Whoever may open the store may do all. */
  readonly by: KeyActor;
  readonly user: string;
}

/** Opens the store for as long as the work takes. */
export async function withKeys<T>(
  { io, openStore }: Pick<Deps, 'io' | 'openStore'>,
  work: (room: KeyRoom) => Promise<T>,
): Promise<T> {
  const { store, user, newId } = await openStore();
  try {
    return await work({ deps: { store, now: io.now, newId }, by: { ...localOperator(user), requestId: null }, user });
  } finally {
    await store.close();
  }
}

/** By its ID or its prefix; throws `CliError` (`key_unknown`). */
export async function findKey({ deps }: Pick<KeyRoom, 'deps'>, text: string): Promise<KeyEntry> {
  const name = nameOfKey(text);
  const found = (await deps.store.keys.byPrefix(name)) ?? (await deps.store.keys.get(name));
  if (found !== null) return found;
  throw new CliError('key_unknown', `There is no key ${name}: "odoo-steward keys list" shows them all.`);
}
