import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localOperator } from '../../../src/domain/access/may-do.js';
import { revokeKey } from '../../../src/app/service/keys.js';
import { startServer, type RunningServer } from '../../../src/http/index.js';
import { renderOpenApi } from '../../../src/http/openapi.js';
import { createDocumentChecker, type Answer } from './document-checker.js';
import { startHttp, type HttpHarness } from './harness.js';
import { hostileRequest, type HostileRequest, type Identity } from './hostile-requests.js';

const REQUESTS = 2_500;

let http: HttpHarness;
let server: RunningServer;
let keys: Readonly<Record<Identity, string | null>>;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  http = await startHttp();
  server = await startServer(http.app.express, {
    host: '127.0.0.1',
    port: 0,
    headersTimeoutMs: 1_000,
    requestTimeoutMs: 2_000,
  });
  const deps = { store: http.store, now: () => http.clock.now, newId: () => `made-${Math.random()}` };
  const revoked = await http.keyWith('*:admin');
  await revokeKey(deps, revoked.key.id, { ...localOperator('test'), requestId: null });
  const expired = await http.keyWith('*:admin');
  await http.store.keys.expire(expired.key.id, http.clock.now - 1);
  keys = {
    nobody: null,
    garbage: 'osk_nonsense',
    wrong: `osk_${http.admin.key.prefix}_${'A'.repeat(43)}`,
    revoked: revoked.secret,
    expired: expired.secret,
    elsewhere: (await http.keyWith('elsewhere:admin')).secret,
    viewer: (await http.keyWith('*:read')).secret,
    admin: http.admin.secret,
  };
});

afterAll(async () => {
  agent.destroy();
  await server.stop(500);
  await http.close();
});

const isGoodKey = (identity: Identity): boolean => ['elsewhere', 'viewer', 'admin'].includes(identity);

/** By a rule of its own, coarser than the service's: whether success could be right at all. */
function mayEverSucceed({ target, identity }: HostileRequest): boolean {
  if (target === null) return false;
  const { scope, reach, path } = target.route;
  if (scope === 'public') return true;
  if (scope === 'signature' || !isGoodKey(identity)) return false;
  if (scope === 'authenticated' || identity === 'admin') return true;
  if (identity === 'viewer') return scope === 'read';
  return reach === 'some_instance' && !path.includes('{instance}');
}

function send({ method, path, headers, body, identity }: HostileRequest): Promise<Answer> {
  const key = keys[identity];
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      {
        agent,
        port: server.address.port,
        method,
        path,
        headers: { ...headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      },
      (answer) => {
        const type = (answer.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
        // A stream of events need not end by itself.
        const text: Buffer[] = [];
        answer.on('data', (part: Buffer) => text.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, type, text: Buffer.concat(text).toString() }));
        if (type === 'text/event-stream')
          setTimeout(() => resolve({ status: answer.statusCode ?? 0, type, text: '' }), 50);
      },
    );
    asking.on('error', reject);
    if (body !== null && method !== 'TRACE') asking.setHeader('content-length', Buffer.byteLength(body));
    asking.end(method === 'TRACE' ? undefined : (body ?? undefined));
  });
}

describe('hostile requests', () => {
  it(`${REQUESTS} of them end without one 5xx, one success that was not theirs, or one answer outside of the document`, async () => {
    const check = createDocumentChecker(renderOpenApi(http.app.routes, '0'));
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(hostileRequest(http.app.routes), async (one) => {
        const answer = await send(one);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.status).toBeLessThan(500);
        const isDeclared = one.method === one.target?.route.method.toUpperCase();
        if (answer.status < 400 && one.method !== 'OPTIONS') {
          expect([mayEverSucceed(one), one.method, one.path]).toEqual([true, one.method, one.path]);
        }
        if (answer.status >= 400 && one.method !== 'HEAD') expect(answer.type).toBe('application/problem+json');
        if (one.target !== null && isDeclared && isOfRoute(one) && answer.status !== 304) {
          expect(check(one.target, answer)).toBeNull();
        }
        expect(answer.text).not.toMatch(/node_modules|at .*\.ts:\d/);
      }),
      { numRuns: REQUESTS },
    );
    // The suite would prove little if nothing got through the first door.
    for (const status of [200, 400, 401, 403, 404, 415, 422]) expect(statuses.get(status) ?? 0).toBeGreaterThan(0);
    expect(
      (await send({ target: null, method: 'GET', path: '/readyz', identity: 'nobody', headers: {}, body: null }))
        .status,
    ).toBe(200);
  });

  it('write no secret to the log and the audit log', async () => {
    const log = http.lines.join('');
    const audit = JSON.stringify(await http.store.audit.list({}, { limit: 200, cursor: null }));
    for (const key of Object.values(keys)) {
      if (key === null) continue;
      expect(log.includes(key)).toBe(false);
      expect(audit.includes(key)).toBe(false);
    }
  });
});

/** A name in the path that holds a slash, or nothing, makes it another path. */
const isOfRoute = ({ target, path }: HostileRequest): boolean => {
  const pattern = `${target?.prefix ?? ''}${target?.route.path ?? ''}`.replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path.split('?', 1)[0] ?? '') && !/%(?![0-9a-f]{2})|\/\.\.?(\/|$)/i.test(path);
};

/** Writes these bytes, and more of them as `drip` says; resolves with what came back when the other side hung up. */
function raw(text: string | Buffer, drip?: { readonly every: number; readonly text: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.address.port, '127.0.0.1');
    let answer = '';
    const timer = drip === undefined ? undefined : setInterval(() => socket.write(drip.text), drip.every);
    const end = (): void => {
      clearInterval(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (part) => (answer += part.toString()));
    socket.on('error', end);
    socket.on('close', end);
    setTimeout(end, 6_000).unref();
    socket.write(text);
  });
}

const head = (...lines: string[]): string =>
  `${['POST /api/v1/keys HTTP/1.1', 'Host: x', ...lines].join('\r\n')}\r\n\r\n`;

describe('on a raw connection', () => {
  it.each<[string, string, number]>([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['headers without an end', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a header with a line end in it', 'GET / HTTP/1.1\r\nHost: x\r\nX\u0001: a\r\n\r\n', 400],
    ['two lengths', head('Content-Length: 1', 'Content-Length: 2'), 400],
    ['a length and chunks', head('Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
    ['a negative length', head('Content-Length: -1'), 400],
    ['chunks that are none', head('Transfer-Encoding: chunked', 'Connection: close') + 'zz\r\n', 400],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
  ])('%s is refused', async (_what, bytes, status) => {
    const answer = await raw(
      bytes.includes('Connection') ? bytes : bytes.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n'),
    );
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('headers that never end are cut off in time', async () => {
    const startedAt = performance.now();
    const answer = await raw('GET / HTTP/1.1\r\nHost: x\r\n', { every: 100, text: 'X-A: b\r\n' });
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('a body that trickles in is cut off in time', async () => {
    const startedAt = performance.now();
    const slow = head(
      `Authorization: Bearer ${http.admin.secret}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
    );
    const answer = await raw(slow, { every: 100, text: ' ' });
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('a request that breaks off leaves nothing behind', async () => {
    for (const cut of ['POST', head('Content-Length: 10').slice(0, -4), `${head('Content-Length: 10')}{"a"`]) {
      const socket = connect(server.address.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(cut);
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.destroy();
    }
    expect(await raw('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    ['with a key', () => [`Authorization: Bearer ${http.admin.secret}`, 'Content-Type: application/json'], 413],
    ['without one', () => [], 401],
  ] as const)('50 MB are refused at once %s, without being read', async (_what, headers, status) => {
    const socket = connect(server.address.port, '127.0.0.1');
    let answer = '';
    let answeredAfterBytes = -1;
    let written = 0;
    const state = { isOpen: true };
    socket.on('error', () => undefined);
    socket.on('close', () => (state.isOpen = false));
    socket.on('data', (part) => {
      answer += part.toString();
      if (answeredAfterBytes === -1) answeredAfterBytes = written;
    });
    socket.write(head(...headers(), 'Content-Length: 50000000'));
    const startedAt = performance.now();
    while (state.isOpen && written < 50_000_000 && performance.now() - startedAt < 5_000) {
      written += 10_000;
      socket.write(Buffer.alloc(10_000, 32));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answeredAfterBytes).toBeLessThan(2_000_000);
    expect(state.isOpen).toBe(false);
    expect(written).toBeLessThan(20_000_000);
    socket.destroy();
  });
});
