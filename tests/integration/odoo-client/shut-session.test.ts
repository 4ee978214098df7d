import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { connect, type OdooClient } from '../../../src/odoo/index.js';
import { startOdoo, type TestDatabase } from '../../odoo/index.js';
import { startFaultyProxy, type FaultyProxy } from '../../support/faulty-proxy.js';

describe.each(['19', '14'] as const)('behind a proxy that shuts the web session of a real Odoo %s', (version) => {
  let database: TestDatabase;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    database = await (await startOdoo(version)).createDatabase('base');
    proxy = await startFaultyProxy(database.url);
  }, 600_000);
  afterAll(async () => {
    await proxy.close();
    await database.drop();
  });

  async function withPassword<T>(work: (odoo: OdooClient, warnings: readonly string[]) => Promise<T>): Promise<T> {
    const warnings: string[] = [];
    const { login, password } = database.admin;
    const odoo = connect({
      ...{ instance: 'acme', url: proxy.url, database: database.name, protocol: 'auto' },
      credential: { login, secret: password ?? '', kind: 'password' },
      warn: (message) => warnings.push(message),
    });
    try {
      return await work(odoo, warnings);
    } finally {
      odoo.close();
    }
  }

  it('a password reads and writes over JSON-RPC, and its owner is told why', async () => {
    proxy.decide = (_body, path) => (path.startsWith('/web/session') ? 'forbidden' : 'pass');
    await withPassword(async (odoo, warnings) => {
      const [partner = 0] = await odoo.create('res.partner', [{ name: 'Behind a proxy' }]);
      expect(await odoo.read('res.partner', [partner], ['name'])).toEqual([{ id: partner, name: 'Behind a proxy' }]);
      expect(await odoo.version()).toMatchObject({ protocol: 'jsonrpc', uid: database.admin.uid });
      expect(warnings[0]).toMatch(/^acme does not answer on \/web\/session, so it is spoken to over JSON-RPC: /);
    });
  });

  it('a password goes over XML-RPC where that alone is left open', async () => {
    proxy.decide = (_body, path) => (/^\/(xmlrpc\/2\/|web\/version)/.test(path) ? 'pass' : 'forbidden');
    await withPassword(async (odoo) => {
      expect(await odoo.version()).toMatchObject({ protocol: 'xmlrpc', uid: database.admin.uid });
    });
  });

  it('a wrong password is refused, and not tried elsewhere', async () => {
    const asked: string[] = [];
    proxy.decide = (_body, path) => (asked.push(path), 'pass');
    const { login } = database.admin;
    const credential = { login, secret: 'wrong', kind: 'password' } as const;
    const odoo = connect({ instance: 'acme', url: proxy.url, database: database.name, protocol: 'auto', credential });
    await expect(odoo.searchCount('res.partner', [])).rejects.toMatchObject({ code: 'odoo_credentials' });
    expect(asked.filter((path) => path === '/web/session/authenticate')).toHaveLength(1);
    expect(asked.filter((path) => path.startsWith('/xmlrpc'))).toEqual([]);
    odoo.close();
  });
});
