import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { OpenApiDocument } from '../../../src/http/openapi.js';
import { httpDefaults, startServer, type RunningServer } from '../../../src/http/index.js';
import { createDocumentChecker } from './document-checker.js';
import { bearer, startHttp, type HttpHarness } from './harness.js';
import { aborted, closed, sinks, testRoutes } from './test-routes.js';

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttp(() => ({ eventStreams: { heartbeatMs: 30, maxBufferedBytes: 200_000 } }), testRoutes);
});

afterAll(() => http.close());

const api = () => request(http.app.express);
const admin = (): string => bearer(http.admin);

describe('every answer', () => {
  it('has an ID: the one that the client gave, where it is well-formed, else one of ours', async () => {
    const given = await api().get('/healthz').set('X-Request-Id', 'build-4711.a');
    expect(given.headers['x-request-id']).toBe('build-4711.a');
    for (const bad of ['short', 'with spaces in', 'x'.repeat(101), 'a"b<script>']) {
      const answer = await api().get('/healthz').set('X-Request-Id', bad);
      expect(answer.headers['x-request-id']).toMatch(/^id-\d{6}$/);
    }
  });

  it('lets a browser load and run nothing, and does not say what serves it', async () => {
    const answer = await api().get('/healthz');
    const headers = answer.headers as Record<string, string>;
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('is logged in one line without its key, cookies and query', async () => {
    const before = http.lines.length;
    await api()
      .get('/api/v1/keys?cursor=secret-search')
      .set('Authorization', admin())
      .set('Cookie', 'session=secret-cookie')
      .set('X-Gitlab-Token', 'secret-token');
    const lines = http.lines.slice(before);
    expect(lines.filter((line) => line.includes('request completed'))).toHaveLength(1);
    expect(lines.join('')).toMatch(/"route":"\/api\/v1\/keys"/);
    expect(lines.join('')).not.toMatch(/secret-|osk_/);
  });
});

describe('what cannot be answered is a problem', () => {
  it.each([
    ['no such path', 404, 'not_found', () => api().get('/api/v1/nothing')],
    [
      'a path that is no path',
      400,
      'malformed_request',
      () => api().get('/api/v1/keys/%zz').set('Authorization', admin()),
    ],
    ['another method', 405, 'method_not_allowed', () => api().put('/api/v1/keys')],
    [
      'another format',
      406,
      'not_acceptable',
      () => api().get('/api/v1/me').set('Authorization', admin()).accept('text/csv'),
    ],
    ['no key', 401, 'unauthenticated', () => api().get('/api/v1/me')],
    ['another scheme', 401, 'unauthenticated', () => api().get('/api/v1/me').auth('admin', 'admin')],
    [
      'another type of body',
      415,
      'unsupported_media_type',
      () => api().post('/api/v1/keys').set('Authorization', admin()).type('text/plain').send('name=x'),
    ],
    [
      'a compressed body',
      415,
      'unsupported_media_type',
      () =>
        api().post('/api/v1/keys').set('Authorization', admin()).set('Content-Encoding', 'gzip').send({ name: 'x' }),
    ],
    [
      'no JSON',
      400,
      'malformed_json',
      () => api().post('/api/v1/keys').set('Authorization', admin()).type('json').send('{"name":'),
    ],
    ['no body', 400, 'body_missing', () => api().post('/api/v1/keys').set('Authorization', admin())],
    [
      'a body where none is read',
      400,
      'body_not_allowed',
      () => api().delete('/api/v1/keys/x').set('Authorization', admin()).send({ a: 1 }),
    ],
    [
      'a body that is too large',
      413,
      'body_too_large',
      () =>
        api()
          .post('/api/v1/keys')
          .set('Authorization', admin())
          .send({ name: 'x'.repeat(1_100_000) }),
    ],
    [
      'raw bytes that are too many',
      413,
      'body_too_large',
      () => api().post('/api/v1/test/raw').type('application/octet-stream').send(Buffer.alloc(1_100_000)),
    ],
    [
      'a cursor of nobody',
      400,
      'bad_cursor',
      () => api().get('/api/v1/keys?cursor=WyJhdWRpdCIsMV0').set('Authorization', admin()),
    ],
    [
      'unknown names in a query',
      400,
      'invalid_request',
      () => api().get('/api/v1/keys?sort=name').set('Authorization', admin()),
    ],
    ['a defect', 500, 'internal', () => api().get('/api/v1/test/defect')],
  ] as const)('%s: %i %s', async (_what, status, code, send) => {
    const answer = await send();
    expect([answer.status, answer.type, JSON.parse(answer.text)]).toMatchObject([
      status,
      'application/problem+json',
      { status, code, type: `/problems/${code}`, requestId: answer.headers['x-request-id'] },
    ]);
    expect(answer.text).not.toMatch(/hunter2|osk_[a-z0-9]|at .*\.ts/);
  });

  it('says where, for each mistake of a body', async () => {
    const body = { name: '', scopes: ['*:read', 'nonsense'], extra: 1 };
    const answer = await api().post('/api/v1/keys').set('Authorization', admin()).send(body);
    const places = (answer.body as { problems: { at: { in: string; pointer: string } }[] }).problems.map(
      ({ at }) => at,
    );
    expect(places).toEqual(
      expect.arrayContaining(['/name', '/scopes/1', '/extra'].map((pointer) => ({ in: 'body', pointer }))),
    );
  });

  it('names the methods that are offered', async () => {
    expect((await api().put('/api/v1/keys')).headers['allow']).toBe('GET, POST, HEAD, OPTIONS');
    const options = await api().options('/api/v1/keys');
    expect([options.status, options.headers['allow']]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
  });

  it('logs a defect whole, for whoever has to mend it', () => {
    expect(http.lines.some((line) => line.includes('hunter2') && line.includes('"level":50'))).toBe(true);
  });
});

describe('an answer', () => {
  it('comes in the format that the client likes best', async () => {
    const ask = (accept: string) => api().get('/api/v1/test/things/acme').set('Authorization', admin()).accept(accept);
    expect((await ask('text/markdown, application/json;q=0.5')).text).toBe('# acme');
    expect((await ask('*/*')).body).toEqual({ name: 'acme' });
  });

  it('is not sent again to whoever has it already', async () => {
    const first = await api().get('/api/v1/test/things/acme').set('Authorization', admin());
    expect(first.headers['etag']).toBe('"v3"');
    const again = await api()
      .get('/api/v1/test/things/acme')
      .set('Authorization', admin())
      .set('If-None-Match', '"v3"');
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('is not worked on any more when the client has gone away', async () => {
    const server = await startServer(http.app.express, { host: '127.0.0.1', port: 0 });
    const asking = httpRequest({ port: server.address.port, path: '/api/v1/test/slow' });
    asking.on('error', () => undefined);
    asking.end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    asking.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(aborted).toEqual(['slow']);
    await server.stop(100);
  });
});

describe('limits', () => {
  it('hold for an address, for a key, and sooner for those who show no valid key, whom they do not lock out', async () => {
    const rateLimits = { perAddress: 40, perKey: 5, failedPerAddress: 3 };
    const limited = await startHttp(() => ({ settings: { ...httpDefaults, rateLimits } }));
    const me = (key: string | null) => {
      const asked = request(limited.app.express).get('/api/v1/me');
      return key === null ? asked : asked.set('Authorization', key);
    };
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await me(null)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    for (let turn = 0; turn < 5; turn += 1) expect((await me(bearer(limited.admin))).status).toBe(200);
    const refused = await me(bearer(limited.admin));
    expect([refused.status, refused.type]).toEqual([429, 'application/problem+json']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit']).toMatch(/"key"; r=0/);
    for (let turn = 0; turn < 40; turn += 1) await request(limited.app.express).get('/problems/guard');
    expect((await request(limited.app.express).get('/problems/guard')).status).toBe(429);
    expect((await request(limited.app.express).get('/healthz')).status).toBe(200);
    await limited.close();
  });

  it('do not believe X-Forwarded-For unless the settings name the proxy', async () => {
    const rateLimits = { perAddress: 2, perKey: 9, failedPerAddress: 9 };
    for (const [trustProxy, last] of [
      [false, 429],
      [1, 404],
    ] as const) {
      const some = await startHttp(() => ({ settings: { ...httpDefaults, trustProxy, rateLimits } }));
      const statuses: number[] = [];
      for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
        statuses.push((await request(some.app.express).get('/x').set('X-Forwarded-For', address)).status);
      }
      expect(statuses).toEqual([404, 404, last]);
      await some.close();
    }
  });
});

describe('an event stream', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(http.app.express, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.stop(100));

  const listen = async (headers: Record<string, string> = {}) => {
    const asking = httpRequest({ port: server.address.port, path: '/api/v1/test/events', headers });
    asking.on('error', () => undefined);
    asking.end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    const seen = { text: '', hasEnded: false };
    answer.on('data', (part: Buffer) => (seen.text += part.toString()));
    answer.on('error', () => (seen.hasEnded = true));
    answer.on('end', () => (seen.hasEnded = true));
    return { asking, answer, seen };
  };
  const until = async (holds: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 200 && !holds(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(holds()).toBe(true);
  };

  it('goes on after what the client saw last, and shows that it lives', async () => {
    const { asking, seen } = await listen({ 'Last-Event-ID': '6' });
    await until(() => seen.text.includes(': still here'));
    expect(seen.text).toContain('id: 7\nevent: hello\ndata: {"last":"6"}\n\n');
    asking.destroy();
    await until(() => closed.length === 1);
    expect(sinks.at(-1)?.send({ data: 1 })).toBe(false);
  });

  it('ends when all is said', async () => {
    const { seen } = await listen();
    await until(() => seen.text.includes('hello'));
    sinks.at(-1)?.end();
    await until(() => seen.hasEnded);
  });

  it('drops a client that does not read what it is sent', async () => {
    const { answer, asking } = await listen();
    answer.pause();
    const sink = sinks.at(-1);
    let sent = 0;
    while (sent < 500 && sink?.send({ data: 'x'.repeat(100_000) })) sent += 1;
    expect(sent).toBeLessThan(500);
    expect(sink?.send({ data: 'more' })).toBe(false);
    asking.destroy();
  });

  it('answers HEAD without a stream, and ends when the service stops', async () => {
    expect((await api().head('/api/v1/test/events')).status).toBe(200);
    const { seen } = await listen();
    await until(() => seen.text.includes('hello'));
    http.draining.abort();
    await until(() => seen.hasEnded);
    const ready = await api().get('/readyz');
    expect([ready.status, ready.body]).toMatchObject([503, { status: 'not_ready' }]);
    expect((await api().get('/healthz')).status).toBe(200);
  });
});

describe('the system pages', () => {
  it('are not ready when the store does not answer, and do not say where it is', async () => {
    const broken = await startHttp(() => ({
      checks: [{ name: 'store', run: () => Promise.reject(new Error('no file at /var/lib/x')) }],
    }));
    const answer = await request(broken.app.express).get('/readyz');
    expect([answer.status, answer.text]).toEqual([503, expect.not.stringContaining('/var')]);
    await broken.close();
  });

  it('count requests by route, never by what clients made up', async () => {
    await api().get('/api/v1/made-up-by-a-client');
    const { text } = await api().get('/metrics');
    expect(text).toContain('route="unmatched"');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/test\/things\/\{instance\}",status="200"\}/,
    );
    expect(text).not.toContain('made-up');
  });

  it('keep the metrics to those with a scope, where the settings say so', async () => {
    const closedOff = await startHttp(({ settings }) => ({ settings: { ...settings, metricsScope: 'read' } }));
    expect((await request(closedOff.app.express).get('/metrics')).status).toBe(401);
    const asked = request(closedOff.app.express).get('/metrics').set('Authorization', bearer(closedOff.admin));
    expect((await asked).status).toBe(200);
    await closedOff.close();
  });

  it('show the documentation with files of this service alone, and nothing inline', async () => {
    const root = await api().get('/');
    expect([root.status, root.headers['location']]).toEqual([303, '/docs']);
    const page = await api().get('/docs');
    expect(page.text).not.toMatch(/<script>|style=| on\w+=|https?:/);
    expect(page.headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
    for (const [, path] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([path, (await api().get(path ?? '')).status]).toEqual([path, 200]);
    }
  });
});

describe('the OpenAPI document', () => {
  it('names each operation once, and each route that is served', async () => {
    const document = (await api().get('/openapi.json')).body as OpenApiDocument;
    expect(document.openapi).toBe('3.1.0');
    const ids = http.app.routes.map(({ route: { operationId } }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { prefix, route: one } of http.app.routes) {
      expect(document.paths?.[`${prefix}${one.path}`]?.[one.method]?.operationId).toBe(one.operationId);
    }
  });

  it('is kept by what each route answers, asked without a key, with one, and with nonsense', async () => {
    const document = (await api().get('/openapi.json')).body as OpenApiDocument;
    const check = createDocumentChecker(document);
    const wrong: string[] = [];
    for (const mounted of http.app.routes) {
      const { prefix, route: one } = mounted;
      if (one.operationId === 'testSlow') continue;
      const path = `${prefix}${one.path}`.replace('{instance}', 'acme').replace(/\{\w+\}/g, 'main');
      for (const send of [
        () => api()[one.method](path),
        () => api()[one.method](path).set('Authorization', admin()),
        () => api()[one.method](`${path}?nonsense=1`).set('Authorization', admin()),
        () => api()[one.method](path).set('Authorization', admin()).send({ name: 'ci', role: 'viewer' }),
        () => api()[one.method](path).set('Authorization', admin()).type('json').send('[1,'),
      ]) {
        const answer = await send();
        const problem = check(mounted, { status: answer.status, type: answer.type, text: answer.text });
        if (problem !== null) wrong.push(`${one.method} ${path} ${answer.status}: ${problem}`);
        if (answer.status >= 500 && !['testDefect', 'getReadiness'].includes(one.operationId)) {
          wrong.push(`${one.method} ${path}: ${answer.status} ${answer.text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
