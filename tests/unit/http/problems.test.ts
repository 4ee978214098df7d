import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ApplyRefused } from '../../../src/app/apply-refused.js';
import { DefinitionsInvalid } from '../../../src/app/definitions-invalid.js';
import { Unauthenticated } from '../../../src/app/service/authenticate.js';
import { Conflict, NotFound } from '../../../src/app/service/deps.js';
import { KeyRefused } from '../../../src/app/service/keys.js';
import { odooErrorKinds, type OdooErrorCode } from '../../../src/domain/odoo-error.js';
import { SourceError } from '../../../src/domain/source-error.js';
import { StoreError, type StoreErrorCode } from '../../../src/domain/store-error.js';
import { problemKinds } from '../../../src/http/problems/catalogue.js';
import { HttpProblem, problemDetails } from '../../../src/http/problems/http-problem.js';
import { isDefect, toProblem } from '../../../src/http/problems/to-problem.js';
import { toPointer } from '../../../src/http/parse-request.js';
import { renderEvent } from '../../../src/http/replies/event-stream.js';
import { mustMatch, versionTag } from '../../../src/http/replies/preconditions.js';
import { idempotencyKeyHeader, parsePrefer } from '../../../src/http/replies/preferences.js';

const odoo = (code: OdooErrorCode, retryAfterMs: number | null = null): Error =>
  new odooErrorKinds[code]({
    call: { instance: 'acme', model: 'ir.cron', method: 'write', protocol: 'json2' },
    happened: 'did not work',
    next: 'Look there.',
    outcome: 'unknown',
    retryAfterMs,
  });

const statuses: readonly (readonly [Error, number])[] = [
  [new DefinitionsInvalid('main', []), 422],
  [new ApplyRefused('plan_stale', 'moved'), 409],
  [new ApplyRefused('guard', 'too much'), 422],
  [new ApplyRefused('plan_has_errors', 'mend it'), 422],
  [new ApplyRefused('apply_running', 'wait'), 409],
  [new NotFound('none'), 404],
  [new Conflict('idempotency_key_reused', 'other'), 422],
  [new Conflict('changed_meanwhile', 'changed'), 412],
  [new KeyRefused('scope_exceeds_own', 'more'), 403],
  [new KeyRefused('keys_exist', 'there are'), 409],
  [new Unauthenticated('wrong'), 401],
  [new SourceError('source_unreachable', 'git'), 502],
  [new SourceError('revision_unknown', 'git'), 422],
  [new SourceError('git_missing', 'git'), 503],
  [new StoreError('bad_cursor', 'cursor'), 400],
  [new StoreError('not_storable', 'NUL'), 422],
  ...(['store_unavailable', 'store_busy', 'store_full', 'store_corrupt', 'store_newer'] as StoreErrorCode[]).map(
    (code) => [new StoreError(code, 'at /var/lib/secret-place'), 503] as const,
  ),
  [odoo('odoo_unreachable'), 502],
  [odoo('odoo_timeout'), 504],
  [odoo('odoo_aborted'), 503],
  [odoo('odoo_credentials'), 502],
  [odoo('odoo_database'), 502],
  [odoo('odoo_access'), 502],
  [odoo('odoo_validation'), 422],
  [odoo('odoo_user'), 422],
  [odoo('odoo_missing'), 409],
  [odoo('odoo_busy'), 409],
  [odoo('odoo_concurrency'), 409],
  [odoo('odoo_server'), 502],
  [odoo('odoo_answer'), 502],
  [odoo('odoo_not_odoo'), 502],
  [odoo('odoo_limit'), 503],
  [odoo('odoo_unsendable'), 422],
  [odoo('odoo_version'), 502],
];

describe('toProblem', () => {
  it.each(statuses.map(([error, status]) => [(error as Error & { code: string }).code, status, error] as const))(
    'answers %s with %i, in the form of RFC 9457',
    (code, status, error) => {
      const reply = toProblem(error, 'req-00001');
      expect(reply.status).toBe(status);
      expect(problemDetails.parse(reply.body)).toMatchObject({
        type: `/problems/${code}`,
        status,
        code,
        instance: 'urn:odoo-steward:request:req-00001',
      });
      expect(isDefect(error)).toBe(false);
    },
  );

  it('has a status for each code of Odoo, and 500 for defects alone', () => {
    expect(
      Object.keys(odooErrorKinds).filter((code) => !statuses.some(([e]) => 'code' in e && e.code === code)),
    ).toEqual([]);
    expect(Object.entries(problemKinds).filter(([, { status }]) => status === 500)).toHaveLength(1);
  });

  it('shows every mistake in definitions with its file, line and column', () => {
    const at = { file: 'actions/a.yaml', line: 14, column: 5 };
    const problem = { severity: 'error', code: 'yaml_syntax', message: 'a mistake', at } as const;
    const { body } = toProblem(new DefinitionsInvalid('main', [problem, { ...problem, at: null }]), 'r');
    expect(body.problems).toEqual([
      { code: 'yaml_syntax', message: 'a mistake', at: null },
      { code: 'yaml_syntax', message: 'a mistake', at },
    ]);
  });

  it('says how a call to Odoo ended, and when to come again', () => {
    const reply = toProblem(odoo('odoo_limit', 1_500), 'r');
    expect(reply.body.outcome).toBe('unknown');
    expect(reply.headers).toEqual({ 'Retry-After': '2' });
    expect(toProblem(new StoreError('store_busy', 'x'), 'r').headers).toEqual({ 'Retry-After': '5' });
  });

  it.each([
    new Error('password=hunter2 at /srv/app.js'),
    new TypeError('hunter2'),
    Object.assign(new Error('hunter2'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('hunter2'), { code: 'internal' }),
    Object.assign(new Error('hunter2'), { status: 503 }),
    'hunter2',
    null,
    undefined,
    { code: 'guard', message: 'hunter2' },
  ])('tells nothing of what it does not know (%#)', (error) => {
    const reply = toProblem(error, 'req-00001');
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply)).not.toMatch(/hunter2|srv/);
    expect(reply.body.requestId).toBe('req-00001');
    expect(isDefect(error)).toBe(true);
  });

  it('says nothing of where the store is', () => {
    expect(JSON.stringify(toProblem(new StoreError('store_unavailable', 'at /var/lib/secret-place'), 'r'))).not.toMatch(
      /var/,
    );
  });

  it('cuts out what looks like a secret, should an error of ours ever hold one', () => {
    const key = `osk_abcdefgh_${'x'.repeat(43)}`;
    const text = `https://user:pa55@git.example/x and ${key} and Bearer abcdefghijkl`;
    const { body } = toProblem(
      new HttpProblem('guard', text, { problems: [{ code: 'x', message: text, at: null }] }),
      'r',
    );
    expect(JSON.stringify(body)).not.toMatch(/pa55|xxx|abcdefghijkl/);
  });
});

describe('JSON pointers', () => {
  it.each([
    [[], ''],
    [['scopes', 0], '/scopes/0'],
    [['a/b', 'c~d'], '/a~1b/c~0d'],
  ])('of %j is "%s"', (path, pointer) => {
    expect(toPointer(path)).toBe(pointer);
  });
});

describe('Prefer', () => {
  it.each([
    [null, null, false],
    ['wait=10', 10_000, false],
    ['respond-async, wait=5', 5_000, true],
    ['wait=99999', 60_000, false],
    ['wait=-1', null, false],
    ['wait=ten; foo', null, false],
  ])('%s', (header, waitMs, respondAsync) => {
    expect(parsePrefer(header)).toEqual({ waitMs, respondAsync });
  });
});

describe('Idempotency-Key', () => {
  const parse = (key: string): unknown => z.object(idempotencyKeyHeader).safeParse({ 'idempotency-key': key }).data;

  it('is the same with and without the quotes of the draft', () => {
    expect(parse('"8e03978e"')).toEqual({ 'idempotency-key': '8e03978e' });
    expect(parse('8e03978e')).toEqual({ 'idempotency-key': '8e03978e' });
  });

  it.each(['', '""', 'é', 'a'.repeat(256)])('is refused when it is "%s"', (key) => {
    expect(parse(key)).toBeUndefined();
  });
});

describe('If-Match', () => {
  const tag = versionTag(3);

  it.each([tag, '*', `"x", ${tag}`])('%s lets the change go on', (header) => {
    expect(() => mustMatch(header, tag)).not.toThrow();
  });

  it.each([
    [null, 'precondition_required'],
    ['"v2"', 'precondition_failed'],
    [`W/${tag}`, 'precondition_failed'],
    ['v3', 'precondition_failed'],
  ])('%s stops it with %s', (header, code) => {
    let thrown: unknown;
    try {
      mustMatch(header, tag);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code });
  });
});

describe('a server-sent event', () => {
  it('keeps its frame, whatever is in it', () => {
    expect(renderEvent({ id: 'a\nb', type: 'x\r\ny', data: 'one\n\ntwo' })).toBe(
      'id: a b\nevent: x  y\ndata: "one\\n\\ntwo"\n\n',
    );
  });
});
