import type { Binding, DatabaseIdentity } from './state.js';

/**
 * Whether this is the database that the instance was bound to. A dump and restore keeps the UUID, the users and the
 * parameters, so every part counts (facts 1.3).
 */
export type IdentityVerdict =
  | { readonly kind: 'unbound' }
  | { readonly kind: 'same' }
  | { readonly kind: 'copy'; readonly reasons: readonly string[] };

/**
 * `url` is the instance's own: Odoo sets `web.base.url` to the address that an administrator signs in at, ours
 * included, so a base URL that has become ours is no sign of a copy.
 */
export function judgeIdentity(bound: Binding | null, seen: DatabaseIdentity, url: string): IdentityVerdict {
  const reasons: string[] = [];
  if (seen.neutralized) reasons.push('the database is neutralized');
  if (bound !== null) {
    if (bound.uuid !== seen.uuid) reasons.push(`its UUID is ${seen.uuid}, not ${bound.uuid}`);
    if (bound.database !== seen.database) reasons.push(`it is named "${seen.database}", not "${bound.database}"`);
    if (!sameOrigin(bound.baseUrl, seen.baseUrl) && !sameOrigin(seen.baseUrl, url))
      reasons.push(`its web.base.url is ${seen.baseUrl ?? 'empty'}, not ${bound.baseUrl ?? 'empty'}`);
  }
  if (reasons.length > 0) return { kind: 'copy', reasons };
  return bound === null ? { kind: 'unbound' } : { kind: 'same' };
}

function sameOrigin(one: string | null, other: string | null): boolean {
  return origin(one) === origin(other);
}

function origin(url: string | null): string | null {
  if (url === null) return null;
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}
