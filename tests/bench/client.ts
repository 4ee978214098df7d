/**
 * What the client costs on top of the wire: one read over each protocol, against a bare keep-alive `node:http` call with
 * the same bytes, by turns in one run, so that both meet the same machine. The bare call has its answer as any caller of
 * JSON would: parsed by `JSON.parse`, and looked at no further; of XML it has the text alone. Other clients from the npm registry are
 * measured beside it where they are installed.
 *
 *   node --import tsx tests/bench/client.ts [--json] [--calls 150] [--others-from FOLDER]
 */
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { connect, type OdooClient, type Protocol } from '../../src/odoo/index.js';
import type { WireReply, WireRequest } from '../../src/odoo/http.js';
import { transports } from '../../src/odoo/transports/index.js';
import { chooseDatabase, readSessionCookie } from '../../src/odoo/transports/cookie.js';
import { releaseAll, startOdoo, type OdooVersion, type TestDatabase } from '../odoo/index.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    calls: { type: 'string', default: '150' },
    'others-from': { type: 'string', default: process.cwd() },
  },
});
const CALLS = Number(flags.calls);
/** Enough for V8 to have compiled both; as many at once as the client lets through. */
const WARM_UP = { rounds: 100, atOnce: 4 };

type Call = () => Promise<unknown>;

interface Payload {
  readonly name: string;
  readonly model: string;
  readonly domain: readonly unknown[];
  readonly fields: readonly string[];
}

const payloads: readonly Payload[] = [
  { name: 'one user', model: 'res.users', domain: [['id', '=', 2]], fields: ['login', 'active'] },
  {
    name: 'fields of one model',
    model: 'ir.model.fields',
    domain: [['model', '=', 'res.partner']],
    fields: ['name', 'ttype', 'field_description'],
  },
];

const ways: Readonly<Record<OdooVersion, readonly Protocol[]>> = {
  '14': ['jsonrpc', 'xmlrpc', 'session'],
  '19': ['json2', 'jsonrpc', 'xmlrpc', 'session'],
};

interface Figure {
  readonly odoo: OdooVersion;
  readonly protocol: string;
  readonly payload: string;
  readonly client: string;
  readonly medianMs: number;
  readonly bareMs: number;
  /** Median of the ratios of neighbours in time. */
  readonly ratio: number;
}

const figures: Figure[] = [];
for (const version of ['19', '14'] as const) {
  const database = await (await startOdoo(version)).createDatabase('base');
  for (const protocol of ways[version]) {
    for (const payload of payloads) await measureProtocol(database, protocol, payload);
  }
  await database.drop();
}
await releaseAll();
print();

async function measureProtocol(database: TestDatabase, protocol: Protocol, payload: Payload): Promise<void> {
  const odoo = clientOf(database, protocol);
  const { model, domain, fields } = payload;
  const ours: Call = () => odoo.searchRead(model, { domain, fields });
  const bare = await bareCall(database, protocol, payload, odoo);
  await measure(database, protocol, payload, 'odoo-steward', ours, bare);
  for (const [client, theirs] of await otherClients(database, protocol, payload)) {
    await measure(database, protocol, payload, client, theirs, bare);
  }
  odoo.close();
}

async function measure(
  { version: odoo }: TestDatabase,
  protocol: Protocol,
  { name: payload }: Payload,
  client: string,
  call: Call,
  bare: Call,
): Promise<void> {
  const pairs: { client: number; bare: number }[] = [];
  for (const each of [call, bare]) {
    for (let i = 0; i < WARM_UP.rounds; i += 1) await Promise.all(Array.from({ length: WARM_UP.atOnce }, each));
  }
  for (let i = 0; i < CALLS; i += 1) {
    const isFirst = i % 2 === 0;
    const early = isFirst ? await timed(call) : await timed(bare);
    const late = isFirst ? await timed(bare) : await timed(call);
    pairs.push(isFirst ? { client: early, bare: late } : { client: late, bare: early });
  }
  const ratio = median(pairs.map((pair) => pair.client / pair.bare));
  const medianMs = median(pairs.map((pair) => pair.client));
  const bareMs = median(pairs.map((pair) => pair.bare));
  figures.push({ odoo, protocol, payload, client, medianMs, bareMs, ratio });
}

function clientOf({ url, name, admin }: TestDatabase, protocol: Protocol): OdooClient {
  const kind = protocol === 'session' ? 'password' : 'api_key';
  const secret = kind === 'password' ? (admin.password ?? '') : admin.apiKey;
  const credential = { login: admin.login, secret, kind } as const;
  const limits = { requestsPerSecond: 10_000 };
  return connect({ instance: 'bench', url, database: name, credential, protocol, limits });
}

/** The same bytes, sent and read by nothing but Node. */
async function bareCall(database: TestDatabase, protocol: Protocol, payload: Payload, odoo: OdooClient): Promise<Call> {
  const transport = transports[protocol];
  const { url, name, admin } = database;
  const kind = protocol === 'session' ? ('password' as const) : ('api_key' as const);
  const secret = kind === 'password' ? (admin.password ?? '') : admin.apiKey;
  const account = { database: name, credential: { login: admin.login, secret, kind } };
  const agent = new http.Agent({ keepAlive: true });
  const { uid, major } = await odoo.version();
  const chosen =
    major < 16 && transport.wantsChosenDatabase
      ? readSessionCookie(await send(url, agent, chooseDatabase(name)))
      : null;
  const signedIn =
    protocol === 'session' ? readSessionCookie(await send(url, agent, transport.loginRequest(account, chosen))) : null;
  const { model, domain, fields } = payload;
  const call = { model, method: 'search_read', args: { domain, fields } };
  const request = transport.callRequest(account, { uid, cookie: signedIn ?? chosen }, call);
  const isJson = protocol !== 'xmlrpc';
  return async () => {
    const text = (await send(url, agent, request)).body.toString('utf8');
    return isJson ? (JSON.parse(text) as unknown) : text;
  };
}

function send(url: string, agent: http.Agent, { method, path, headers, body }: WireRequest): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const length = { 'Content-Length': Buffer.byteLength(body ?? '') };
    const request = http.request(url + path, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function timed(call: Call): Promise<number> {
  const startedAt = performance.now();
  await call();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

interface OtherClient {
  connect?(): Promise<unknown>;
  authenticate?(): Promise<unknown>;
  searchRead(...args: readonly unknown[]): Promise<unknown>;
}
type OtherConstructor = new (options: Record<string, unknown>) => OtherClient;

/** The npm clients of the same protocol that are installed there, signed in. */
async function otherClients(database: TestDatabase, protocol: Protocol, payload: Payload): Promise<[string, Call][]> {
  const { url, name: db, admin } = database;
  const { protocol: scheme, hostname, port } = new URL(url);
  const { model, domain, fields } = payload;
  const account = { db, username: admin.login, password: admin.apiKey };
  const apart = { ...account, baseUrl: `${scheme}//${hostname}`, port: Number(port) };
  const others: Call[] = [];
  const names: string[] = [];
  const add = async (
    name: string,
    part: string,
    options: Record<string, unknown>,
    options4: readonly unknown[],
  ): Promise<void> => {
    const Other = load(name, part);
    if (Other === null) return;
    const client = new Other(options);
    await (client.connect?.() ?? client.authenticate?.());
    others.push(() => client.searchRead(model, domain, ...options4));
    names.push(name);
  };
  if (protocol === 'xmlrpc') {
    await add('odoo-await', '', apart, [fields, {}]);
    await add('odoo-xmlrpc-ts', 'OdooClient', { ...account, url }, [{ fields }]);
  }
  if (protocol === 'jsonrpc') {
    await add('@fernandoslim/odoo-jsonrpc', 'default', { ...apart, apiKey: admin.apiKey }, [fields, {}]);
  }
  return others.map((call, i) => [names[i] ?? '', call]);
}

function load(name: string, part: string): OtherConstructor | null {
  try {
    const loaded = createRequire(join(flags['others-from'], 'package.json'))(name) as Record<string, OtherConstructor>;
    return part === '' ? (loaded as unknown as OtherConstructor) : (loaded[part] ?? null);
  } catch {
    return null;
  }
}

function print(): void {
  if (flags.json) {
    console.log(JSON.stringify({ calls: CALLS, figures }, null, 2));
    return;
  }
  console.table(
    figures.map(({ medianMs, bareMs, ratio, ...rest }) => ({
      ...rest,
      medianMs: medianMs.toFixed(2),
      bareMs: bareMs.toFixed(2),
      ratio: ratio.toFixed(3),
    })),
  );
}
