import { randomBytes } from 'node:crypto';
import { composeApiKey, PREFIX_LENGTH } from '../../domain/access/api-key.js';
import { covers, type Caller } from '../../domain/access/may-do.js';
import { readStoredScopes, showScope, writeStoredScopes, type Scope } from '../../domain/access/scopes.js';
import { hashApiKey } from './authenticate.js';
import { auditEvent, NotFound, type Actor } from './deps.js';
import type { KeyEntry, Page, Paged, Records, Store } from './store.js';

export interface KeyDeps {
  readonly store: Pick<Store, 'keys' | 'transact'>;
  readonly now: () => number;
  readonly newId: () => string;
}

/** A key as it may be shown: all of it, but its hash. */
export interface ListedKey extends Omit<KeyEntry, 'hash' | 'scopes'> {
  readonly scopes: readonly Scope[];
}

/** A key with its secret, which is shown this once and kept nowhere. */
export interface NewKey {
  readonly key: ListedKey;
  readonly secret: string;
}

export type KeyRefusalCode = 'scope_exceeds_own' | 'key_ended' | 'keys_exist';

/** A key that was not made, renewed or revoked; nothing was changed. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
  constructor(
    readonly code: KeyRefusalCode,
    message: string,
  ) {
    super(message);
  }
}

export interface KeyRequest {
  /** For people: who or what uses it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
}

/** On whose behalf, with what rights, and in answer to which request. */
export type KeyActor = Pick<Caller, 'actor' | 'scopes'> & Pick<Actor, 'requestId'>;

/** How long two keys of a rotation work side by side, when nothing else is said. */
export const DEFAULT_OVERLAP_MS = 24 * 3_600_000;

/** Throws `KeyRefused` when it would give more rights than its maker has. */
export async function createKey(deps: KeyDeps, request: KeyRequest, by: KeyActor): Promise<NewKey> {
  const lacking = request.scopes.filter((scope) => !covers(by.scopes, [scope])).map(showScope);
  if (lacking.length > 0) {
    const event = { action: 'key.refuse', instance: null, target: null, outcome: 'refused' } as const;
    const body = { code: 'scope_exceeds_own', name: request.name, lacking };
    await deps.store.transact(({ audit }) => audit.append([auditEvent(deps, by, { ...event, body })]));
    const message = `Nobody gives more than they have: you lack ${lacking.join(', ')}.`;
    throw new KeyRefused('scope_exceeds_own', message);
  }
  return deps.store.transact((records) => addKey(deps, records, { ...request, replaces: null }, by, 'key.create'));
}

/** The key that makes all others: with all rights, and only while there is none. Throws `KeyRefused` otherwise. */
export async function createFirstKey(deps: KeyDeps, name: string, by: Actor): Promise<NewKey> {
  const holder = deps.newId();
  return deps.store.transact(async (records) => {
    // The lease makes two first keys at once wait for each other, on every engine.
    const lease = await records.leases.take('first-key', holder, 10_000);
    if (lease === null || (await records.keys.count()) > 0) {
      throw new KeyRefused('keys_exist', 'There are keys already: make another one with one of them.');
    }
    const request: KeyRequest = { name, scopes: [{ instances: '*', verb: 'admin' }], expiresAt: null };
    const made = await addKey(deps, records, { ...request, replaces: null }, by, 'key.create_first');
    await records.leases.release(lease);
    return made;
  });
}

/**
 * A new key with the rights, and as long a life as the old one was given; the old one works for `overlapMs` more, at
 * most as long as it would have. Throws `NotFound`, and `KeyRefused` when it has ended or has more rights than the caller.
 */
export async function rotateKey(
  deps: KeyDeps,
  id: string,
  overlapMs: number,
  by: KeyActor,
): Promise<NewKey & { readonly oldExpiresAt: number }> {
  return deps.store.transact(async (records) => {
    const old = await findManaged(records, id, by);
    const now = deps.now();
    if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now)) {
      throw new KeyRefused('key_ended', `Key ${old.prefix} has ended: make a new one instead.`);
    }
    const request = {
      name: old.name,
      scopes: readStoredScopes(old.scopes),
      expiresAt: old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt),
      replaces: old.id,
    };
    const oldExpiresAt = Math.min(old.expiresAt ?? Infinity, now + overlapMs);
    await records.keys.expire(old.id, oldExpiresAt);
    const made = await addKey(deps, records, request, by, 'key.rotate', { replaces: old.prefix, oldExpiresAt });
    return { ...made, oldExpiresAt };
  });
}

/** From now on it opens nothing. Again changes nothing. Throws `NotFound` and `KeyRefused` as `rotateKey` does. */
export async function revokeKey(deps: KeyDeps, id: string, by: KeyActor): Promise<void> {
  await deps.store.transact(async (records) => {
    const key = await findManaged(records, id, by);
    if (!(await records.keys.revoke(id, deps.now()))) return;
    const event = { action: 'key.revoke', instance: null, target: key.prefix, outcome: 'succeeded' } as const;
    await records.audit.append([auditEvent(deps, by, { ...event, body: { name: key.name } })]);
  });
}

/** Newest first, ended ones included. A page holds only what the caller could manage, and so may be short. */
export async function listKeys(
  deps: Pick<KeyDeps, 'store'>,
  page: Page,
  by: Pick<Caller, 'scopes'>,
): Promise<Paged<ListedKey>> {
  const { items, nextCursor } = await deps.store.keys.list(page);
  return { items: items.map(toListed).filter(({ scopes }) => covers(by.scopes, scopes)), nextCursor };
}

async function findManaged(records: Records, id: string, by: KeyActor): Promise<KeyEntry> {
  const key = await records.keys.get(id);
  // Whoever could not have made it does not learn that there is one.
  if (key === null || !covers(by.scopes, readStoredScopes(key.scopes))) {
    throw new NotFound(`There is no key ${id} that you may manage.`);
  }
  return key;
}

async function addKey(
  deps: KeyDeps,
  records: Records,
  request: KeyRequest & Pick<KeyEntry, 'replaces'>,
  by: Actor,
  action: string,
  facts: object = {},
): Promise<NewKey> {
  const { prefix, whole } = composeApiKey(randomBytes(32), randomBytes(PREFIX_LENGTH));
  const entry: KeyEntry = {
    id: deps.newId(),
    prefix,
    hash: hashApiKey(whole),
    name: request.name,
    scopes: writeStoredScopes(request.scopes),
    createdAt: deps.now(),
    createdBy: by.actor,
    expiresAt: request.expiresAt,
    lastUsedAt: null,
    revokedAt: null,
    replaces: request.replaces,
  };
  await records.keys.add(entry);
  const body = { name: entry.name, scopes: request.scopes.map(showScope), expiresAt: entry.expiresAt, ...facts };
  const event = { action, instance: null, target: prefix, outcome: 'succeeded' } as const;
  await records.audit.append([auditEvent(deps, by, { ...event, body })]);
  return { key: toListed(entry), secret: whole };
}

function toListed({ hash: _hash, scopes, ...shown }: KeyEntry): ListedKey {
  return { ...shown, scopes: readStoredScopes(scopes) };
}
