/**
 * What the service costs: reads a second with 10,000 definitions and 100,000 audit events, against a bare server that
 * sends the same bytes; start to ready; memory at rest; an automatic sync of 50 instances against one.
 *
 *   node --import tsx tests/bench/service.ts [--json] [--seconds 5] [--definitions 10000] [--events 100000]
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { pino } from 'pino';
import { createAuthenticate } from '../../src/app/service/authenticate.js';
import { RefusalLog } from '../../src/app/service/authenticate-refusals.js';
import type { InstanceCheck } from '../../src/app/service/instance-check.js';
import { createFirstKey } from '../../src/app/service/keys.js';
import type { Store } from '../../src/app/service/store.js';
import { SyncQueue } from '../../src/app/service/sync-queue.js';
import { apiRoutes, createApp, httpDefaults, startServer } from '../../src/http/index.js';
import { openStore } from '../../src/store/index.js';
import { ServiceWorld, somebody } from '../support/service-world.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    definitions: { type: 'string', default: '10000' },
    events: { type: 'string', default: '100000' },
    instances: { type: 'string', default: '50' },
  },
});
const [SECONDS, DEFINITIONS, EVENTS, INSTANCES] = [flags.seconds, flags.definitions, flags.events, flags.instances].map(
  Number,
) as [number, number, number, number];
const NETWORK_DELAY_MS = 40;

const run = promisify(execFile);
const figures: Record<string, unknown>[] = [];
function report(figure: Record<string, unknown>): void {
  figures.push(figure);
  if (flags.json) return;
  process.stdout.write(
    `${Object.entries(figure)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join('   ')}\n`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'steward-bench-'));
try {
  await reads();
  await manyInstances();
  await processes();
  if (flags.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function fill(store: Store): Promise<void> {
  const check: InstanceCheck = {
    ...{ status: 'in_sync', since: Date.now(), revision: 'f'.repeat(40), odoo: '19.0', digest: 'a'.repeat(64) },
    ...{ counts: null, driftCount: 0, drift: null, problem: null },
    definitions: Array.from({ length: DEFINITIONS }, (_, index) => ({
      ...{ id: `a${String(index).padStart(6, '0')}`, externalId: `acme.a${index}`, name: `Action ${index}` },
      ...{ model: 'res.partner', kind: 'code', file: `actions/a${index}.yaml`, hasSchedule: index % 5 === 0 },
      status: 'in_sync',
    })),
  };
  await store.instances.change('acme', { lastCheck: JSON.stringify(check), checkedAt: Date.now() });
  for (let done = 0; done < EVENTS; done += 1_000) {
    await store.audit.append(
      Array.from({ length: Math.min(1_000, EVENTS - done) }, (_, index) => ({
        ...{
          at: Date.now(),
          actor: `key:${index % 20} ci`,
          action: 'apply.end',
          instance: 'acme',
          target: `t${done + index}`,
        },
        ...{ outcome: 'succeeded' as const, requestId: null, body: '{"status":"applied"}' },
      })),
    );
  }
}

async function reads(): Promise<void> {
  const store = await openStore({ url: null, file: join(folder, 'reads.db') });
  await fill(store);
  const world = new ServiceWorld(store);
  const deps = { ...world.process(), queue: new SyncQueue(world.process()), repositories: new Map<string, never>() };
  const onProblem = (error: unknown): void => console.error(error);
  const refusals = new RefusalLog({ store, now: Date.now, onProblem });
  const { secret } = await createFirstKey({ store, now: Date.now, newId: deps.newId }, 'bench', somebody);
  const unlimited = { perAddress: 1e9, perKey: 1e9, failedPerAddress: 1e9 };
  const app = createApp({
    settings: { ...httpDefaults, rateLimits: unlimited },
    routes: apiRoutes({ ...deps, onPullRequest: () => undefined }),
    authenticate: createAuthenticate({ store, refusals, now: Date.now, onProblem }),
    ...{ refusals, checks: [], log: pino({ level: 'silent' }), newId: deps.newId, version: '0' },
    draining: new AbortController().signal,
  });
  const server = await startServer(app.express, { host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${server.address.port}/api/v1`;
  for (const path of [
    '/instances',
    '/instances/acme/definitions',
    '/instances/acme/applies',
    '/audit',
    '/audit?actor=key:7%20ci',
  ]) {
    const answer = await fetch(base + path, { headers: { Authorization: `Bearer ${secret}` } });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${body}`);
    const ours = await load(base + path, secret);
    const bare = await bareLoad(body);
    report({
      measure: `GET ${path}`,
      bytes: body.length,
      requestsASecond: Math.round(ours.requests),
      p95Ms: ours.p95,
      bareRequestsASecond: Math.round(bare.requests),
      shareOfBare: (ours.requests / bare.requests).toFixed(2),
    });
  }
  await server.stop(1_000);
  await store.close();
}

interface Load {
  readonly requests: number;
  readonly p95: number;
}

/** In a process of its own: it must not share our event loop. */
async function load(url: string, secret: string): Promise<Load> {
  const child = ['node_modules/autocannon/autocannon.js', '--json', '-c', '10', '-d', String(SECONDS)];
  const { stdout } = await run(process.execPath, [...child, '-H', `Authorization=Bearer ${secret}`, url]);
  const { requests, latency } = JSON.parse(stdout) as { requests: { average: number }; latency: { p97_5: number } };
  return { requests: requests.average, p95: latency.p97_5 };
}

/** The same bytes from a server that does nothing else. */
async function bareLoad(body: string): Promise<Load> {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const result = await load(`http://127.0.0.1:${port}/`, 'none');
  server.close();
  return result;
}

async function manyInstances(): Promise<void> {
  const time = async (count: number): Promise<number> => {
    const store = await openStore({ url: null, file: join(folder, `sync-${count}-${Date.now()}.db`) });
    const worlds = Array.from({ length: count }, (_, index) => new ServiceWorld(store, `acme-${index}`));
    for (const world of worlds) {
      const slow = async (): Promise<void> => sleep(NETWORK_DELAY_MS);
      world.odoo.beforeWrite = slow;
      const { reader } = world.odoo;
      const read = reader.read.bind(reader);
      reader.read = async (scope) => {
        await slow();
        return read(scope);
      };
    }
    const all = {
      ...worlds[0]?.process(),
      instances: new Map(worlds.map((world) => [world.name, world.instance] as const)),
    };
    const deps = all as ReturnType<ServiceWorld['process']>;
    const queue = new SyncQueue(deps);
    const started = performance.now();
    const wish = { cause: 'poll', byPerson: false, overrideWindow: false, reason: null } as const;
    for (const world of worlds) queue.request(world.name, somebody, wish);
    await deps.background.drain(120_000);
    const took = performance.now() - started;
    await store.close();
    return took;
  };
  await time(1);
  const [one, many] = [await time(1), await time(INSTANCES)];
  report({
    measure: `automatic sync of ${INSTANCES} instances, ${NETWORK_DELAY_MS} ms of network a call`,
    oneMs: Math.round(one),
    allMs: Math.round(many),
    timesOne: (many / one).toFixed(1),
  });
}

/** The built service as a process of its own: how soon it is ready, and what it holds at rest. */
async function processes(): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'ignore' });
  for (const count of [0, INSTANCES]) {
    const home = mkdtempSync(join(folder, 'home-'));
    const names = Array.from({ length: count }, (_, index) => `acme-${index}`);
    const instances = names.map(
      (name) =>
        `  ${name}: { url: "http://127.0.0.1:9", database: x, sync: { poll: "off", check_drift: "off" }, credentials: { sync: { login: x, api_key: "\${KEY}" } } }`,
    );
    if (count > 0) writeFileSync(join(home, 'instances.yaml'), `instances:\n${instances.join('\n')}\n`);
    const started = performance.now();
    const child = spawn(process.execPath, [join(process.cwd(), 'dist/main.js')], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, KEY: 'k', STEWARD_LISTEN: '127.0.0.1:3999', STEWARD_STATE: home },
      stdio: 'ignore',
    });
    try {
      await ready('http://127.0.0.1:3999/readyz');
      const readyMs = performance.now() - started;
      await sleep(3_000);
      const metrics = await (await fetch('http://127.0.0.1:3999/metrics')).text();
      const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? NaN);
      report({
        measure: `the service at rest with ${count} instances`,
        startToReadyMs: Math.round(readyMs),
        limitMs: 1_000,
        residentMB: Math.round(bytes / 1e6),
        limitMB: 120,
      });
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
  }
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.status === 200) return;
    await sleep(10);
  }
  throw new Error('The service did not become ready');
}
