import fc from 'fast-check';
import type { MountedRoute } from '../../../src/http/openapi.js';

/** Who a request pretends to be, or is. */
export const identities = ['nobody', 'garbage', 'wrong', 'revoked', 'expired', 'elsewhere', 'viewer', 'admin'] as const;
export type Identity = (typeof identities)[number];

export interface HostileRequest {
  /** null: a path of no route. */
  readonly target: MountedRoute | null;
  readonly method: string;
  readonly path: string;
  readonly identity: Identity;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Lone surrogates do not travel as UTF-8. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const oddText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    'acme',
    'main',
    'id-000001',
    '..',
    '%00',
    '%',
    '%zz',
    '*',
    "' or 1=1 --",
    '\u0000',
    '💥',
    'x'.repeat(5_000),
    '-1',
    '1e9',
    '__proto__',
  ),
);
const encoded = oddText.map((text) => (/^%\w*$/.test(text) ? text : encodeURIComponent(wellFormed(text))));

const cursor = fc.oneof(
  oddText,
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  fc.constantFrom('WyJhdWRpdCIsMV0', 'WyJrZXlzIiwxLDFd', 'W10', 'bnVsbA', 'WyJrZXlzIiwxZTk5OSwxXQ'),
);
const queryName = fc.oneof(
  fc.constantFrom(
    'limit',
    'cursor',
    'instance',
    'since',
    'until',
    'outcome',
    'ref',
    'prune',
    '__proto__',
    'constructor',
  ),
  oddText,
);
const query = fc
  .array(fc.tuple(queryName, fc.oneof(oddText, cursor)), { maxLength: 4 })
  .map((pairs) =>
    pairs
      .map(([name, value]) => `${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(wellFormed(value))}`)
      .join('&'),
  );

/** Node refuses to send others at all; those go over raw sockets. */
const headerValue = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('abc019 ,;=*/"-_.:')), maxLength: 40 }).map((text) => text.trim()),
  fc.constantFrom('*', '"v1"', 'W/"v1"', 'wait=10', 'wait=999999999999', '-1', 'a'.repeat(4_000), 'gzip', 'utf-16'),
);
const headerName = fc.constantFrom(
  'accept',
  'content-type',
  'content-encoding',
  'if-match',
  'if-none-match',
  'prefer',
  'idempotency-key',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'forwarded',
  'last-event-id',
  'cookie',
  'origin',
  'range',
  'x-http-method-override',
  'x-hub-signature-256',
  'x-github-event',
  'x-github-delivery',
  'x-gitlab-token',
  'traceparent',
  'baggage',
);
const headers = fc.dictionary(headerName, headerValue, { maxKeys: 4, noNullPrototype: true });

const knownFields = fc.constantFrom(
  'name',
  'scopes',
  'role',
  'instances',
  'expiresInDays',
  'overlapSeconds',
  'ref',
  'prune',
  'digest',
  'reason',
  'revision',
  'object',
  'field',
  'until',
  'externalId',
  'override',
  '__proto__',
  'constructor',
  'toString',
);
const fieldValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  oddText,
  fc.constantFrom(
    'viewer',
    'admin',
    '*:admin',
    'acme:read',
    '2026-01-01T00:00:00Z',
    'a'.repeat(64),
    1e308,
    -0,
    2 ** 53,
  ),
  fc.array(fc.constantFrom('*:admin', 'acme:read', '', 'x'), { maxLength: 3 }),
);
const body = fc.option(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .array(fc.tuple(knownFields, fieldValue), { maxLength: 6 })
        .map(
          (fields) =>
            `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
        ),
    },
    { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }).map(wellFormed) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '{',
        '[',
        '"\\ud800"',
        `{"name":"\\u0000"}`,
        '['.repeat(50_000),
        '{"a":'.repeat(20_000),
        '1'.repeat(400),
        ' ',
      ),
    },
  ),
  { nil: null, freq: 3 },
);

/** A request to one of these routes, or to none: every part of it may be anything. */
export function hostileRequest(routes: readonly MountedRoute[]): fc.Arbitrary<HostileRequest> {
  const known = fc.constantFrom(...routes).chain((target) =>
    fc.record({
      target: fc.constant(target),
      path: fc
        .array(encoded, { minLength: 4, maxLength: 4 })
        .map((texts) => `${target.prefix}${target.route.path}`.replace(/\{\w+\}/g, () => texts.pop() ?? 'x')),
      method: fc.oneof(
        { weight: 6, arbitrary: fc.constant(target.route.method.toUpperCase()) },
        { weight: 1, arbitrary: anyMethod },
      ),
    }),
  );
  const unknown = fc.record({
    target: fc.constant(null),
    path: fc.array(encoded, { maxLength: 4 }).map((parts) => `/api/v1/no-such-thing/${parts.join('/')}`),
    method: anyMethod,
  });
  return fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: unknown }),
      fc.record({ identity: fc.constantFrom(...identities), headers, body, query, isJson: fc.boolean() }),
    )
    .map(([at, { query: asked, isJson, ...rest }]) => ({
      ...at,
      ...rest,
      path: asked === '' ? at.path : `${at.path}?${asked}`,
      [fc.toStringMethod]: () => JSON.stringify({ method: at.method, path: at.path, query: asked, ...rest }),
      headers: isJson && rest.body !== null ? { ...rest.headers, 'content-type': 'application/json' } : rest.headers,
    }));
}

const anyMethod = fc.constantFrom(
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PURGE',
);
