import { afterEach, describe, expect, it } from '@jest/globals';

import { isOdooError } from '../../../src/domain/odoo-error.js';
import { Deadlines, type Deadline } from '../../../src/odoo/deadline.js';
import { createWire } from '../../../src/odoo/http.js';
import { connect, createTraffic, type ConnectOptions, type OdooClient } from '../../../src/odoo/index.js';
import { defaultLimits } from '../../../src/odoo/limits.js';
import { Line } from '../../../src/odoo/line.js';
import { SignIn } from '../../../src/odoo/sign-in.js';
import { jsonRpcOdoo, sendHtml, sendJson, sendResult } from '../../support/odoo-double/answers.js';
import { startDouble, startLineDouble, type Double, type Respond } from '../../support/odoo-double/double.js';

let double: Double | undefined;
const clients: OdooClient[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.close());
  await double?.stop();
});

function client(more: Partial<ConnectOptions>): OdooClient {
  const credential = { login: 'sync', secret: 'secret', kind: 'password' } as const;
  const options = { instance: 'acme', url: double?.url ?? '', database: 'prod', credential, random: () => 0 };
  const made = connect({ ...options, protocol: 'auto', ...more });
  clients.push(made);
  return made;
}

const read = (odoo: OdooClient): Promise<number> => odoo.searchCount('res.partner', []);

describe('a server that accepts and never answers', () => {
  const key = { login: 'sync', secret: 'secret', kind: 'api_key' } as const;
  const password = { ...key, kind: 'password' } as const;

  it.each([
    ['auto', key],
    ['auto', password],
    ['json2', key],
    ['jsonrpc', key],
    ['xmlrpc', key],
    ['session', password],
  ] as const)('is given up after one time-out, over %s', async (protocol, credential) => {
    double = await startLineDouble(() => undefined);
    const startedAt = Date.now();
    const error: unknown = await read(client({ protocol, credential, limits: { timeoutMs: 700 } })).catch(
      (thrown: unknown) => thrown,
    );
    expect(isOdooError(error) && [error.code, error.outcome]).toEqual(['odoo_timeout', 'not_done']);
    expect(Date.now() - startedAt).toBeLessThan(1_400);
  });

  it('is not waited for as long as a call may take, before anything is known of it', async () => {
    const waits: (number | undefined)[] = [];
    /** Takes note of the time that was asked for, and allows next to none of it. */
    class ShortDeadlines extends Deadlines {
      override within<T>(bounds: { timeoutMs?: number }, work: (deadline: Deadline) => Promise<T>): Promise<T> {
        waits.push(bounds.timeoutMs);
        return super.within({ timeoutMs: 50 }, work);
      }
    }
    double = await startLineDouble(() => undefined);
    const options = { instance: 'acme', url: double.url, database: 'prod', credential: key, protocol: 'auto' } as const;
    const wire = createWire({ ...defaultLimits, url: double.url });
    const line = new Line({
      wire,
      traffic: createTraffic(),
      limits: defaultLimits,
      random: () => 0,
      onCall: undefined,
    });
    const parts = { options, line, deadlines: new ShortDeadlines(130_000), timeoutMs: 130_000, now: Date.now };
    await expect(new SignIn(parts).probe()).rejects.toMatchObject({
      code: 'odoo_timeout',
      message: expect.stringContaining('within 30000 ms') as unknown,
    });
    expect(waits).toEqual([30_000]);
    wire.close();
  });
});

describe('a password where the web session is shut', () => {
  const shut: Readonly<Record<string, Respond>> = {
    'HTTP 403': (_request, response) => sendHtml(response, '<title>Forbidden</title>', 403),
    'HTTP 404': (_request, response) => sendHtml(response, '<title>Not found</title>', 404),
    'a page of another program': (_request, response) => sendHtml(response, '<title>Sign in to acme</title>'),
    'a redirect': (_request, response) => sendHtml(response, '', 302, { Location: 'https://login.acme.example/' }),
    'JSON of its own': (_request, response) => sendJson(response, { reason: 'blocked' }, 403),
  };
  const behind =
    (serie: string, answer: Respond): Respond =>
    (request, response) => {
      const odoo = jsonRpcOdoo(serie, (_call, reply) => sendResult(reply, 3));
      (request.path.startsWith('/web/session') ? answer : odoo)(request, response);
    };

  it.each(Object.keys(shut))('goes by JSON-RPC when it answers with %s, and is told so once', async (what) => {
    double = await startDouble(behind('17.0', shut[what] ?? (() => undefined)));
    const warnings: string[] = [];
    const odoo = client({ warn: (message) => warnings.push(message) });
    expect(await read(odoo)).toBe(3);
    expect(await read(odoo)).toBe(3);
    expect((await odoo.version()).protocol).toBe('jsonrpc');
    expect(warnings).toEqual([
      'acme does not answer on /web/session, so it is spoken to over JSON-RPC: let that through, which is quicker, or set its protocol to jsonrpc.',
    ]);
    expect(double.requests.filter(({ path }) => path.startsWith('/web/session'))).toHaveLength(1);
  });

  it('names the shut door when nothing else is open, either', async () => {
    const odoo17 = behind('17.0', (_request, response) => sendHtml(response, '<title>Forbidden</title>', 403));
    double = await startDouble((request, response) => {
      if (request.body.includes('authenticate')) sendHtml(response, '<title>No</title>', 405);
      else odoo17(request, response);
    });
    await expect(read(client({}))).rejects.toMatchObject({
      code: 'odoo_not_odoo',
      message: expect.stringMatching(/HTTP 403 with a page titled "Forbidden"/) as unknown,
    });
  });

  it('is not taken elsewhere when it is wrong, nor when the session was asked for', async () => {
    double = await startDouble(behind('17.0', (_request, response) => sendResult(response, { uid: false })));
    await expect(read(client({}))).rejects.toMatchObject({ code: 'odoo_credentials' });
    expect(double.requests.filter(({ body }) => body.includes('"authenticate"'))).toEqual([]);
    await double.stop();

    double = await startDouble((request, response) =>
      request.path === '/web/webclient/version_info'
        ? sendResult(response, { server_version: '17.0', server_serie: '17.0' })
        : sendHtml(response, '<title>Forbidden</title>', 403),
    );
    await expect(read(client({ protocol: 'session' }))).rejects.toMatchObject({ code: 'odoo_not_odoo' });
  });
});
