import { afterEach, describe, expect, it } from '@jest/globals';

import {
  connect,
  type CallEvent,
  type ConnectOptions,
  type FieldsCache,
  type ModelFields,
} from '../../../src/odoo/index.js';
import { jsonRpcOdoo, sendJson, sendResult } from '../../support/odoo-double/answers.js';
import { startDouble, type Double } from '../../support/odoo-double/double.js';

let double: Double | undefined;
afterEach(() => double?.stop());

const options = (url: string, more: Partial<ConnectOptions> = {}): ConnectOptions => ({
  instance: 'acme',
  url,
  database: 'prod',
  credential: { login: 'sync', secret: 's3cret-key', kind: 'api_key' },
  protocol: 'auto',
  ...more,
});

describe('connect', () => {
  it('sends nothing before the first call', async () => {
    double = await startDouble(jsonRpcOdoo('17.0', (_request, response) => sendResult(response, [])));
    connect(options(double.url)).close();
    expect(double.requests).toEqual([]);
  });

  it('probes and signs in once, then spends one request a call', async () => {
    const events: CallEvent[] = [];
    double = await startDouble(
      jsonRpcOdoo('17.0', (_request, response) => sendResult(response, [{ id: 1, name: 'A' }])),
    );
    const odoo = connect(options(double.url, { onCall: (event) => events.push(event) }));
    await Promise.all([
      odoo.searchRead('res.partner', { domain: [], fields: ['name'] }),
      odoo.searchRead('res.partner', { domain: [], fields: ['name'] }),
    ]);
    await odoo.searchRead('res.partner', { domain: [], fields: ['name'] });
    expect(events.map(({ phase, transport, method, outcome }) => [phase, transport, method, outcome])).toEqual([
      ['probe', 'json2', 'version', 'ok'],
      ['probe', 'jsonrpc', 'version', 'ok'],
      ['login', 'jsonrpc', 'authenticate', 'ok'],
      ['call', 'jsonrpc', 'search_read', 'ok'],
      ['call', 'jsonrpc', 'search_read', 'ok'],
      ['call', 'jsonrpc', 'search_read', 'ok'],
    ]);
    odoo.close();
  });

  it('speaks JSON-2 to 19 with a key: named arguments, the key as bearer, the database as a header', async () => {
    double = await startDouble((request, response) => {
      if (request.path === '/web/version') sendJson(response, { version: '19.0', version_info: [] });
      else sendJson(response, [3, 4]);
    });
    const odoo = connect(options(double.url));
    expect(await odoo.search('res.partner', [['id', '>', 2]], { limit: 2, context: { active_test: false } })).toEqual([
      3, 4,
    ]);
    const sent = double.requests[1];
    expect(sent?.path).toBe('/json/2/res.partner/search');
    expect(sent?.headers).toMatchObject({ authorization: 'Bearer s3cret-key', 'x-odoo-database': 'prod' });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      domain: [['id', '>', 2]],
      limit: 2,
      context: { active_test: false },
    });
    odoo.close();
  });

  it('leaves out of a header what HTTP cannot carry there: a key with a line end adds no header', async () => {
    double = await startDouble((request, response) => {
      if (request.path === '/web/version') sendJson(response, { version: '19.0', version_info: [] });
      else sendJson(response, 5);
    });
    const credential = { login: 'sync', secret: 'kéy中\r\nX-More: 1\n', kind: 'api_key' } as const;
    const odoo = connect(options(double.url, { credential }));
    expect(await odoo.searchCount('res.partner', [])).toBe(5);
    const { headers } = double.requests[1] ?? {};
    expect(headers).toMatchObject({ authorization: 'Bearer kéyX-More: 1', host: new URL(double.url).host });
    expect(headers).not.toHaveProperty('x-more');
    odoo.close();
  });

  it('asks a model for its fields again when a cached answer lacks one: a module was installed', async () => {
    double = await startDouble(
      jsonRpcOdoo('17.0', (request, response) => {
        const isFields = request.body.includes('fields_get');
        sendResult(response, isFields ? { x_new: { type: 'char' } } : [{ id: 1, x_new: false }]);
      }),
    );
    const stored: ModelFields[] = [];
    const fieldsCache: FieldsCache = {
      get: () => ({ name: { type: 'char' } }),
      set: (_key, fields) => stored.push(fields),
    };
    const odoo = connect(options(double.url, { fieldsCache }));
    expect(await odoo.searchRead('res.partner', { domain: [], fields: ['x_new'] })).toEqual([{ id: 1, x_new: null }]);
    expect(stored).toEqual([{ x_new: { type: 'char' } }]);
    odoo.close();
  });
});
