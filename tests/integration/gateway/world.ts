import { afterAll, beforeAll } from '@jest/globals';
import { connect, type CallEvent, type OdooClient, type Protocol } from '../../../src/odoo/index.js';
import { createActionRunner, createLiveReader, createLiveWriter } from '../../../src/odoo/gateway/index.js';
import type { ActionWrite, LiveScope, ScheduleWrite } from '../../../src/app/ports.js';
import type { Values } from '../../../src/domain/plan/values.js';
import { startOdoo, type OdooVersion, type TemplateName, type TestDatabase } from '../../odoo/index.js';
import { startFaultyProxy, type Fate } from '../../support/faulty-proxy.js';

/** Every way to speak to each version that is tested for real. */
export const wires: readonly { version: OdooVersion; protocol: Protocol }[] = [
  { version: '14', protocol: 'jsonrpc' },
  { version: '14', protocol: 'xmlrpc' },
  { version: '14', protocol: 'session' },
  { version: '19', protocol: 'json2' },
  { version: '19', protocol: 'jsonrpc' },
  { version: '19', protocol: 'xmlrpc' },
  { version: '19', protocol: 'session' },
];

/** The cheapest way for each version, for tests whose subject is no wire. */
export const versions: readonly { version: OdooVersion; protocol: Protocol }[] = [
  { version: '14', protocol: 'jsonrpc' },
  { version: '19', protocol: 'json2' },
];

export const SECRET_URL = 'https://hooks.example/T0/secret-path';

/** A database of its own, and the gateway over it. */
export async function openWorld(version: OdooVersion, protocol: Protocol, template: TemplateName = 'base') {
  const odoo = await startOdoo(version);
  const database = await odoo.createDatabase(template);
  const calls: CallEvent[] = [];
  const client = connectTo(database, protocol, (event) => calls.push(event));
  return {
    odoo,
    database,
    client,
    /** What the client did since this was last asked, finding out about the server left out. */
    takeCalls: (): string[] =>
      calls
        .splice(0)
        .filter((call) => call.phase === 'call' && call.method !== 'fields_get')
        .map((call) => `${call.model}.${call.method}`),
    reader: createLiveReader(client, { database: database.name }),
    writer: createLiveWriter(client, { resolveSecret: () => SECRET_URL, busyTimeoutMs: 600 }),
    runner: createActionRunner(client),
    /** A second line to this database, on which each call of a method meets its fate. */
    async lineWhere(method: string, fate: Fate) {
      const proxy = await startFaultyProxy(database.url);
      let met = 0;
      proxy.decide = (body, path) => {
        if (!isCallOf(method, body, path)) return 'pass';
        met += 1;
        return fate;
      };
      const behind = connectTo({ ...database, url: proxy.url }, protocol);
      return {
        client: behind,
        /** How many calls met it. */
        met: (): number => met,
        async close(): Promise<void> {
          behind.close();
          await proxy.close();
        },
      };
    },
    async close(): Promise<void> {
      client.close();
      await odoo.dispose();
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The world of all tests in the describe block that calls this: there before the first, gone after the last. */
export function worldFor(version: OdooVersion, protocol: Protocol, template: TemplateName = 'base'): World {
  let opened: World | null = null;
  beforeAll(async () => {
    opened = await openWorld(version, protocol, template);
  });
  afterAll(() => opened?.close());
  return new Proxy({} as World, {
    get(_, key) {
      if (opened === null) throw new Error('the world is not open yet');
      return Reflect.get(opened, key) as unknown;
    },
  });
}

/** The method stands in the path (JSON-2) or in the body (the others). */
const isCallOf = (method: string, body: string, path: string): boolean =>
  path.endsWith(`/${method}`) || body.includes(`"${method}"`);

export function connectTo(
  database: TestDatabase,
  protocol: Protocol,
  onCall: (event: CallEvent) => void = () => {},
): OdooClient {
  const { admin } = database;
  return connect({
    instance: `odoo-${database.version}`,
    url: database.url,
    database: database.name,
    protocol,
    credential:
      protocol === 'session'
        ? { login: admin.login, secret: admin.password ?? '', kind: 'password' }
        : { login: admin.login, secret: admin.apiKey, kind: 'api_key' },
    onCall,
  });
}

/** What the planner would ask about with the actions and schedules of these tests. */
export const scope: LiveScope = {
  namespace: 'house',
  references: [
    { model: 'res.groups', reference: 'base.group_system' },
    { model: 'res.groups', reference: 'base.group_user' },
    { model: 'res.users', reference: 'base.user_root' },
    { model: 'res.users', reference: 'base.user_admin' },
  ],
  secretDigests: new Map(),
};

export function codeAction(more: Values = {}): Values {
  return {
    name: 'Note it',
    model: 'res.partner',
    kind: 'code',
    sequence: 5,
    groups: ['base.group_system'],
    binding: null,
    code: "log('noted')\n",
    ...more,
  };
}

/** An action of another kind: what every action has, and the kind's own fields. */
export function action(kind: string, more: Values): Values {
  const { code: _, ...common } = codeAction();
  return { ...common, kind, ...more };
}

export function create(id: string, values: Values): ActionWrite {
  return {
    externalId: `house.${id}`,
    recordId: null,
    values,
    fields: Object.keys(values),
    help: `<p>Managed: ${id}</p>`,
  };
}

export function update(id: string, recordId: number, values: Values, ...fields: string[]): ActionWrite {
  return { externalId: `house.${id}`, recordId, values, fields, help: `<p>Managed: ${id}, again</p>` };
}

export function schedule(id: string, more: Values = {}): ScheduleWrite {
  const values = { action: `house.${id}`, every: '1 day', user: 'base.user_root', priority: 5, active: true, ...more };
  return {
    externalId: `house.${id}_schedule`,
    recordId: null,
    actionExternalId: `house.${id}`,
    actionRecordId: null,
    values,
    fields: Object.keys(values),
    firstRunAt: '2031-05-06 02:30:00',
    help: null,
  };
}

/** The live values of our actions, by the end of their external ID. */
export async function liveActions({ reader }: World, more: Partial<LiveScope> = {}) {
  const { actions } = await reader.read({ ...scope, ...more });
  return new Map(actions.map((one) => [one.externalId?.replace('house.', '') ?? `#${one.recordId}`, one] as const));
}

export function only<T>(list: readonly T[]): T {
  const [first, ...others] = list;
  if (first === undefined || others.length > 0) throw new Error(`one was expected, and there are ${list.length}`);
  return first;
}
