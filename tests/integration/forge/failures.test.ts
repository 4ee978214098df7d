import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ForgeError, type ForgeErrorCode, type ForgeKind } from '../../../src/domain/forge/index.js';
import { createForgePoster, type ForgePosterOptions } from '../../../src/forge/index.js';
import { startDouble, type Answer, type ForgeDouble } from './double.js';

const token = 'glpat-SECRET-0123456789';
const revision = 'bffeb74224043ba2feb48d137756c8a9331c449a';
const forges: readonly ForgeKind[] = ['github', 'gitlab', 'gitea', 'forgejo'];
const now = Date.UTC(2026, 10, 22, 12);
let double: ForgeDouble;
let slept: number[];

const routeOf = (forge: ForgeKind): string =>
  forge === 'gitlab' ? `POST /projects/acme%2Fd/statuses/${revision}` : `POST /repos/acme/d/statuses/${revision}`;

async function failure(forge: ForgeKind, answers: readonly Answer[], options: Partial<ForgePosterOptions> = {}) {
  double.answer(routeOf(forge), ...answers);
  const poster = createForgePoster(forge, {
    baseUrl: double.url,
    repository: 'acme/d',
    token: { reveal: () => token },
    limits: { timeoutMs: 300, maxResponseBytes: 100_000 },
    sleep: (ms) => Promise.resolve(void slept.push(ms)),
    now: () => now,
    ...options,
  });
  try {
    await poster.setStatus(revision, 'success', 'odoo-steward', 'Nothing to do', null);
    return null;
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return error;
  } finally {
    poster.close();
  }
}

/** Everything that a log, a problem document or a person could see of an error. */
const seen = (error: unknown): string =>
  inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + String((error as Error).stack);

const message = `no, and your token ${token} is \u001b[31mbad`;
const kinds: readonly (readonly [name: string, answer: Answer, code: ForgeErrorCode, says: string])[] = [
  ['401', { status: 401, body: { message } }, 'forge_unauthorised', 'the token is not known or has expired'],
  ['403', { status: 403, body: { message } }, 'forge_unauthorised', 'it needs'],
  ['404', { status: 404, body: { message } }, 'forge_not_found', 'does not show it to this token'],
  ['301', { status: 301, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, 'forge_not_found', 'redirect'],
  ['307', { status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, 'forge_not_found', 'redirect'],
  ['422', { status: 422, body: { message } }, 'forge_refused', 'no, and your token *** is [31mbad'],
  ['422 with details', { status: 422, body: { message: { base: ['too long'] } } }, 'forge_refused', 'too long'],
  ['429', { status: 429, body: { message } }, 'forge_rate_limited', 'asked too often'],
  ['500', { status: 500, body: { message } }, 'forge_unreachable', 'failed with status 500'],
  ['502 from a proxy', { status: 502, body: `<html>${token}</html>` }, 'forge_unreachable', 'status 502'],
  ['a sign-in page', { status: 200, body: `<html>${token}</html>` }, 'forge_unreachable', 'not the API'],
  ['no answer', { bad: 'silent' }, 'forge_unreachable', 'got no complete answer within 0.3 s'],
  ['a cut line', { bad: 'cut' }, 'forge_unreachable', 'got no answer'],
  ['half an answer', { bad: 'truncated', body: 'x'.repeat(50_000) }, 'forge_unreachable', 'got no answer'],
  ['an endless answer', { body: 'x'.repeat(200_000) }, 'forge_unreachable', 'more than 100000 bytes'],
];

describe.each(forges)('a failure of %s', (forge) => {
  beforeEach(async () => {
    slept = [];
    double = await startDouble();
  });
  afterEach(() => double.close());

  it.each(kinds)('%s is told apart, and shows no token', async (_, answer, code, says) => {
    const error = await failure(forge, [answer]);
    expect(error).toMatchObject({ code, forge });
    expect(error?.message).toContain(says);
    expect(error?.message).toContain('set the status of bffeb7422404 in acme/d');
    expect(seen(error)).not.toContain(token);
    expect(error?.message).not.toContain('\u001b');
    expect(double.requests).toHaveLength(1);
  });

  it('names the scope that the token lacks', async () => {
    const error = await failure(forge, [{ status: 403 }]);
    expect(error?.message).toMatch(/Commit statuses: write|scope api and the role Developer|write:repository/);
  });

  it('is unreachable where nobody listens, and shows no token', async () => {
    const error = await failure(forge, [], { baseUrl: 'http://127.0.0.1:9' });
    expect(error).toMatchObject({ code: 'forge_unreachable', status: null });
    expect(error?.message).toContain('ECONNREFUSED');
    expect(seen(error)).not.toContain(token);
  });

  it('waits once as long as it is asked to, and then goes on', async () => {
    const busy = { status: 429, headers: { 'retry-after': '7' } };
    expect(await failure(forge, [busy, { status: 201 }])).toBeNull();
    expect(slept).toEqual([7000]);
    expect(double.requests).toHaveLength(2);
    expect(double.requests[1]).toMatchObject({ body: double.requests[0]?.body });
  });

  it('waits no second time, and says how long to be quiet', async () => {
    const busy = { status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:00:09 GMT' } };
    expect(await failure(forge, [busy])).toMatchObject({ code: 'forge_rate_limited', retryAfterMs: 9000 });
    expect(slept).toEqual([9000]);
    expect(double.requests).toHaveLength(2);
  });

  it('does not wait for an hour', async () => {
    const busy = { status: 503, headers: { 'retry-after': '3600' } };
    expect(await failure(forge, [busy])).toMatchObject({ code: 'forge_unreachable', retryAfterMs: 3_600_000 });
    expect(slept).toEqual([]);
  });

  it("knows GitHub's 403 for a spent hourly limit from one for a missing right", async () => {
    const reset = String(now / 1000 + 600);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    expect(await failure(forge, [{ status: 403, headers }])).toMatchObject({
      code: 'forge_rate_limited',
      retryAfterMs: 600_000,
    });
  });

  it.each(['', 'two words', 'line\nbreak'])('sends nothing with the token %j', async (odd) => {
    const error = await failure(forge, [], { token: { reveal: () => odd } });
    expect(error).toMatchObject({ code: 'forge_unauthorised', status: null });
    expect(double.requests).toEqual([]);
  });

  it.each(['', 'ftp://a', 'https://user:secret@host/api', 'https://host/api?token=x'])(
    'refuses the address %s, without showing it',
    (baseUrl) => {
      const options = { baseUrl, repository: 'acme/d', token: { reveal: () => token } };
      expect(() => createForgePoster(forge, options)).toThrow(/^The address of [^:]*: write https:\/\/…,/);
    },
  );

  it('is given up when the service stops', async () => {
    double.answer(routeOf(forge), { bad: 'silent' });
    const options = { baseUrl: double.url, repository: 'acme/d', token: { reveal: () => token } };
    const poster = createForgePoster(forge, options);
    const pending = poster.setStatus(revision, 'success', 'c', 'd', null);
    setTimeout(() => poster.close(), 50);
    await expect(pending).rejects.toThrow('was given up, because the service stops');
  });
});
