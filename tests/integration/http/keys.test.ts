import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createFirstKey, type NewKey } from '../../../src/app/service/keys.js';
import type { StoredAuditEvent } from '../../../src/app/service/store.js';
import { bearer, startHttp, type HttpHarness } from './harness.js';

let http: HttpHarness;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface MadeKey {
  readonly id: string;
  readonly secret: string;
  readonly scopes: readonly string[];
  readonly replaces: string | null;
}

const as = (key: Pick<NewKey, 'secret'> | { readonly secret: string }) => ({
  get: (path: string) => request(http.app.express).get(`/api/v1${path}`).set('Authorization', bearer(key)),
  post: (path: string, body?: object) =>
    request(http.app.express).post(`/api/v1${path}`).set('Authorization', bearer(key)).send(body),
  delete: (path: string) => request(http.app.express).delete(`/api/v1${path}`).set('Authorization', bearer(key)),
});

const made = async (body: object, by: { readonly secret: string } = http.admin): Promise<MadeKey> => {
  const answer = await as(by).post('/keys', body);
  expect([answer.status, answer.body]).toMatchObject([201, { secret: expect.stringMatching(/^osk_/) }]);
  return answer.body as MadeKey;
};

const events = async (action: string): Promise<readonly StoredAuditEvent[]> =>
  (await http.store.audit.list({ action }, { limit: 200, cursor: null })).items;

describe('API keys', () => {
  it('are shown once, and kept as a hash', async () => {
    const key = await made({ name: 'ci', role: 'deployer', instances: 'acme-*' });
    expect(key.scopes).toContain('acme-*:apply');
    const stored = await http.store.keys.get(key.id);
    expect(JSON.stringify(stored)).not.toContain(key.secret);
    const listed = await as(http.admin).get('/keys');
    expect(listed.text).not.toMatch(/hash|"secret"/);
    expect(JSON.stringify(await events('key.create'))).not.toContain(key.secret);
    expect((await as(key).get('/me')).body).toMatchObject({ keyId: key.id, scopes: key.scopes });
  });

  it('are not what a delivery shows: one that is forged is written down, like a listing that is not for its caller', async () => {
    const forged = await request(http.app.express)
      .post('/api/v1/webhooks/main')
      .set('X-GitHub-Event', 'push')
      .set('X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`)
      .send({});
    expect([forged.status, forged.body]).toMatchObject([401, { code: 'signature_invalid' }]);
    const reader = await made({ name: 'auditor', scopes: ['acme:audit'] });
    expect((await as(reader).get('/audit')).status).toBe(403);
    expect((await as(reader).get('/audit?instance=acme')).status).toBe(200);
    const targets = (await events('request.refuse')).map(({ target }) => target);
    expect(targets).toEqual(expect.arrayContaining(['POST /webhooks/{repository}', 'GET /audit']));
  });

  it('give no more than their maker has, and are managed by nobody who has less', async () => {
    const manager = await made({ name: 'manager', scopes: ['acme-*:keys', 'acme-*:read'] });
    await made({ name: 'reader', scopes: ['acme-test:read'] }, manager);
    for (const scopes of [['*:read'], ['acme-test:apply'], ['acme-test:read', 'other:read'], ['acme:read']]) {
      const refused = await as(manager).post('/keys', { name: 'more', scopes });
      expect([refused.status, refused.body]).toMatchObject([403, { code: 'scope_exceeds_own' }]);
    }
    expect((await events('key.refuse')).map(({ outcome }) => outcome)).toEqual(Array(4).fill('refused'));
    expect((await as(manager).delete(`/keys/${http.admin.key.id}`)).status).toBe(404);
    expect((await as(manager).post(`/keys/${http.admin.key.id}/rotations`)).status).toBe(404);
    expect((await as(manager).get('/keys')).text).not.toContain(`"id":"${http.admin.key.id}"`);
  });

  it('work side by side after a rotation until the overlap is over', async () => {
    const old = await made({ name: 'rotated', role: 'viewer', expiresInDays: 10 });
    const answer = await as(http.admin).post(`/keys/${old.id}/rotations`, { overlapSeconds: 3_600 });
    const next = answer.body as MadeKey;
    expect([answer.status, next.replaces, next.scopes]).toEqual([201, old.id, old.scopes]);
    expect((await as(old).get('/me')).status).toBe(200);
    http.clock.now += HOUR;
    const late = await as(old).get('/me');
    expect([late.status, (late.body as { detail: string }).detail]).toEqual([401, expect.stringContaining('expired')]);
    expect((await as(next).get('/me')).status).toBe(200);
    expect((await as(http.admin).post(`/keys/${old.id}/rotations`)).body).toMatchObject({ code: 'key_ended' });
    expect(await events('key.rotate')).toHaveLength(1);
  });

  it('open nothing from the moment they are revoked; again changes nothing', async () => {
    const key = await made({ name: 'gone', role: 'viewer' });
    for (const status of [204, 204]) expect((await as(http.admin).delete(`/keys/${key.id}`)).status).toBe(status);
    expect((await as(key).get('/me')).status).toBe(401);
    expect(await events('key.revoke')).toHaveLength(1);
  });

  it('have their use noted at most once a minute', async () => {
    const key = await made({ name: 'used', role: 'viewer' });
    const lastUse = async (): Promise<number | null> => (await http.store.keys.get(key.id))?.lastUsedAt ?? null;
    expect(await lastUse()).toBeNull();
    const first = http.clock.now;
    await as(key).get('/me');
    http.clock.now += MINUTE - 1;
    await as(key).get('/me');
    expect(await lastUse()).toBe(first);
    http.clock.now += 1;
    await as(key).get('/me');
    expect(await lastUse()).toBe(first + MINUTE);
  });

  it('come page by page', async () => {
    const seen: string[] = [];
    let next: string | undefined = '/keys?limit=2';
    while (next !== undefined) {
      const page: request.Response = await as(http.admin).get(next);
      seen.push(...(page.body as { items: { id: string }[] }).items.map(({ id }) => id));
      next = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(page.headers['link'] ?? '')?.[1];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain(http.admin.key.id);
  });

  it('have a first one that is made only while there is none', async () => {
    const deps = { store: http.store, now: Date.now, newId: () => `other-${Math.random()}` };
    await expect(createFirstKey(deps, 'second', { actor: 'cli:eve', requestId: null })).rejects.toMatchObject({
      code: 'keys_exist',
    });
  });
});

describe('who is not let in', () => {
  it('reads the same whether the key is malformed, unknown or wrong', async () => {
    const wrong = `osk_${http.admin.key.prefix}_${'A'.repeat(43)}`;
    const unknown = `osk_zzzzzzzz_${'A'.repeat(43)}`;
    const answers = await Promise.all(
      ['nonsense', unknown, wrong].map(async (secret) => (await as({ secret }).get('/me')).body as object),
    );
    const same = answers.map((body) => ({ ...body, requestId: '', instance: '' }));
    expect(new Set(same.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('is audited, and a flood of it is summed up: it cannot fill the disk', async () => {
    http.clock.now += HOUR;
    await http.refusals.flush();
    const before = (await events('request.refuse')).length;
    for (let turn = 0; turn < 60; turn += 1) {
      const prefix = String(turn).padStart(8, 'a');
      await as({ secret: `osk_${prefix}_${'A'.repeat(43)}` }).get('/me');
    }
    expect((await events('request.refuse')).length - before).toBe(20);
    http.clock.now += MINUTE;
    await http.refusals.flush();
    const [summary] = await events('request.refuse_many');
    expect(JSON.parse(summary?.body ?? '{}')).toMatchObject({ count: 40, reasons: { unknown: 40 } });
    expect(summary?.body).not.toContain('AAAA');
  });

  it('may still not do what their scopes do not say, which is audited by name', async () => {
    http.clock.now += MINUTE;
    const viewer = await http.keyWith('acme:read');
    const refused = await as(viewer).post('/instances/acme/plans', {});
    expect([refused.status, refused.body]).toMatchObject([403, { code: 'forbidden' }]);
    const [event] = await events('request.refuse');
    expect(event).toMatchObject({
      actor: `key:${viewer.key.prefix} test`,
      instance: 'acme',
      target: 'POST /instances/{instance}/plans',
      outcome: 'refused',
    });
  });
});

describe('the audit log', () => {
  it('is read by those who may, on the instances that they may', async () => {
    const auditor = await http.keyWith('acme:audit');
    expect((await as(auditor).get('/audit')).status).toBe(403);
    expect((await as(auditor).get('/audit?instance=other')).status).toBe(403);
    const own = await as(auditor).get('/audit?instance=acme');
    expect(own.status).toBe(200);
    const instances = (own.body as { items: { instance: string }[] }).items.map(({ instance }) => instance);
    expect(new Set(instances)).toEqual(new Set(['acme']));
    expect((await as(await http.keyWith('*:read')).get('/audit')).status).toBe(403);
  });

  it('is filtered by what was done, how it ended, and when', async () => {
    const ask = async (query: string) => {
      const answer = await as(http.admin).get(`/audit?${query}`);
      return (answer.body as { items: { action: string; outcome: string; at: string }[] }).items;
    };
    expect(new Set((await ask('action=key.create')).map(({ action }) => action))).toEqual(new Set(['key.create']));
    expect(new Set((await ask('outcome=refused')).map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
    const since = new Date(http.clock.now).toISOString();
    expect((await ask(`since=${since}`)).every(({ at }) => at >= since)).toBe(true);
  });
});
