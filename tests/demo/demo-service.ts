import { spawn } from 'node:child_process';
import { closeSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createKey, revokeKey } from '../../src/app/service/keys.js';
import { openServiceStore } from '../../src/cli-service.js';
import { localOperator } from '../../src/domain/access/may-do.js';
import { lastLines, openLog } from '../odoo/command.js';
import { cacheRoot, logFileOf } from '../odoo/paths.js';
import { poll } from '../odoo/poll.js';
import { isRunning, readIdentity } from '../odoo/process-identity.js';
import { companionRecords, type CompanionRecord } from '../odoo/records.js';
import { stopCompanions } from '../odoo/services.js';
import { DemoStopped } from './show.js';

const root = join(import.meta.dirname, '..', '..');
const FIRST_PORT = 3000;
const KEY_NAME = 'demo';

export type DemoSettings = Readonly<Record<string, string>>;

/** Where the demo's service and its command lines keep their records. */
export const demoState = (): string => join(cacheRoot(), 'demo', 'state');

/** This run has started a service, or is about to: what stops the run stops that as well. */
const own = { isStarted: false };

/** A service in the background, in the place of the one of an earlier demo; it stays until "npm run odoo -- down". */
export async function startDemoService(settings: DemoSettings): Promise<CompanionRecord> {
  await stopCompanions();
  own.isStarted = true;
  const port = await freePortFrom(FIRST_PORT);
  const folder = join(cacheRoot(), 'demo');
  mkdirSync(folder, { recursive: true });
  const logFile = logFileOf('demo-service');
  const log = openLog(logFile);
  const child = spawn(
    process.execPath,
    ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), join(root, 'src/main.ts')],
    {
      detached: true,
      stdio: ['ignore', log, log],
      // Neither the .env of the checkout nor the settings of whoever starts the demo are meant here.
      cwd: folder,
      env: { ...machineVariables(), ...settings, STEWARD_LISTEN: `127.0.0.1:${port}` },
    },
  );
  closeSync(log);
  child.unref();
  const identity = readIdentity(child.pid ?? 0);
  const url = `http://127.0.0.1:${port}`;
  if (identity === null) throw didNotStart(logFile);
  const record = { id: 'demo', name: 'the service of the demo', process: identity, url, logFile };
  companionRecords.write(record); // before it is ready, so that it is found and stopped if this process ends now
  await poll(async () => !isRunning(identity) || (await isReady(url)), 30_000, 100);
  if (!isRunning(identity) || !(await isReady(url))) throw didNotStart(logFile);
  return record;
}

export async function stopDemoService(): Promise<void> {
  if (own.isStarted) await stopCompanions();
}

/** A new key that may do everything; those of earlier demos are revoked. Returns the key itself. */
export async function makeDemoKey(settings: DemoSettings): Promise<string> {
  const source = { environment: settings, folder: join(cacheRoot(), 'demo'), stderr: silent };
  const { store, user, newId } = await openServiceStore(source);
  try {
    const deps = { store, now: Date.now, newId };
    const by = { ...localOperator(user), requestId: null };
    const { items } = await store.keys.list({ limit: 200, cursor: null });
    for (const { id, name, revokedAt } of items)
      if (name === KEY_NAME && revokedAt === null) await revokeKey(deps, id, by);
    const scopes = [{ instances: '*', verb: 'admin' }] as const;
    return (await createKey(deps, { name: KEY_NAME, scopes, expiresAt: null }, by)).secret;
  } finally {
    await store.close();
  }
}

/** Three calls to try, each complete. `key`: what was made for them. */
export function curlExamples(url: string, key: string): string {
  const call = `curl -s -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json'`;
  const plans = `${call} -d '{}' ${url}/api/v1/instances/default/plans`;
  const digest = `node -pe 'JSON.parse(require("fs").readFileSync(0)).digest'`;
  return [
    `export KEY=${key}`,
    `curl -s -H "Authorization: Bearer $KEY" ${url}/api/v1/instances`,
    plans,
    `DIGEST=$(${plans} | ${digest}) && ${call} -H 'Prefer: wait=60' -d "{\\"digest\\":\\"$DIGEST\\"}" ${url}/api/v1/instances/default/applies`,
  ].join('\n');
}

const silent = { write: () => undefined, isTerminal: false, hasColor: false };

/** What a program needs to run at all, and nothing that sets ours. */
function machineVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !/^(STEWARD_|ODOO_|DATABASE_URL$|NODE_OPTIONS$)/.test(entry[0]),
    ),
  );
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 100; port++) if (await isFree(port)) return port;
  throw new DemoStopped(`No port from ${first} to ${first + 99} of 127.0.0.1 is free: end what listens there.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

const didNotStart = (logFile: string): DemoStopped =>
  new DemoStopped(`The service did not start:\n${lastLines(logFile, 15)}\nAll of it: ${logFile}`);
