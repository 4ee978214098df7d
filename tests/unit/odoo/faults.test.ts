import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from '@jest/globals';

import {
  isOdooError,
  odooTraceback,
  type AnyOdooError,
  type OdooErrorCode,
  type OdooOutcome,
} from '../../../src/domain/odoo-error.js';
import { connect, type ConnectOptions, type OdooClient } from '../../../src/odoo/index.js';
import { jsonRpcOdoo, sendError, sendHtml, sendJson, sendResult } from '../../support/odoo-double/answers.js';
import { selfSigned } from '../../support/odoo-double/certificate.js';
import {
  startDouble,
  startLineDouble,
  startTlsDouble,
  type Double,
  type Respond,
} from '../../support/odoo-double/double.js';

const SECRET = 'k3y-that-nobody-may-see';
const ARGUMENT = 'an argument that is nobody’s business';

let double: Double | undefined;
let odoo: OdooClient | undefined;
afterEach(async () => {
  odoo?.close();
  await double?.stop();
});

function client(url: string, more: Partial<ConnectOptions> = {}): OdooClient {
  const credential = { login: 'sync', secret: SECRET, kind: 'api_key' } as const;
  const limits = { timeoutMs: 2_000, connectTimeoutMs: 150, retries: 0, maxResponseBytes: 100_000, ...more.limits };
  odoo = connect({ instance: 'acme', url, database: 'prod', credential, protocol: 'jsonrpc', ...more, limits });
  return odoo;
}

const writeName = (it: OdooClient, signal?: AbortSignal): Promise<unknown> =>
  it.call('res.partner', 'write', {
    ids: [1],
    args: { vals: { name: ARGUMENT } },
    effect: 'write',
    ...(signal && { signal }),
  });

async function failureOf(work: Promise<unknown>): Promise<AnyOdooError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isOdooError(error)) throw error as Error;
  return error;
}

interface Fault {
  readonly what: string;
  readonly answer: Respond;
  readonly code: OdooErrorCode;
  readonly outcome: OdooOutcome;
  readonly says: RegExp;
}

const never: Respond = () => undefined;
const fault =
  (name: string, message = 'Words of Odoo'): Respond =>
  (_request, response) =>
    sendError(response, name, message);

const faults: readonly Fault[] = [
  {
    what: 'a proxy that cannot reach Odoo',
    answer: (_request, response) => sendHtml(response, '<title>502 Bad Gateway</title>', 502),
    code: 'odoo_unreachable',
    outcome: 'unknown',
    says: /HTTP 502 from a proxy that cannot reach Odoo\. Odoo may have carried it out/,
  },
  {
    what: 'a proxy that gives up on Odoo',
    answer: (_request, response) => sendHtml(response, '<title>504</title>', 504),
    code: 'odoo_unreachable',
    outcome: 'unknown',
    says: /HTTP 504/,
  },
  {
    what: 'a login page',
    answer: (_request, response) => sendHtml(response, '<html><title>Sign in | Corp SSO</title></html>'),
    code: 'odoo_not_odoo',
    outcome: 'unknown',
    says: /HTTP 200 with a page titled "Sign in \| Corp SSO"\..*address of Odoo itself/,
  },
  {
    what: 'the page that asks which database',
    answer: (_request, response) =>
      sendHtml(response, '<title>Odoo</title><a href="/web?db=a">a</a><a href="/web?db=b">b</a>'),
    code: 'odoo_database',
    outcome: 'not_done',
    says: /found no database "prod"/,
  },
  {
    what: 'a redirect to https',
    answer: (_request, response) => sendHtml(response, '', 301, { Location: 'https://acme.example/jsonrpc' }),
    code: 'odoo_not_odoo',
    outcome: 'not_done',
    says: /redirected \(HTTP 301\) to https:\/\/acme\.example\/jsonrpc.*use https:\/\/acme\.example as the instance's URL/,
  },
  {
    what: 'a redirect to a login page, whose query is not repeated',
    answer: (_request, response) => sendHtml(response, '', 303, { Location: `/web/login?redirect=${SECRET}` }),
    code: 'odoo_not_odoo',
    outcome: 'not_done',
    says: /redirected \(HTTP 303\) to http:\/\/127\.0\.0\.1:\d+\/web\/login, which/,
  },
  {
    what: 'a wrong path',
    answer: (_request, response) => sendHtml(response, '<title>404 Not Found</title>', 404),
    code: 'odoo_not_odoo',
    outcome: 'unknown',
    says: /HTTP 404 with a page titled "404 Not Found"/,
  },
  {
    what: 'JSON of another program',
    answer: (_request, response) => sendJson(response, { hello: 'world' }),
    code: 'odoo_not_odoo',
    outcome: 'unknown',
    says: /HTTP 200 with a body of type "application\/json"/,
  },
  {
    what: 'HTTP 500 in HTML',
    answer: (_request, response) => sendHtml(response, '<title>500 Internal Server Error</title>', 500),
    code: 'odoo_server',
    outcome: 'unknown',
    says: /HTTP 500.*may have carried it out/,
  },
  {
    what: 'too many requests',
    answer: (_request, response) => sendHtml(response, '', 429, { 'Retry-After': '7' }),
    code: 'odoo_limit',
    outcome: 'not_done',
    says: /one request too many\. Wait 7 s/,
  },
  {
    what: 'a request that the proxy finds too large',
    answer: (_request, response) => sendHtml(response, '<title>413</title>', 413),
    code: 'odoo_limit',
    outcome: 'not_done',
    says: /larger than what is let through/,
  },
  {
    what: 'an answer that is too large',
    answer: (_request, response) => sendResult(response, 'x'.repeat(200_000)),
    code: 'odoo_limit',
    outcome: 'unknown',
    says: /larger answer than what is read/,
  },
  {
    what: 'NaN in the answer',
    answer: (_request, response) => response.end('{"jsonrpc": "2.0", "id": 1, "result": {"x": NaN}}'),
    code: 'odoo_answer',
    outcome: 'unknown',
    says: /carried out, and its answer holds a number/,
  },
  {
    what: 'an answer that ends in the middle',
    answer: (_request, response) => response.end('{"jsonrpc": "2.0", "id": 1, "result": {"x": "a'),
    code: 'odoo_answer',
    outcome: 'unknown',
    says: /not whole JSON/,
  },
  {
    what: 'a connection that is cut after the request was read',
    answer: (_request, response) => response.socket?.destroy(),
    code: 'odoo_unreachable',
    outcome: 'unknown',
    says: /lost its connection.*may have carried it out/,
  },
  {
    what: 'a connection that is cut inside the headers',
    answer: (_request, response) => response.socket?.end('HTTP/1.1 200 OK\r\nContent-Ty'),
    code: 'odoo_unreachable',
    outcome: 'unknown',
    says: /lost its connection/,
  },
  {
    what: 'a connection that is cut inside the body',
    answer: (_request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('{"jsonrpc"', () => response.socket?.destroy());
    },
    code: 'odoo_unreachable',
    outcome: 'unknown',
    says: /lost its connection/,
  },
  {
    what: 'a refused key',
    answer: fault('odoo.exceptions.AccessDenied'),
    code: 'odoo_credentials',
    outcome: 'not_done',
    says: /credential of sync.*archived/,
  },
  {
    what: 'a missing right',
    answer: fault('odoo.exceptions.AccessError'),
    code: 'odoo_access',
    outcome: 'not_done',
    says: /refused for sync: Words of Odoo\. Give this user the right to write res\.partner/,
  },
  {
    what: 'a validation error',
    answer: fault('odoo.exceptions.ValidationError'),
    code: 'odoo_validation',
    outcome: 'not_done',
    says: /does not accept: Words of Odoo/,
  },
  {
    what: 'a user error',
    answer: fault('odoo.exceptions.UserError'),
    code: 'odoo_user',
    outcome: 'not_done',
    says: /stopped by Odoo: Words of Odoo/,
  },
  {
    what: 'a missing record',
    answer: fault('odoo.exceptions.MissingError'),
    code: 'odoo_missing',
    outcome: 'not_done',
    says: /record that is gone/,
  },
  {
    what: 'a concurrent update',
    answer: fault('psycopg2.errors.SerializationFailure'),
    code: 'odoo_concurrency',
    outcome: 'not_done',
    says: /lost to another transaction/,
  },
  {
    what: 'an Odoo that is stopping',
    answer: fault('builtins.ValueError', 'InterfaceError("cursor already closed")'),
    code: 'odoo_unreachable',
    outcome: 'unknown',
    says: /cut off inside Odoo/,
  },
  {
    what: 'an exception',
    answer: fault('builtins.ZeroDivisionError'),
    code: 'odoo_server',
    outcome: 'not_done',
    says: /raised builtins\.ZeroDivisionError in Odoo/,
  },
  {
    what: 'words that repeat the secret',
    answer: fault('odoo.exceptions.UserError', `bad key ${SECRET}`),
    code: 'odoo_user',
    outcome: 'not_done',
    says: /bad key \*\*\*/,
  },
];

/** Everything that a log, a page or a debugger might make of an error. */
function everythingShown(error: Error): string {
  const chain: unknown[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) chain.push(each);
  return chain
    .flatMap((each) => [
      JSON.stringify(each),
      JSON.stringify(each, Object.getOwnPropertyNames(each)),
      inspect(each, { depth: Infinity, showHidden: true, getters: true }),
      String(each),
      (each as Error).stack,
    ])
    .join('\n');
}

describe('a call that meets', () => {
  it.each(faults.map((each) => [each.what, each] as const))('%s says so, and shows no secret', async (_what, each) => {
    double = await startDouble(jsonRpcOdoo('17.0', each.answer));
    const error = await failureOf(writeName(client(double.url)));
    expect({ code: error.code, outcome: error.outcome, message: error.message }).toEqual({
      code: each.code,
      outcome: each.outcome,
      message: expect.stringMatching(each.says) as unknown,
    });
    expect(error.message).toMatch(/^acme: res\.partner\.write /);
    expect(error.call).toEqual({ instance: 'acme', model: 'res.partner', method: 'write', protocol: 'jsonrpc' });
    expect(everythingShown(error)).not.toContain(SECRET);
    expect(everythingShown(error)).not.toContain(ARGUMENT);
    expect(everythingShown(error)).not.toContain('Traceback');
  });

  it('any of them while only reading has changed nothing', async () => {
    for (const each of faults) {
      double = await startDouble(jsonRpcOdoo('17.0', each.answer));
      const it = client(double.url);
      const error = await failureOf(it.call('res.partner', 'read', { ids: [1], effect: 'read' }));
      expect([each.what, error.outcome]).toEqual([each.what, 'not_done']);
      it.close();
      await double.stop();
    }
  });

  it('an exception keeps its traceback for those who may see it', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', fault('builtins.KeyError', 'x')));
    expect(odooTraceback(await failureOf(writeName(client(double.url))))).toBe('Traceback\nbuiltins.KeyError: x');
  });
});

describe('a line that', () => {
  it('refuses connections left nothing done', async () => {
    double = await startLineDouble(() => undefined);
    await double.stop();
    const error = await failureOf(writeName(client(double.url)));
    expect([error.code, error.outcome]).toEqual(['odoo_unreachable', 'not_done']);
    expect(error.message).toMatch(/got no connection: connect ECONNREFUSED/);
    expect(everythingShown(error)).not.toContain(SECRET);
  });

  it('has no such name left nothing done', async () => {
    const error = await failureOf(writeName(client('http://no-such-host.invalid')));
    expect([error.code, error.outcome]).toEqual(['odoo_unreachable', 'not_done']);
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('speaks no HTTP is not Odoo', async () => {
    double = await startLineDouble((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const error = await failureOf(writeName(client(double.url)));
    expect(error.code).toBe('odoo_not_odoo');
    expect(error.message).toMatch(/not HTTP.*Check the port/);
  });

  it('accepts TCP but no TLS in time left nothing done, and is closed', async () => {
    double = await startLineDouble((socket) => socket.resume());
    const error = await failureOf(writeName(client(double.url.replace('http:', 'https:'))));
    expect([error.code, error.outcome]).toEqual(['odoo_unreachable', 'not_done']);
    expect(error.message).toMatch(/no connection in time/);
    await double.whenClosed(1_000);
  });

  it('answers TLS with plain HTTP names TLS', async () => {
    double = await startLineDouble((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const error = await failureOf(writeName(client(double.url.replace('http:', 'https:'))));
    expect([error.code, error.outcome]).toEqual(['odoo_unreachable', 'not_done']);
    expect(error.message).toMatch(/no trustworthy connection/);
  });
});

describe('an answer that a proxy compressed', () => {
  const compressed =
    (result: string): Respond =>
    (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify({ jsonrpc: '2.0', id: 1, result })));
    };

  it('is read', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', compressed('é'.repeat(10_000))));
    expect(await client(double.url).call('m', 'f', { effect: 'read' })).toBe('é'.repeat(10_000));
  });

  it('is measured as what it unpacks to', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', compressed('x'.repeat(5_000_000))));
    const error = await failureOf(client(double.url).call('m', 'f', { effect: 'read' }));
    expect(error.code).toBe('odoo_limit');
  });
});

describe('a certificate that nobody knows', () => {
  const version: Respond = (_request, response) => sendResult(response, 5);

  it('is refused before anything is sent, and says what to do', async () => {
    double = await startTlsDouble(jsonRpcOdoo('17.0', version));
    const error = await failureOf(writeName(client(double.url)));
    expect([error.code, error.outcome]).toEqual(['odoo_unreachable', 'not_done']);
    expect(error.message).toMatch(
      /no trustworthy connection: self-signed certificate.*name its authority in the TLS settings/,
    );
    expect(double.requests).toEqual([]);
  });

  it.each([
    ['named as an authority', { ca: selfSigned.cert }],
    ['not asked about', { rejectUnauthorized: false }],
  ])('is accepted when %s', async (_what, tls) => {
    double = await startTlsDouble(jsonRpcOdoo('17.0', version));
    expect(await client(double.url, { tls }).searchCount('res.partner', [])).toBe(5);
  });
});

describe('time and abort', () => {
  const trickle: Respond = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 5);
    response.on('close', () => clearInterval(timer));
  };

  it.each([
    ['no answer', never],
    ['an answer that never ends', trickle],
  ])('end %s after the whole time allowed, and close the socket', async (_what, answer) => {
    double = await startDouble(jsonRpcOdoo('17.0', answer));
    const it = client(double.url);
    await it.version();
    const request = { ids: [1], effect: 'write', timeoutMs: 120 } as const;
    const error = await failureOf(it.call('res.partner', 'write', request));
    expect([error.code, error.outcome]).toEqual(['odoo_timeout', 'unknown']);
    expect(error.message).toMatch(/no complete answer within 120 ms\. Odoo may have carried it out/);
    await double.whenClosed(1_000);
  });

  it.each([
    ['before the headers', never],
    ['in the middle of the body', trickle],
  ])('an abort %s rejects at once and closes the socket', async (_what, answer) => {
    const sockets: (Socket | null)[] = [];
    double = await startDouble(
      jsonRpcOdoo('17.0', (request, response) => {
        sockets.push(response.socket);
        answer(request, response);
      }),
    );
    const it = client(double.url);
    await it.version();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const startedAt = Date.now();
    const error = await failureOf(writeName(it, controller.signal));
    expect([error.code, error.outcome]).toEqual(['odoo_aborted', 'unknown']);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    await double.whenClosed(1_000);
    expect(sockets).toHaveLength(1);
  });

  it('an abort before anything was sent left nothing done', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', (_request, response) => sendResult(response, true)));
    const error = await failureOf(writeName(client(double.url), AbortSignal.abort()));
    expect([error.code, error.outcome]).toEqual(['odoo_aborted', 'not_done']);
  });

  it('closing the client ends what is in flight', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', never));
    const it = client(double.url);
    await it.version();
    setTimeout(() => it.close(), 50);
    const error = await failureOf(writeName(it));
    expect([error.code, error.outcome]).toEqual(['odoo_aborted', 'unknown']);
    await double.whenClosed(1_000);
  });
});
