/**
 * What a sync costs on top of the calls that write the rows: 1,000 server actions and 200 schedules, first all new, then
 * all changed, against a bare replay of the very same `load` calls on another copy of the database; a client that makes
 * one call a record; plans of 1,000 and 10,000 unchanged definitions; one changed definition.
 *
 *   node --import tsx tests/bench/sync.ts [--json] [--rounds 3] [--actions 1000] [--schedules 200] [--large 10000] [--odoo 19,14]
 */
import { parseArgs } from 'node:util';
import { createLiveWriter } from '../../src/odoo/gateway/index.js';
import type { OdooClient, OdooContext } from '../../src/odoo/index.js';
import { releaseAll, startOdoo, type OdooVersion, type TestDatabase, type TestOdoo } from '../odoo/index.js';
import { clientFor, codeDefinition, SyncHarness, type Files } from '../support/sync-harness.js';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    actions: { type: 'string', default: '1000' },
    schedules: { type: 'string', default: '200' },
    large: { type: 'string', default: '10000' },
    single: { type: 'string', default: '20' },
    odoo: { type: 'string', default: '19,14' },
  },
});
const [ROUNDS, ACTIONS, SCHEDULES, LARGE, SINGLE] = [
  flags.rounds,
  flags.actions,
  flags.schedules,
  flags.large,
  flags.single,
].map(Number) as [number, number, number, number, number];
const everything = { guard: { minOwned: 1_000_000, maxShare: 1 } };

interface Load {
  readonly model: string;
  readonly fields: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly context: OdooContext | undefined;
}

const figures: Record<string, unknown>[] = [];

function report(figure: Record<string, unknown>): void {
  figures.push(figure);
  if (!flags.json)
    process.stdout.write(
      `${Object.entries(figure)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join('   ')}\n`,
    );
}

/** 30 lines of code an action; every fifth has a schedule when there are five times as many actions. */
function definitions(actions: number, schedules: number, generation: number): Files {
  const files: Files[] = [];
  for (let index = 0; index < actions; index += 1) {
    const lines = Array.from({ length: 30 }, (_, line) => `value_${line} = ${index} + ${line} + ${generation}`);
    const schedule =
      index < schedules ? `schedule:\n  every: ${generation + 1} days\n  first_run: "2030-01-01T02:00:00Z"\n` : '';
    files.push(codeDefinition(`a${String(index).padStart(5, '0')}`, `${lines.join('\n')}\n`, schedule));
  }
  return Object.assign({}, ...files) as Files;
}

/** Keeps the `load` calls that go through it, to send the same ones bare. */
function recording(client: OdooClient, loads: Load[]): OdooClient {
  return new Proxy(client, {
    get(target, name) {
      if (name === 'load') {
        const load: OdooClient['load'] = (model, fields, rows, options) => {
          loads.push({ model, fields, rows, context: options?.context });
          return target.load(model, fields, rows, options);
        };
        return load;
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

async function timed<T>(work: () => Promise<T>): Promise<[milliseconds: number, T]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

async function syncAgainstBare(odoo: TestOdoo): Promise<void> {
  const ratios: Record<'new' | 'changed', { ours: number[]; bare: number[] }> = {
    new: { ours: [], bare: [] },
    changed: { ours: [], bare: [] },
  };
  const recorded = new Map<string, readonly Load[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const [a, b] = [await odoo.createDatabase('base'), await odoo.createDatabase('base')];
    const sync = new SyncHarness(a, 'auto');
    const bare = clientFor(b, b.sync, 'auto');
    await Promise.all([sync.client.version(), bare.version()]);
    await warmUp(sync.client, bare);
    for (const [phase, generation] of [
      ['new', 0],
      ['changed', 1],
    ] as const) {
      const loads: Load[] = [];
      sync.writer = createLiveWriter(recording(sync.client, loads), { resolveSecret: () => '' });
      sync.files = definitions(ACTIONS, SCHEDULES, generation);
      sync.takeCalls();
      const before = recorded.get(phase);
      // Whoever comes second finds Odoo warmer: by turns, once there are calls to replay.
      const isBareFirst = before !== undefined && round % 2 === 1;
      const early = isBareFirst ? await replay(bare, before) : null;
      const [ours] = await timed(async () => {
        const result = await sync.apply(await sync.plan(everything));
        if (result.outcome !== 'applied') throw new Error(`The sync ended as ${result.outcome}`);
      });
      const calls = sync.takeCalls().length;
      recorded.set(phase, loads);
      ratios[phase].ours.push(ours);
      ratios[phase].bare.push(early ?? (await replay(bare, loads)));
      if (round === 0)
        report({ odoo: odoo.version, measure: `calls of a sync, all ${phase}`, calls, loads: loads.length });
    }
    sync.close();
    bare.close();
    await Promise.all([a.drop(), b.drop()]);
  }
  for (const [phase, { ours, bare }] of Object.entries(ratios)) {
    const pairs = ours.map((value, index) => value / (bare[index] ?? NaN));
    report({
      odoo: odoo.version,
      measure: `${ACTIONS} actions, ${SCHEDULES} schedules, all ${phase}`,
      oursMs: Math.round(median(ours)),
      bareLoadsMs: Math.round(median(bare)),
      ratio: median(pairs).toFixed(2),
      limit: 1.25,
    });
  }
}

async function replay(bare: OdooClient, loads: readonly Load[]): Promise<number> {
  const [milliseconds] = await timed(async () => {
    for (const { model, fields, rows, context } of loads)
      await bare.load(model, fields, rows, context === undefined ? {} : { context });
  });
  return milliseconds;
}

/** The first calls of a database load its registry: nobody's figure. */
async function warmUp(...clients: readonly OdooClient[]): Promise<void> {
  for (const client of clients) {
    await client.fieldsGet('ir.actions.server');
    await client.fieldsGet('ir.cron');
    await client.searchRead('ir.cron', { domain: [], fields: ['cron_name'] });
  }
}

/** Measured on a few records, because all of them would take minutes; the figure says so. */
async function onePerRecord(odoo: TestOdoo, protocol: 'jsonrpc'): Promise<void> {
  const database = await odoo.createDatabase('base');
  const client = clientFor(database, database.admin, protocol);
  await warmUp(client);
  const [model] = await client.search('ir.model', [['model', '=', 'res.partner']]);
  const [single] = await timed(async () => {
    for (let index = 0; index < SINGLE; index += 1) {
      const [id] = await client.create('ir.actions.server', [
        { name: `s${index}`, model_id: model, state: 'code', code: 'x = 1\n' },
      ]);
      await client.create('ir.model.data', [
        { module: 'acme', name: `s${index}`, model: 'ir.actions.server', res_id: id },
      ]);
    }
  });
  const sync = new SyncHarness(database, 'auto');
  sync.files = definitions(ACTIONS, 0, 0);
  const [bulk] = await timed(async () => sync.apply(await sync.plan(everything)));
  report({
    odoo: odoo.version,
    measure: `one call a record over ${protocol}, against our sync`,
    msARecordSingly: (single / SINGLE).toFixed(1),
    measuredOn: `${SINGLE} records`,
    msARecordOurs: (bulk / ACTIONS).toFixed(2),
    timesLess: (single / SINGLE / (bulk / ACTIONS)).toFixed(0),
  });
  client.close();
  sync.close();
  await database.drop();
}

async function unchangedPlans(odoo: TestOdoo): Promise<void> {
  for (const count of [ACTIONS, LARGE]) {
    const database: TestDatabase = await odoo.createDatabase('base');
    const sync = new SyncHarness(database, 'auto', undefined, { limits: { timeoutMs: 600_000 } });
    sync.files = definitions(count, Math.round(count / 5), 0);
    const result = await sync.apply(await sync.plan(everything));
    if (result.outcome !== 'applied') throw new Error(`The sync ended as ${result.outcome}`);
    sync.calls.length = 0;
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const [milliseconds, made] = await timed(() => sync.plan());
    report({
      odoo: odoo.version,
      measure: `a plan of ${count} unchanged definitions`,
      calls: sync.calls.filter((event) => event.phase === 'call').length,
      limit: 4,
      changes: made.plan.changes.length,
      milliseconds: Math.round(milliseconds),
      inOdooMs: Math.round(Math.max(...sync.calls.map((event) => event.durationMs))),
      megabytesReceived: (sync.calls.reduce((sum, event) => sum + event.bytesReceived, 0) / 1e6).toFixed(1),
      megabytesMoreResident: Math.round((process.memoryUsage().rss - before) / 1e6),
    });
    if (count === ACTIONS) await oneChanged(sync, odoo.version);
    sync.close();
    await database.drop();
  }
}

async function oneChanged(sync: SyncHarness, version: OdooVersion): Promise<void> {
  const [path = ''] = Object.keys(sync.files).filter((name) => name.endsWith('.py'));
  sync.files = { ...sync.files, [path]: 'changed = 1\n' };
  sync.takeCalls();
  const [milliseconds] = await timed(async () => sync.apply(await sync.plan()));
  report({
    odoo: version,
    measure: `one changed definition of ${ACTIONS}: plan, apply, read back`,
    calls: sync.takeCalls().length,
    limit: 6,
    milliseconds: Math.round(milliseconds),
  });
}

try {
  for (const version of (['19', '14'] as const).filter((one) => flags.odoo.split(',').includes(one))) {
    const odoo = await startOdoo(version);
    await syncAgainstBare(odoo);
    await onePerRecord(odoo, 'jsonrpc');
    await unchangedPlans(odoo);
    await odoo.dispose();
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await releaseAll();
}
