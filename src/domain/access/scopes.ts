/** What a caller may be allowed to do. None implies another, but `admin`, which is all of them. */
export const verbs = [
  'read',
  'plan',
  'apply',
  'sync',
  'override',
  'drift:accept',
  'run',
  'audit',
  'keys',
  'admin',
] as const;

export type Verb = (typeof verbs)[number];

/** A verb on every instance whose name the pattern fits; `*` stands for any text, the empty one included. */
export interface Scope {
  readonly instances: string;
  readonly verb: Verb;
}

/** What people are usually given, by what they do. */
export const roles = {
  viewer: ['read'],
  support: ['read', 'run'],
  deployer: ['read', 'plan', 'apply', 'sync', 'drift:accept', 'audit'],
  admin: ['admin'],
} as const satisfies Readonly<Record<string, readonly Verb[]>>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as readonly Role[];

/** Names of instances, with `*` wherever any text may stand. At most 64 characters. */
export const INSTANCE_PATTERN = /^[a-z0-9_*-]{1,64}$/;

const isVerb = (text: string): text is Verb => (verbs as readonly string[]).includes(text);

/** `acme-*:drift:accept`: a pattern, a colon, a verb. null: it is no scope. */
export function parseScope(text: string): Scope | null {
  const colon = text.indexOf(':');
  if (colon === -1) return null;
  const [instances, verb] = [text.slice(0, colon), text.slice(colon + 1)];
  return INSTANCE_PATTERN.test(instances) && isVerb(verb) ? { instances, verb } : null;
}

export const showScope = ({ instances, verb }: Scope): string => `${instances}:${verb}`;

/** The role's verbs on the instances of a pattern. */
export const scopesOfRole = (role: Role, instances: string): readonly Scope[] =>
  roles[role].map((verb) => ({ instances, verb }));

/** Scopes as they are stored. What cannot be read gives no right at all. */
export function readStoredScopes(json: string): readonly Scope[] {
  let stored: unknown;
  try {
    stored = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((text: unknown) => {
    const scope = typeof text === 'string' ? parseScope(text) : null;
    return scope === null ? [] : [scope];
  });
}

export const writeStoredScopes = (scopes: readonly Scope[]): string => JSON.stringify(scopes.map(showScope));
