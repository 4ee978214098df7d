import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { loadSettings } from '../../../src/settings/index.js';
import { folderWith, load, mistakesOf } from '../../support/settings-folder.js';

const one = {
  ODOO_URL: 'https://odoo.acme.example',
  ODOO_DB: 'acme',
  ODOO_LOGIN: 'steward',
  ODOO_API_KEY: 'k3y',
};
const serviceOf = (environment: Record<string, string>) => load({ ...one, ...environment }).service;
const bare = (environment: Record<string, string> = {}, files: Record<string, string> = {}) =>
  loadSettings({
    environment: { HOME: '/home/me', ...environment },
    folder: folderWith(files),
    needsInstance: false,
  });

describe('the service', () => {
  it('listens on this machine alone and keeps a SQLite file when nothing is set', () => {
    expect(load(one).service).toEqual({
      listen: { host: '127.0.0.1', port: 3000 },
      publicUrl: null,
      databaseUrl: null,
      databaseFile: '/home/me/.local/state/odoo-steward/steward.db',
      trustProxy: false,
      metrics: 'open',
      retentionDays: 90,
    });
  });

  it.each([
    ['127.0.0.1:3000', '127.0.0.1', 3000],
    ['0.0.0.0:80', '0.0.0.0', 80],
    [':3000', '0.0.0.0', 3000],
    ['*:3000', '0.0.0.0', 3000],
    ['[::]:3000', '::', 3000],
    ['[::1]:0', '::1', 0],
    ['localhost:8080', 'localhost', 8080],
    ['steward-1.internal:8080', 'steward-1.internal', 8080],
  ])('listens on %s', (text, host, port) => {
    expect(serviceOf({ STEWARD_LISTEN: text }).listen).toEqual({ host, port });
  });

  it.each([
    ['3000', 'did you mean 127.0.0.1:3000 (this machine alone) or :3000 (the network, too)?'],
    ['localhost', 'the port is missing: did you mean localhost:3000?'],
    ['10.0.0.1', 'the port is missing: did you mean 10.0.0.1:3000?'],
    ['::1', 'an IPv6 address stands in [ ], followed by the port: did you mean [::1]:3000?'],
    ['fe80::1:2:3:4:5:6:70000', 'did you mean [fe80::1:2:3:4:5:6]:70000?'],
    ['[localhost]:3000', '[ ] hold an IPv6 address, such as'],
    ['127.0.0.1:70000', 'write a port of at most 65535'],
    ['127.0.0:3000', '`127.0.0` is no address of a machine'],
    ['http://localhost:3000', 'write it without http://, such as 127.0.0.1:3000'],
    ['a b:3000', '`a b` is no address of a machine'],
    ['127.0.0.1:', 'write HOST:PORT'],
  ])('does not listen on %s, and says why', (text, message) => {
    expect(mistakesOf({ ...one, STEWARD_LISTEN: text })).toContain(message);
  });

  it.each([
    ['1', 1],
    ['0', false],
    ['10.0.0.7', ['10.0.0.7']],
    ['10.0.0.0/8, fd00::/8,loopback', ['10.0.0.0/8', 'fd00::/8', 'loopback']],
  ])('trusts exactly the proxies that are named: %s', (text, trusted) => {
    expect(serviceOf({ STEWARD_TRUST_PROXY: text }).trustProxy).toEqual(trusted);
  });

  it.each([
    ['true', 'that lets every caller forge its address: write how many proxies stand in front'],
    ['*', 'that lets every caller forge its address'],
    ['0.0.0.0/0', '`0.0.0.0/0` lets every caller forge its address: name the proxies alone'],
    ['10.0.0.7,::/0', '`::/0` lets every caller forge its address'],
    ['false', 'leave it out, or write 0, when there is no proxy'],
    ['100', 'more than 16 proxies in a row are surely not meant'],
    ['-1', '`-1` is no address'],
    ['lopback', '`lopback` is no address: did you mean loopback?'],
    ['10.0.0.0/33', '`10.0.0.0/33`: write 1 to 32 behind the /'],
    ['10.0.0.0/255.0.0.0', 'write 1 to 32 behind the /'],
    ['10.0.0.0/8/8', '`10.0.0.0/8/8` is no address'],
    [',', 'write how many proxies stand in front'],
  ])('does not trust %s, and says why', (text, message) => {
    expect(mistakesOf({ ...one, STEWARD_TRUST_PROXY: text })).toContain(message);
  });

  it.each([
    ['on this machine alone', {}, 'open'],
    ['on this machine alone, over IPv6', { STEWARD_LISTEN: '[::1]:3000' }, 'open'],
    ['on the network', { STEWARD_LISTEN: ':3000' }, 'key'],
    ['behind a proxy, which hands on what comes from elsewhere', { STEWARD_TRUST_PROXY: '1' }, 'key'],
    ['on the network, opened on purpose', { STEWARD_LISTEN: ':3000', STEWARD_METRICS: 'open' }, 'open'],
    ['on this machine alone, closed on purpose', { STEWARD_METRICS: 'key' }, 'key'],
  ])('shows its metrics %s', (_, environment, metrics) => {
    expect(serviceOf(environment).metrics).toBe(metrics);
  });

  it('keeps the address of PostgreSQL secret', () => {
    const settings = load({
      ...one,
      DATABASE_URL: 'postgresql://u:very-secret@db.example:5432/steward?sslmode=require',
    });
    expect(settings.service.databaseUrl?.reveal()).toContain('very-secret');
    expect(JSON.stringify(settings) + inspect(settings, { depth: 9 })).not.toContain('very-secret');
    expect(
      serviceOf({
        DATABASE_URL: 'postgres:///steward?host=/var/run/postgresql',
      }).databaseUrl,
    ).not.toBeNull();
  });

  it.each([
    [
      'mysql://u:very-secret@db/steward',
      'only PostgreSQL is spoken here: write postgres://USER:PASSWORD@HOST:5432/DATABASE',
    ],
    ['very-secret', 'only PostgreSQL is spoken here'],
    ['sqlite:///very-secret.db', 'leave it out for SQLite, which is then kept as steward.db in STEWARD_STATE'],
    ['postgres://u:very-secret@db.example:5432', 'the name of the database is missing'],
    ['postgres://u:very#secret@db/steward', '%23'],
    ['postgres://u:very-secret/x@db/steward', '%2F'],
  ])('refuses another database address without quoting it: %s', (text, message) => {
    const mistakes = mistakesOf({ ...one, DATABASE_URL: text });
    expect(mistakes).toContain('DATABASE_URL cannot be used: ');
    expect(mistakes).toContain(message);
    expect(mistakes).not.toMatch(/very|@db/);
  });

  it('takes the address for people without a slash at its end, and warns of http://', () => {
    expect(serviceOf({ STEWARD_PUBLIC_URL: 'https://ops.example/steward/' }).publicUrl).toBe(
      'https://ops.example/steward',
    );
    expect(load({ ...one, STEWARD_PUBLIC_URL: 'http://ops.example' }).warnings).toMatchObject([{ code: 'plain_http' }]);
  });

  it('counts its retention in days', () => {
    expect(serviceOf({ STEWARD_RETENTION: '7' }).retentionDays).toBe(7);
    expect(mistakesOf({ ...one, STEWARD_RETENTION: '30d' })).toContain('write the days alone: did you mean 30?');
    expect(mistakesOf({ ...one, STEWARD_RETENTION: '0' })).toContain('write a number of days from 1 to 3650');
  });

  it.each([
    ['STEWARD_PORT', 'STEWARD_LISTEN'],
    ['STEWARD_LISTN', 'STEWARD_LISTEN'],
    ['STEWARD_DATABASE_URL', 'DATABASE_URL'],
    ['STEWARD_URL', 'STEWARD_PUBLIC_URL'],
  ])('says what %s is called here', (name, ours) => {
    expect(mistakesOf({ ...one, [name]: '3000' })).toBe(`error: ${name} is not read: did you mean ${ours}?`);
  });

  it('warns of a name that is nearly DATABASE_URL, and lets a cluster set STEWARD_PORT', () => {
    expect(load({ ...one, DATABSE_URL: 'x' }).warnings).toMatchObject([
      { message: 'DATABSE_URL is not read: did you mean DATABASE_URL?' },
    ]);
    expect(load({ ...one, STEWARD_PORT: 'tcp://10.0.0.1:3000' }).warnings).toEqual([]);
  });
});

describe('the service without any instance', () => {
  it('starts when nothing is set, and knows how to add one', () => {
    const settings = bare({ STEWARD_LISTEN: ':8080' });
    expect(settings.instances).toEqual([]);
    expect(settings.service.listen.port).toBe(8080);
    expect(settings.howToAddInstance).toMatch(
      /^There is no instance: set ODOO_URL, .* or write config\/instances\.yaml/,
    );
    expect(load(one).howToAddInstance).toBeNull();
  });

  it.each(['defaults: { environment: production }\n', 'instances:\n', 'instances: {}\n'])(
    'starts with a file that names none, which is a mistake where one is needed: %j',
    (text) => {
      const files = { 'config/instances.yaml': text };
      expect(bare({}, files).howToAddInstance).toMatch(/name one under `instances` in config\/instances\.yaml/);
      expect(mistakesOf({}, files)).toMatch(/^config\/instances\.yaml:1:\d+ error: There is no instance: name one/);
    },
  );

  it('does not start with mistakes', () => {
    expect(() => bare({ STEWARD_LISTEN: 'x' })).toThrow('The settings have a mistake');
    expect(() => bare({}, { 'instances.yaml': 'instanses: {}\n' })).toThrow('The settings have a mistake');
  });
});

describe('ten mistakes', () => {
  it('in variables and in the file are all told at once, each with its place', () => {
    const environment = {
      STEWARD_LISTEN: '3000',
      STEWARD_PUBLIC_URL: 'steward.example.com',
      DATABASE_URL: 'mysql://steward:hunter2@db/steward',
      STEWARD_TRUST_PROXY: 'true',
      STEWARD_METRICS: 'opn',
      STEWARD_RETENTION: 'forever',
      STEWARD_POLL: '5m',
      STEWARD_LOG_LEVL: 'info',
    };
    const file = `
instances:
  acme:
    url: https://odoo.acme.example
    database: acme
    credentials: { sync: { login: s, api_key: "\${KEY}" } }
    sync:
      policy: automatik
      windows: [{ allow: mon-fri 8-18 }]
repositories:
  - { url: "https://git.example.com/acme/actions", forge: githb, token: hunter2-too }
`;
    const mistakes = mistakesOf(environment, { 'instances.yaml': file });
    expect(mistakes).toMatchInlineSnapshot(`
     "error: STEWARD_LISTEN is \`3000\`: did you mean 127.0.0.1:3000 (this machine alone) or :3000 (the network, too)?
     error: STEWARD_PUBLIC_URL is \`steward.example.com\`: write an address that begins with https:// (or http://)
     error: STEWARD_TRUST_PROXY is \`true\`: that lets every caller forge its address: write how many proxies stand in front, such as 1, or their addresses, such as 10.0.0.7,192.168.0.0/16
     error: STEWARD_METRICS is \`opn\`: did you mean open?
     error: DATABASE_URL cannot be used: only PostgreSQL is spoken here: write postgres://USER:PASSWORD@HOST:5432/DATABASE, or leave it out for SQLite
     error: STEWARD_RETENTION is \`forever\`: write a number of days from 1 to 3650
     instances.yaml:6:47 error: KEY is not set: put it into the environment or .env
     instances.yaml:8:15 error: \`policy\` is \`automatik\`: did you mean \`automatic\`?
     instances.yaml:9:26 error: \`allow\` is \`mon-fri 8-18\`: \`8-18\` are not two times of the day: did you mean \`08:00-18:00\`?
     instances.yaml:11:59 error: \`forge\` is \`githb\`: did you mean \`github\`?
     instances.yaml:11:73 error: \`token\` holds the token itself, which must not stand in a file that is shared: put it into a variable (in .env, for example FORGE_TOKEN=…) and write \`\${FORGE_TOKEN}\`, or \`{file: PATH}\`
     error: STEWARD_LOG_LEVL is not read: did you mean STEWARD_LOG_LEVEL?
     warning: STEWARD_POLL is not read: there is no such setting"
    `);
    expect(mistakes.match(/error:/g)?.length).toBeGreaterThanOrEqual(10);
    expect(mistakes).not.toContain('hunter2');
  });
});
