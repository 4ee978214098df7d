import { z } from 'zod';
import {
  createKey,
  DEFAULT_OVERLAP_MS,
  listKeys,
  revokeKey,
  rotateKey,
  type KeyDeps,
  type ListedKey,
} from '../../app/service/keys.js';
import {
  INSTANCE_PATTERN,
  parseScope,
  roleNames,
  scopesOfRole,
  showScope,
  type Role,
} from '../../domain/access/scopes.js';
import type { Caller } from '../../domain/access/may-do.js';
import {
  instant,
  pageHeaders,
  pageOf,
  pageQuery,
  pageReply,
  showInstant,
  showInstantOrNull,
  toPage,
} from '../replies/pages.js';
import { route, type Route } from '../route.js';

const scopeText = z
  .string()
  .max(100)
  .transform((text, context) => {
    const scope = parseScope(text);
    if (scope !== null) return scope;
    context.addIssue({ code: 'custom', message: 'write an instance pattern, a colon and a verb: `acme-*:read`' });
    return z.NEVER;
  })
  .meta({ type: 'string', examples: ['*:read', 'acme-*:drift:accept'] });

const MAX_OVERLAP_SECONDS = 30 * 24 * 3_600;

const keyRequest = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .refine((name) => !/[\p{Cc}\p{Cs}]/u.test(name), { error: 'write one line of text' })
      .meta({ description: 'Who or what uses it' }),
    scopes: z.array(scopeText).min(1).max(100).optional(),
    role: z
      .enum(roleNames as [Role, ...Role[]])
      .optional()
      .meta({ description: 'Instead of scopes: a usual set of verbs' }),
    instances: z
      .string()
      .regex(INSTANCE_PATTERN, { error: 'write a name, with * for any text' })
      .optional()
      .meta({ description: 'With a role: the instances it holds on; `*` when absent' }),
    expiresInDays: z.int().min(1).max(3_650).optional().meta({ description: 'Absent: it does not expire' }),
  })
  .refine(({ scopes, role }) => (scopes === undefined) !== (role === undefined), { error: 'name scopes, or a role' })
  .refine(({ role, instances }) => instances === undefined || role !== undefined, {
    error: 'goes with a role',
    path: ['instances'],
  })
  .meta({ id: 'KeyRequest' });

const key = z
  .object({
    id: z.string(),
    prefix: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: instant,
    createdBy: z.string(),
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable().meta({ description: 'To the minute' }),
    revokedAt: instant.nullable(),
    replaces: z.string().nullable().meta({ description: 'The key that this one takes the place of' }),
  })
  .meta({ id: 'Key' });

const newKey = key
  .extend({ secret: z.string().meta({ description: 'The key itself: shown this once' }) })
  .meta({ id: 'NewKey' });
const rotatedKey = newKey.extend({ oldExpiresAt: instant }).meta({ id: 'RotatedKey' });

const toKey = (one: ListedKey): z.input<typeof key> => ({
  id: one.id,
  prefix: one.prefix,
  name: one.name,
  scopes: one.scopes.map(showScope),
  createdAt: showInstant(one.createdAt),
  createdBy: one.createdBy,
  expiresAt: showInstantOrNull(one.expiresAt),
  lastUsedAt: showInstantOrNull(one.lastUsedAt),
  revokedAt: showInstantOrNull(one.revokedAt),
  replaces: one.replaces,
});

const by = ({ caller, requestId }: { readonly caller: Caller; readonly requestId: string }) => ({
  actor: caller.actor,
  scopes: caller.scopes,
  requestId,
});

const common = { tag: 'Keys', scope: 'keys', reach: 'some_instance' } as const;

/** API keys, and who one is. Nobody sees, makes or ends a key that may do more than they may. */
export const keyRoutes = (deps: KeyDeps): readonly Route[] => [
  route({
    ...common,
    method: 'get',
    path: '/keys',
    operationId: 'listKeys',
    summary: 'API keys, newest first',
    request: { query: z.object(pageQuery) },
    responses: { 200: { description: 'A page of keys', schema: pageOf(key), headers: pageHeaders } },
    problems: ['bad_cursor'],
    handler: async ({ query, caller, url }) => pageReply(url, await listKeys(deps, toPage(query), caller), toKey),
  }),
  route({
    ...common,
    method: 'post',
    path: '/keys',
    operationId: 'createKey',
    summary: 'Make an API key',
    description: 'The answer holds the key itself, this once.',
    request: { body: keyRequest },
    responses: { 201: { description: 'Made', schema: newKey } },
    problems: ['scope_exceeds_own'],
    async handler({ body, caller, requestId }) {
      const { name, role, instances = '*', expiresInDays } = body;
      const scopes = role === undefined ? (body.scopes ?? []) : scopesOfRole(role, instances);
      const expiresAt = expiresInDays === undefined ? null : deps.now() + expiresInDays * 86_400_000;
      const made = await createKey(deps, { name, scopes, expiresAt }, by({ caller, requestId }));
      return { status: 201, body: { ...toKey(made.key), secret: made.secret } };
    },
  }),
  route({
    ...common,
    method: 'post',
    path: '/keys/{id}/rotations',
    operationId: 'rotateKey',
    summary: 'A new key in the place of this one',
    description: 'The old one works on for a while, so that whoever uses it can change over.',
    request: {
      body: z
        .strictObject({
          overlapSeconds: z
            .int()
            .min(0)
            .max(MAX_OVERLAP_SECONDS)
            .optional()
            .meta({ description: `${DEFAULT_OVERLAP_MS / 1000} when absent` }),
        })
        .optional()
        .meta({ id: 'KeyRotation' }),
    },
    responses: { 201: { description: 'Made', schema: rotatedKey } },
    problems: ['not_found', 'key_ended'],
    async handler({ params, body, caller, requestId }) {
      const overlapMs = body?.overlapSeconds === undefined ? DEFAULT_OVERLAP_MS : body.overlapSeconds * 1_000;
      const made = await rotateKey(deps, params.id, overlapMs, by({ caller, requestId }));
      return {
        status: 201,
        body: { ...toKey(made.key), secret: made.secret, oldExpiresAt: showInstant(made.oldExpiresAt) },
      };
    },
  }),
  route({
    ...common,
    method: 'delete',
    path: '/keys/{id}',
    operationId: 'revokeKey',
    summary: 'Revoke a key',
    description: 'At once and for good. A key that was revoked before stays so.',
    responses: { 204: { description: 'It opens nothing any more' } },
    problems: ['not_found'],
    async handler({ params, caller, requestId }) {
      await revokeKey(deps, params.id, by({ caller, requestId }));
      return { status: 204 };
    },
  }),
  route({
    method: 'get',
    path: '/me',
    operationId: 'getMe',
    tag: 'Keys',
    summary: 'Whose key this is, and what it may do',
    scope: 'authenticated',
    responses: {
      200: {
        description: 'The caller',
        schema: z
          .object({ actor: z.string(), keyId: z.string().nullable(), scopes: z.array(z.string()) })
          .meta({ id: 'Me' }),
      },
    },
    handler: ({ caller }) => ({
      status: 200,
      body: { actor: caller.actor, keyId: caller.keyId, scopes: caller.scopes.map(showScope) },
    }),
  }),
];
