import { afterAll, beforeAll, describe } from '@jest/globals';

import { connect, type ConnectOptions, type OdooClient, type Protocol } from '../../../src/odoo/index.js';
import { startOdoo, type OdooVersion, type TestDatabase } from '../../odoo/index.js';

interface Way {
  readonly protocol: Protocol;
  readonly kind: 'api_key' | 'password';
}

const rpc: readonly Way[] = [
  { protocol: 'jsonrpc', kind: 'api_key' },
  { protocol: 'xmlrpc', kind: 'api_key' },
  { protocol: 'session', kind: 'password' },
];

/** What each version speaks. */
export const ways: Readonly<Record<OdooVersion, readonly Way[]>> = {
  '14': rpc,
  '19': [{ protocol: 'json2', kind: 'api_key' }, ...rpc],
};

export interface Target extends Way {
  readonly version: OdooVersion;
  readonly database: TestDatabase;
  /** The administrator's client, made once. */
  readonly odoo: OdooClient;
  /** Another client, to be closed by whoever made it. */
  open(more?: Partial<ConnectOptions>): OdooClient;
}

export function optionsOf(database: TestDatabase, { protocol, kind }: Way): ConnectOptions {
  const { login, apiKey, password } = database.admin;
  const secret = kind === 'password' ? (password ?? '') : apiKey;
  return {
    instance: 'acme',
    url: database.url,
    database: database.name,
    credential: { login, secret, kind },
    protocol,
  };
}

/** The same tests, on a real Odoo of each version, over each protocol it speaks. One database a version. */
export function describeEachWay(title: string, tests: (target: Target) => void): void {
  describe.each(['19', '14'] as const)(`on Odoo %s, ${title}`, (version) => {
    let database: TestDatabase | undefined;
    beforeAll(async () => {
      database = await (await startOdoo(version)).createDatabase('base');
    });
    afterAll(() => database?.drop());

    describe.each(ways[version].map((way) => [way.protocol, way] as const))('over %s', (_protocol, way) => {
      const clients: OdooClient[] = [];
      let administrator: OdooClient | undefined;
      afterAll(() => clients.forEach((client) => client.close()));
      const target: Target = {
        ...way,
        version,
        get database() {
          if (database === undefined) throw new Error('the database is made before the first test');
          return database;
        },
        get odoo() {
          return (administrator ??= target.open());
        },
        open(more = {}) {
          const client = connect({ ...optionsOf(target.database, way), ...more });
          clients.push(client);
          return client;
        },
      };
      tests(target);
    });
  });
}
