import { spawn } from 'node:child_process';
import { closeSync, existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { odooEnvironment, serverIn } from './chroot.js';
import { lastLines, openLog } from './command.js';
import { OdooToolError } from './fault.js';
import { removeFile } from './json-file.js';
import { configFileOf, writeOdooConfig, type OdooConfig } from './odoo-config.js';
import { installFolder, logFileOf, type OdooVersion } from './paths.js';
import type { Cluster } from './postgres.js';
import { poll } from './poll.js';
import { endProcess, isRunning, ownIdentity, readIdentity } from './process-identity.js';
import { step } from './progress.js';
import { serverRecords, type ServerRecord } from './records.js';

export interface ServerPlan extends OdooConfig {
  readonly id: string;
  readonly version: OdooVersion;
  /** An exclusive server belongs to this process and dies with it. */
  readonly isExclusive: boolean;
}

export function urlOf(server: { port: number }): string {
  return `http://127.0.0.1:${server.port}`;
}

/** Starts an Odoo server and waits until it answers. */
export async function startServer(plan: ServerPlan, cluster: Cluster): Promise<ServerRecord> {
  const { id, version } = plan;
  const config = writeOdooConfig(version, id, cluster, plan);
  const logFile = logFileOf(`odoo-${id}`);
  const line = serverIn(
    installFolder(version),
    { command: 'odoo', args: ['--config', config] },
    { diesWithParent: plan.isExclusive },
  );
  if (existsSync(logFile) && statSync(logFile).size > 20_000_000) renameSync(logFile, `${logFile}.old`);
  const log = openLog(logFile);
  const child = spawn(line.command, [...line.args], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: odooEnvironment,
  });
  closeSync(log);
  child.unref();
  const identity = readIdentity(child.pid ?? 0);
  if (!identity) throw didNotStart(version, logFile);
  const owner = plan.isExclusive ? ownIdentity() : null;
  const server: ServerRecord = { id, version, port: plan.port, process: identity, logFile, owner };
  serverRecords.write(server); // before it is ready, so that it is found and stopped if this process ends now
  await step(`starting Odoo ${version}`, () => waitUntilReady(server));
  return server;
}

/** Stops a server and forgets it; false when it was not running. */
export async function stopServer(server: ServerRecord, how: 'orderly' | 'killed' = 'orderly'): Promise<boolean> {
  const signal = how === 'killed' ? 'SIGKILL' : 'SIGTERM';
  const stopped = await step(`stopping Odoo ${server.version}`, () => endProcess(server.process, signal, 10_000));
  removeFile(join(installFolder(server.version), configFileOf(server.id)));
  serverRecords.remove(server);
  return stopped;
}

async function waitUntilReady(server: ServerRecord): Promise<void> {
  const isReady = await poll(async () => !isRunning(server.process) || (await isAnswering(server)), 90_000, 100);
  if (isReady && isRunning(server.process)) return;
  await stopServer(server);
  throw didNotStart(server.version, server.logFile);
}

/** Whether the server answers at all, asked for a file: other answers depend on the databases it has. */
export async function isAnswering(server: { port: number }): Promise<boolean> {
  try {
    const answer = await fetch(`${urlOf(server)}/web/static/img/favicon.ico`, {
      redirect: 'manual',
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5_000),
    });
    await answer.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function didNotStart(version: OdooVersion, logFile: string): OdooToolError {
  return new OdooToolError(`Odoo ${version} did not start:\n${lastLines(logFile, 15)}\nAll of it: ${logFile}`);
}
