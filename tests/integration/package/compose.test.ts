import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadSettings } from '../../../src/settings/index.js';
import { variableNames } from '../../../src/settings/variables.js';
import { commandOf, parseDockerfile, valuesOf } from './dockerfile.js';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'compose.yaml'), 'utf8');

/** Strict: a key that is misspelled, or that nobody looked at here, fails. */
const compose = z
  .strictObject({
    name: z.string(),
    services: z.record(
      z.string(),
      z.strictObject({
        image: z.string(),
        build: z.literal('.').optional(),
        restart: z.literal('unless-stopped'),
        init: z.boolean().optional(),
        stop_grace_period: z.string().regex(/^\d+s$/),
        depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
        environment: z.record(z.string(), z.string().nullable()),
        secrets: z.array(z.string()).optional(),
        configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
        volumes: z.array(z.string()),
        networks: z.array(z.string()),
        ports: z.array(z.string()).optional(),
        healthcheck: z
          .strictObject({
            test: z.array(z.string()),
            interval: z.string(),
            timeout: z.string(),
            retries: z.int(),
            start_period: z.string(),
          })
          .optional(),
        read_only: z.boolean().optional(),
        tmpfs: z.array(z.string()).optional(),
        cap_drop: z.array(z.string()).optional(),
        security_opt: z.array(z.string()).optional(),
      }),
    ),
    secrets: z.record(z.string(), z.strictObject({ environment: z.string() })),
    configs: z.record(z.string(), z.strictObject({ content: z.string() })),
    networks: z.record(z.string(), z.strictObject({ internal: z.boolean() }).nullable()),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(text));
const { services } = compose;
const steward = compose.services['steward'] as (typeof services)[string];

/** What Compose puts in the place of `${NAME:?…}`, and of `$$`. */
const interpolated = (value: string): string => value.replace(/\$\{\w+(:\?[^}]*)?\}/g, '0a1b2c').replace(/\$\$/g, '$');

describe('compose.yaml', () => {
  it('has Odoo, its database, and the service that is made from this folder', () => {
    const images = Object.entries(services).map(([name, { image, build }]) => [name, image, build]);
    expect(images).toEqual([
      ['postgres', 'postgres:16', undefined],
      ['odoo', 'odoo:19', undefined],
      ['steward', 'odoo-steward', '.'],
    ]);
  });

  it('looks after the health of each, and starts none before what it cannot do without', () => {
    for (const name of ['postgres', 'odoo']) expect(services[name]?.healthcheck?.test[0]).toBe('CMD');
    const [final] = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8')).slice(-1);
    expect(final && commandOf(valuesOf(final, 'HEALTHCHECK')[0] ?? '')).toContain('node');
    expect(services['odoo']?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(steward.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  });

  it('is reached from this machine alone, its database from nowhere', () => {
    expect(services['postgres']?.ports).toBeUndefined();
    expect(services['postgres']?.networks.map((name) => compose.networks[name])).toEqual([{ internal: true }]);
    for (const { ports = [] } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('declares each secret, volume, network and file that a service names, and none besides', () => {
    const all = Object.values(services);
    const used = (list: readonly string[]): string[] => [...new Set(list)].sort();
    const declared = (part: object): string[] => Object.keys(part).sort();
    expect(used(all.flatMap(({ secrets = [] }) => secrets))).toEqual(declared(compose.secrets));
    expect(used(all.flatMap(({ networks }) => networks))).toEqual(declared(compose.networks));
    expect(used(all.flatMap(({ configs = [] }) => configs.map(({ source }) => source)))).toEqual(
      declared(compose.configs),
    );
    const volumes = all.flatMap((service) => service.volumes.map((volume) => volume.split(':')[0] ?? ''));
    expect(used(volumes)).toEqual(declared(compose.volumes));
  });

  it('holds no password', () => {
    const passwords = [...text.matchAll(/postgres:\/\/\w+:([^@]*)@/g)].map(([, password = '']) => password);
    expect(passwords).toEqual([expect.stringMatching(/^\$\{DB_PASSWORD_STEWARD:\?/)]);
    const named = Object.values(services).flatMap(({ environment }) => Object.entries(environment));
    for (const [name, value] of named)
      if (/PASSWORD|KEY|SECRET/.test(name) && value !== null) expect(value).toMatch(/^\/run\/secrets\/\w+$/);
  });

  it('gives the service variables that it reads, all but the folders and the address of its image', () => {
    const others = ['STEWARD_CACHE', 'STEWARD_STATE', 'STEWARD_LISTEN', 'STEWARD_DEBUG'];
    const wanted = variableNames.filter((name) => !others.includes(name));
    expect(Object.keys(steward.environment).sort()).toEqual([...wanted].sort());
    const set = Object.entries(steward.environment).flatMap(([name, value]) =>
      value === null ? [] : [[name, interpolated(value)]],
    );
    const environment = Object.fromEntries(set) as Record<string, string>;
    const { service, warnings } = loadSettings({ environment, folder: tmpdir(), needsInstance: false });
    expect(service.databaseUrl?.reveal()).toBe('postgres://steward:0a1b2c@postgres:5432/steward');
    expect(warnings).toEqual([]);
  });

  it('gives the service time to end what is under way, and rights to little else', () => {
    expect(Number.parseInt(steward.stop_grace_period)).toBeGreaterThan(2 * 25);
    expect(steward).toMatchObject({ init: true, read_only: true, cap_drop: ['ALL'] });
  });

  it('makes the databases with a script that a shell can read', () => {
    const script = interpolated(compose.configs['create_databases']?.content ?? '');
    expect(script).toContain('create database steward owner steward;');
    expect(spawnSync('sh', ['-n'], { input: script })).toMatchObject({ status: 0 });
    // The password in DATABASE_URL is that of the role.
    expect(compose.secrets['steward_database_password']).toEqual({ environment: 'DB_PASSWORD_STEWARD' });
  });
});
