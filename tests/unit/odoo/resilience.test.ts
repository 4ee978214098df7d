import type { ServerResponse } from 'node:http';

import { afterEach, describe, expect, it } from '@jest/globals';

import { isOdooErrorOf } from '../../../src/domain/odoo-error.js';
import {
  connect,
  createTraffic,
  type CallEvent,
  type ConnectOptions,
  type OdooClient,
} from '../../../src/odoo/index.js';
import { jsonRpcOdoo, sendError, sendHtml, sendJson, sendResult } from '../../support/odoo-double/answers.js';
import { startDouble, type Double, type Respond } from '../../support/odoo-double/double.js';

let double: Double | undefined;
const clients: OdooClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await double?.stop();
});

function client(more: Partial<ConnectOptions> = {}): OdooClient {
  const credential = { login: 'sync', secret: 'key', kind: 'api_key' } as const;
  const options = { instance: 'acme', url: double?.url ?? '', database: 'prod', credential, random: () => 0, ...more };
  const made = connect({ protocol: 'jsonrpc', ...options });
  clients.push(made);
  return made;
}

const read = (odoo: OdooClient): Promise<number> => odoo.searchCount('res.partner', []);
const write = (odoo: OdooClient): Promise<void> => odoo.write('res.partner', [1], { name: 'x' });
const calls = (events: readonly CallEvent[]): CallEvent[] => events.filter(({ phase }) => phase === 'call');
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'ok',
    (error: unknown) => (isOdooErrorOf(error, 'odoo_unreachable', 'odoo_limit', 'odoo_timeout') ? error.code : error),
  );

/** Each answer in turn, the last one for ever. */
function inTurn(...answers: readonly ((response: ServerResponse) => void)[]): Respond {
  let next = 0;
  return (_request, response) => answers[Math.min(next++, answers.length - 1)]?.(response);
}

const down = (response: ServerResponse): void => sendHtml(response, '<title>502</title>', 502);
const cut = (response: ServerResponse): void => void response.socket?.destroy();
const three = (response: ServerResponse): void => sendResult(response, 3);
const conflict = (response: ServerResponse): void =>
  sendError(response, 'psycopg2.errors.SerializationFailure', 'could not serialize access');

describe('a read', () => {
  it.each([
    ['a proxy without Odoo', down],
    ['a cut connection', cut],
    ['a concurrent update', conflict],
  ])('is tried again after %s, and each attempt is reported', async (_what, fault) => {
    const events: CallEvent[] = [];
    double = await startDouble(jsonRpcOdoo('17.0', inTurn(fault, fault, three)));
    expect(await read(client({ onCall: (event) => events.push(event) }))).toBe(3);
    expect(calls(events).map(({ attempt, outcome }) => [attempt, outcome === 'ok'])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(calls(events).every(({ bytesSent, durationMs }) => bytesSent > 100 && durationMs > 0)).toBe(true);
  });

  it('is given up after the retries allowed', async () => {
    const events: CallEvent[] = [];
    double = await startDouble(jsonRpcOdoo('17.0', inTurn(down)));
    const odoo = client({ onCall: (event) => events.push(event), limits: { retries: 1 } });
    expect(await codeOf(read(odoo))).toBe('odoo_unreachable');
    expect(calls(events)).toHaveLength(2);
  });

  it('waits as long as Retry-After asks', async () => {
    double = await startDouble(
      jsonRpcOdoo(
        '17.0',
        inTurn((response) => sendHtml(response, '', 429, { 'Retry-After': '1' }), three),
      ),
    );
    const startedAt = Date.now();
    expect(await read(client())).toBe(3);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it('is not tried again when the time of the call would be over first', async () => {
    double = await startDouble(
      jsonRpcOdoo(
        '17.0',
        inTurn((response) => sendHtml(response, '', 503, { 'Retry-After': '20' })),
      ),
    );
    expect(await codeOf(read(client({ limits: { timeoutMs: 300 } })))).toBe('odoo_unreachable');
  });
});

describe('a write', () => {
  it.each([
    ['a proxy without Odoo', down],
    ['a cut connection', cut],
    ['a concurrent update', conflict],
  ])('is sent once, whatever became of it: %s', async (_what, fault) => {
    const events: CallEvent[] = [];
    double = await startDouble(jsonRpcOdoo('17.0', inTurn(fault, three)));
    await expect(write(client({ onCall: (event) => events.push(event) }))).rejects.toThrow(/res\.partner\.write/);
    expect(calls(events)).toHaveLength(1);
  });

  it('is tried again while it surely has not left', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', inTurn(three)));
    const events: CallEvent[] = [];
    const odoo = client({ onCall: (event) => events.push(event), limits: { retries: 2 } });
    await odoo.version();
    await double.stop();
    // The idle connection has to be seen to be gone: on it, a write would count as sent.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await codeOf(write(odoo))).toBe('odoo_unreachable');
    expect(calls(events).map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });
});

describe('the circuit', () => {
  it('opens after failures in a row, says so without sending, and closes by itself', async () => {
    let isDown = true;
    double = await startDouble(jsonRpcOdoo('17.0', (_request, response) => (isDown ? down : three)(response)));
    const events: CallEvent[] = [];
    const limits = { retries: 0, circuitFailures: 3, circuitPauseMs: 200 };
    const odoo = client({ limits, onCall: (event) => events.push(event) });
    for (let i = 0; i < 3; i += 1) await codeOf(read(odoo));
    const sent = double.requests.length;
    await expect(write(odoo)).rejects.toMatchObject({
      code: 'odoo_unreachable',
      outcome: 'not_done',
      message: expect.stringMatching(/was not sent: the instance failed several times in a row/) as unknown,
    });
    expect(double.requests).toHaveLength(sent);
    isDown = false;
    await new Promise((resolve) => setTimeout(resolve, 220));
    expect(await read(odoo)).toBe(3);
    expect(calls(events).at(-1)?.outcome).toBe('ok');
  });

  it('stays closed while Odoo answers, be it with exceptions', async () => {
    double = await startDouble(
      jsonRpcOdoo('17.0', (_request, response) => sendError(response, 'odoo.exceptions.UserError', 'no')),
    );
    const odoo = client({ limits: { retries: 0, circuitFailures: 2 } });
    for (let i = 0; i < 6; i += 1) await expect(write(odoo)).rejects.toMatchObject({ code: 'odoo_user' });
  });
});

describe('the traffic of an instance', () => {
  it('has at most so many requests in flight, over all its clients', async () => {
    let now = 0;
    let most = 0;
    double = await startDouble(
      jsonRpcOdoo('17.0', (_request, response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now -= 1;
          sendResult(response, 1);
        }, 20);
      }),
    );
    const traffic = createTraffic({ concurrency: 2 });
    const both = [client({ traffic }), client({ traffic })];
    await Promise.all(both.flatMap((odoo) => Array.from({ length: 6 }, () => read(odoo))));
    expect(most).toBe(2);
  });

  it('passes at most so many requests a second, after those that were saved up', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', inTurn(three)));
    const odoo = client({ limits: { requestsPerSecond: 10, concurrency: 50 } });
    await odoo.version();
    const startedAt = Date.now();
    await Promise.all(Array.from({ length: 14 }, () => read(odoo)));
    // Version and login took 2 of the first second's 10; 6 more than the other 8 come at 10 a second.
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(450);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it('holds back everybody when Odoo asks for it', async () => {
    const events: CallEvent[] = [];
    double = await startDouble(
      jsonRpcOdoo(
        '17.0',
        inTurn((response) => sendHtml(response, '', 429, { 'Retry-After': '1' }), three),
      ),
    );
    const traffic = createTraffic();
    const odoo = client({ traffic, limits: { retries: 0 } });
    const other = client({ traffic, onCall: (event) => events.push(event) });
    await other.version();
    await codeOf(read(odoo));
    const startedAt = Date.now();
    await read(other);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(900);
  });

  it('lets a call that waits for its turn be given up, with nothing done', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', () => undefined));
    const odoo = client({ limits: { concurrency: 1, retries: 0 } });
    await odoo.version();
    const first = codeOf(odoo.call('m', 'f', { effect: 'write', timeoutMs: 300 }));
    await expect(odoo.call('m', 'f', { effect: 'write', timeoutMs: 100 })).rejects.toMatchObject({
      code: 'odoo_timeout',
      outcome: 'not_done',
    });
    expect(await first).toBe('odoo_timeout');
  });
});

describe('the web session', () => {
  const credential = { login: 'sync', secret: 'password', kind: 'password' } as const;

  it('signs in again, once, when it has expired, even for a write: nothing was done', async () => {
    let session = 0;
    double = await startDouble((request, response) => {
      if (request.path === '/web/webclient/version_info') {
        sendResult(response, { server_version: '17.0', server_serie: '17.0' });
      } else if (request.path === '/web/session/authenticate') {
        session += 1;
        sendJson(response, { jsonrpc: '2.0', id: 1, result: { uid: 2 } }, 200, {
          'Set-Cookie': `session_id=s${session}; Path=/`,
        });
      } else if (request.headers.cookie === 'session_id=s1') {
        sendError(response, 'odoo.http.SessionExpiredException', 'Session expired');
      } else sendResult(response, true);
    });
    await write(client({ protocol: 'session', credential }));
    expect(session).toBe(2);
    expect(double.requests.map(({ path }) => path.split('/').slice(0, 4).join('/'))).toEqual([
      '/web/webclient/version_info',
      '/web/session/authenticate',
      '/web/dataset/call_kw',
      '/web/session/authenticate',
      '/web/dataset/call_kw',
    ]);
  });

  it('takes over the cookie that Odoo renews', async () => {
    const cookies: (string | undefined)[] = [];
    double = await startDouble((request, response) => {
      if (request.path.startsWith('/web/dataset')) cookies.push(request.headers.cookie);
      const result = request.path.includes('version') ? { server_version: '18.0', server_serie: '18.0' } : { uid: 2 };
      const renewed = { 'Set-Cookie': `session_id=s${cookies.length}; HttpOnly` };
      sendJson(response, { jsonrpc: '2.0', id: 1, result }, 200, renewed);
    });
    const odoo = client({ protocol: 'session', credential });
    await write(odoo);
    await write(odoo);
    expect(cookies).toEqual(['session_id=s0', 'session_id=s1']);
  });

  it('is not tried with an API key, nor JSON-2 with a password', async () => {
    double = await startDouble((request, response) =>
      request.method === 'GET'
        ? sendJson(response, { version: '19.0' })
        : sendResult(response, { server_version: '19.0', server_serie: '19.0' }),
    );
    await expect(read(client({ protocol: 'session' }))).rejects.toMatchObject({ code: 'odoo_credentials' });
    await expect(read(client({ protocol: 'json2', credential }))).rejects.toMatchObject({ code: 'odoo_credentials' });
    expect(double.requests.map(({ path }) => path)).toEqual(['/web/webclient/version_info', '/web/version']);
  });
});

describe('finding out the version', () => {
  const html: Respond = (_request, response) => sendHtml(response, '<title>Welcome</title>', 404);

  const redirect: Respond = (_request, response) => sendHtml(response, '', 308, { Location: 'https://acme.example/' });

  it.each([
    [
      'is too old',
      jsonRpcOdoo('13.0', html),
      'auto',
      'odoo_version',
      /found Odoo 13\.0, which is too old.*14 and later/,
    ],
    ['cannot be read', jsonRpcOdoo('master', html), 'auto', 'odoo_version', /found no version of Odoo/],
    [
      'does not speak JSON-2',
      jsonRpcOdoo('18.0', html),
      'json2',
      'odoo_version',
      /found Odoo 18\.0, which does not speak JSON-2/,
    ],
    ['is nowhere', html, 'auto', 'odoo_not_odoo', /HTTP 404 with a page titled "Welcome"/],
    [
      'is behind a redirect',
      redirect,
      'auto',
      'odoo_not_odoo',
      /redirected \(HTTP 308\).*use https:\/\/acme\.example as/,
    ],
    ['is behind a dead proxy', inTurn(down), 'auto', 'odoo_unreachable', /HTTP 502/],
  ] as const)('says when it %s', async (_what, answer, protocol, code, says) => {
    double = await startDouble(answer);
    const odoo = client({ protocol, limits: { retries: 0 } });
    await expect(read(odoo)).rejects.toMatchObject({
      code,
      outcome: 'not_done',
      message: expect.stringMatching(says) as unknown,
    });
  });

  it('goes on to XML-RPC where a proxy lets only that through, and stays with it', async () => {
    double = await startDouble((request, response) => {
      if (!request.path.startsWith('/xmlrpc/2/')) {
        html(request, response);
        return;
      }
      const serie =
        '<struct><member><name>server_version</name><value>17.0</value></member><member><name>server_serie</name><value>17.0</value></member></struct>';
      const value = request.body.includes('<methodName>version') ? serie : '<int>2</int>';
      response.end(`<methodResponse><params><param><value>${value}</value></param></params></methodResponse>`);
    });
    const odoo = client({ protocol: 'auto' });
    expect(await odoo.version()).toEqual({ serie: '17.0', major: 17, raw: '17.0', protocol: 'xmlrpc', uid: 2 });
    expect(await read(odoo)).toBe(2);
  });

  it('is asked for again after it failed', async () => {
    let isDown = true;
    const odoo17 = jsonRpcOdoo('17.0', (_request, response) => three(response));
    double = await startDouble((request, response) => (isDown ? down(response) : odoo17(request, response)));
    const odoo = client({ limits: { retries: 0 } });
    expect(await codeOf(read(odoo))).toBe('odoo_unreachable');
    isDown = false;
    expect(await read(odoo)).toBe(3);
  });
});

describe('a warning', () => {
  it('is given once a day for a protocol that ends, and for a key that expires', async () => {
    let now = Date.UTC(2026, 10, 22);
    const warnings: string[] = [];
    double = await startDouble(
      jsonRpcOdoo('19.0', (request, response) => {
        const isKeys = request.body.includes('res.users.apikeys');
        sendResult(response, isKeys ? [{ id: 1, name: 'steward', expiration_date: '2026-11-25 00:00:00' }] : 3);
      }),
    );
    const odoo = client({ warn: (message) => warnings.push(message), now: () => now });
    const settle = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 50));
    for (let i = 0; i < 3; i += 1) await read(odoo);
    await settle();
    expect(warnings).toEqual([
      expect.stringContaining('JSON-RPC, which Odoo 22 removes'),
      expect.stringContaining('"steward" of sync expires on 2026-11-25'),
    ]);
    now += 86_400_000;
    await read(odoo);
    await settle();
    expect(warnings).toHaveLength(4);
  });

  it('costs nothing where nobody listens', async () => {
    double = await startDouble(jsonRpcOdoo('19.0', (_request, response) => three(response)));
    await read(client());
    expect(double.requests.some(({ body }) => body.includes('apikeys'))).toBe(false);
  });
});
