import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { access, chmod, mkdtemp, readFile, readlink, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  buildImage,
  commandOf,
  createIgnore,
  environmentOf,
  inImage,
  parseDockerfile,
  valuesOf,
} from './dockerfile.js';

const run = promisify(execFile);
const context = join(import.meta.dirname, '../../..');
const text = readFileSync(join(context, 'Dockerfile'), 'utf8');
const stages = parseDockerfile(text);
const final = stages.at(-1) ?? { image: '', name: '', instructions: [] };
const only = (name: string): string => {
  const values = valuesOf(final, name);
  if (values.length !== 1) throw new Error(`${values.length} lines of ${name}, not one`);
  return values[0] ?? '';
};
const command = [...commandOf(only('ENTRYPOINT')), ...commandOf(only('CMD'))];
const manifest = JSON.parse(readFileSync(join(context, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

describe('the Dockerfile', () => {
  it('names an image by a Node line that is supported for long, and no other', () => {
    const images = [...new Set(stages.map(({ image }) => image))];
    expect(images).toHaveLength(1);
    const line = Number(/^node:(\d+)-slim$/.exec(images[0] ?? '')?.[1]);
    expect(line).toBeGreaterThanOrEqual(24);
    expect(line % 2).toBe(0);
  });

  it('runs as a user that is not root, is stopped by SIGTERM, and says whether it lives', () => {
    expect(only('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(only('STOPSIGNAL')).toBe('SIGTERM');
    expect(only('HEALTHCHECK')).toContain('/healthz');
    expect(command).toEqual(['odoo-steward', 'serve']);
  });

  it('fetches nothing but packages, and lets none of them run a script', () => {
    expect(text.match(/\w+:\/\/[^/\s'"]*/g)).toEqual(['http://127.0.0.1:']);
    const installs = stages.flatMap((stage) => valuesOf(stage, 'RUN')).filter((value) => /\bnpm (ci|i)/.test(value));
    expect(installs).toHaveLength(2);
    for (const install of installs) expect(install).toContain('--ignore-scripts');
  });

  it('is sent no settings and no secrets', () => {
    const isIgnored = createIgnore(readFileSync(join(context, '.dockerignore'), 'utf8'));
    for (const path of ['.env', 'config/instances.yaml', 'config/staging.key', '.git/config', 'node_modules/pg/x.js'])
      expect([path, isIgnored(path)]).toEqual([path, true]);
    for (const path of ['src/main.ts', 'config/samples/instances.yaml', 'config/tooling/tsconfig.build.json'])
      expect([path, isIgnored(path)]).toEqual([path, false]);
  });
});

describe('the image', () => {
  let folder: string;
  let root: string;
  let environment: Record<string, string>;
  let url: string;
  let service: ChildProcess | undefined;
  let said = '';

  /** As the container would: its user (where we may choose), its variables, its folder, and nothing of ours. */
  const start = ([program = '', ...args]: readonly string[]): ChildProcess => {
    const [uid = 0, gid = 0] = only('USER').split(':').map(Number);
    return spawn(program === 'node' ? process.execPath : program, args, {
      cwd: join(root, only('WORKDIR')),
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    });
  };
  const exitOf = async (child: ChildProcess): Promise<unknown> => ((await once(child, 'exit')) as unknown[])[0];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odoo-steward-image-'));
    await chmod(folder, 0o755);
    root = await buildImage({ stages, context, folder });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const own = Object.entries(environmentOf(final)).map(([name, value]) => [name, inImage(root, value)]);
    environment = {
      ...(Object.fromEntries(own) as Record<string, string>),
      STEWARD_LISTEN: (environmentOf(final)['STEWARD_LISTEN'] ?? '').replace(/\d+$/, String(port)),
      PATH: `${join(root, 'usr/local/bin')}:${process.env['PATH'] ?? ''}`,
      HOME: '/nonexistent',
    };
    const started = start(command);
    service = started;
    started.stderr?.on('data', (part: Buffer) => (said += part.toString()));
    started.stdout?.resume();
    await listening(started, () => said);
  }, 240_000);
  afterAll(async () => {
    service?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('holds the packages that the service needs, and none that only its making needs', async () => {
    for (const name of Object.keys(manifest.dependencies)) await access(join(root, 'app/node_modules', name));
    for (const name of ['typescript', 'jest', 'eslint', 'prettier', 'tsx'].filter(
      (one) => one in manifest.devDependencies,
    ))
      await expect(access(join(root, 'app/node_modules', name))).rejects.toThrow('ENOENT');
    await expect(access(join(root, 'app/src'))).rejects.toThrow('ENOENT');
  });

  it('serves its health, its readiness, its document and the page about it', async () => {
    for (const [path, expected] of [
      ['/healthz', '{"status":"alive"}'],
      ['/readyz', '"status":"ready"'],
      ['/openapi.json', '"openapi":"3.1.0"'],
      ['/docs', '<title>odoo-steward API</title>'],
      ['/docs/swagger-ui.css', '.swagger-ui'],
    ] as const) {
      const answer = await fetch(`${url}${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).toContain(expected);
    }
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
  });

  it('keeps its records in the folder for them, readable by its user alone', async () => {
    const { mode, uid } = await stat(join(environment['STEWARD_STATE'] ?? '', 'steward.db'));
    expect(mode & 0o777).toBe(0o600);
    if (process.getuid?.() === 0) expect(`${uid}`).toBe(only('USER').split(':')[0]);
    if (process.platform === 'linux')
      expect(await readFile(`/proc/${service?.pid ?? 0}/status`, 'utf8')).toMatch(/^Uid:\s+[1-9]/m);
  });

  it('has the command line under its name', async () => {
    const link = await readlink(join(root, 'usr/local/bin/odoo-steward'));
    expect(link).toBe(join(root, 'app/dist/cli.js'));
    const { stdout } = await run('odoo-steward', ['--help'], { env: environment });
    expect(stdout).toContain('Usage: odoo-steward');
  });

  it('makes a key where the service looks for it', async () => {
    const child = start([...commandOf(only('ENTRYPOINT')), 'keys', 'create']);
    let key = '';
    child.stdout?.on('data', (part: Buffer) => (key += part.toString()));
    child.stderr?.resume();
    await once(child, 'close');
    const answer = await fetch(`${url}/api/v1/me`, { headers: { Authorization: `Bearer ${key.trim()}` } });
    expect([answer.status, await answer.json()]).toMatchObject([200, { scopes: ['*:admin'] }]);
  });

  // One after the other: the last one ends the service.
  it('is healthy while it runs, ends with 0 on SIGTERM, and is not healthy any more', async () => {
    const healthcheck = commandOf(only('HEALTHCHECK'));
    expect(await exitOf(start(healthcheck))).toBe(0);
    if (service === undefined) throw new Error('There is no service');
    const ended = exitOf(service);
    service.kill('SIGTERM');
    expect([await ended, said]).toEqual([0, expect.stringContaining('Stopping')]);
    expect(await exitOf(start(healthcheck))).toBe(1);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(child: ChildProcess, said: () => string): Promise<void> {
  while (!said().includes('listens on')) {
    if (child.exitCode !== null) throw new Error(`The service ended at once: ${said()}`);
    await sleep(50);
  }
}
