import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { load, mistakesOf } from '../../support/settings-folder.js';

const short = {
  ODOO_URL: 'https://odoo.acme.example/',
  ODOO_DB: 'acme',
  ODOO_LOGIN: 'steward',
  ODOO_API_KEY: 'k3y-very-secret',
};

describe('settings from variables', () => {
  it('describe one instance without any file', () => {
    const settings = load({
      ...short,
      STEWARD_ENVIRONMENT: 'production',
      STEWARD_DEFINITIONS: 'defs',
    });
    const [instance] = settings.instances;
    expect(instance).toMatchObject({
      name: 'default',
      url: 'https://odoo.acme.example',
      database: 'acme',
      environment: 'production',
      protocol: 'auto',
      definitions: { kind: 'folder' },
      credentials: {
        sync: { login: 'steward', kind: 'api_key', isFallback: false },
        run: { isFallback: true },
      },
    });
    expect(instance?.credentials.monitor.secret.reveal()).toBe('k3y-very-secret');
  });

  it('come from .env, and the environment goes before it', () => {
    const env = {
      '.env': 'ODOO_URL=https://a.example\nODOO_DB=file\nODOO_LOGIN=x\nODOO_API_KEY=y\n',
    };
    expect(load({ ODOO_DB: 'environment' }, env).instances[0]).toMatchObject({
      url: 'https://a.example',
      database: 'environment',
    });
  });

  it('name every mistake at once, each with its variable', () => {
    const mistakes = mistakesOf({
      ODOO_URL: 'odoo.example.com',
      ODOO_API_KEY: 'k3y-very-secret',
      ODOO_PASSWORD: 'hunter2-very-secret',
      ODOO_PROTOCOL: 'json-rpc',
      STEWARD_ENVIRONMENT: 'Production',
      STEWARD_LOG_LEVEL: 'loud',
      STEWARD_DEBUG: 'yes',
      STEWARD_CASHE: '/tmp',
      STEWARD_DEFINITIONS_REF: 'main',
      STEWARD_SECRET_HOOK: 'https://hooks.example/very-secret',
      STEWARD_SECRET_HOOK_FILE: '/nowhere',
      STEWARD_SECRET_OTHER_FILE: '/nowhere',
    });
    expect(mistakes).toMatchInlineSnapshot(`
     "error: ODOO_URL is \`odoo.example.com\`: write an address that begins with https:// (or http://)
     error: ODOO_PROTOCOL is \`json-rpc\`: did you mean jsonrpc?
     error: STEWARD_ENVIRONMENT is \`Production\`: write the name of an environment in small letters, such as production
     error: STEWARD_LOG_LEVEL is \`loud\`: write one of error, warn, info, debug
     error: STEWARD_DEBUG is \`yes\`: write one of 0, 1
     error: STEWARD_SECRET_HOOK and STEWARD_SECRET_HOOK_FILE are both set: keep one
     error: STEWARD_SECRET_OTHER_FILE: the file cannot be read (ENOENT): mend the path or its rights
     error: STEWARD_CASHE is not read: did you mean STEWARD_CACHE?
     error: STEWARD_DEFINITIONS_REF says nothing without STEWARD_DEFINITIONS: set that, too
     error: ODOO_DB is not set
     error: ODOO_API_KEY and ODOO_PASSWORD are both set: keep one
     error: ODOO_LOGIN: The login is missing: give it, or protocol json2, which needs none"
    `);
    expect(mistakes).not.toContain('very-secret');
  });

  it('say what is missing of the short form', () => {
    expect(
      mistakesOf({
        ODOO_URL: 'https://odoo.acme.example',
        ODOO_DATABASE: 'acme',
      }),
    ).toMatchInlineSnapshot(`
     "warning: ODOO_DATABASE is not read: did you mean ODOO_DB?
     error: ODOO_DB is not set
     error: ODOO_API_KEY is not set (nor ODOO_PASSWORD, which would do as well)
     error: ODOO_LOGIN: The login is missing: give it, or protocol json2, which needs none"
    `);
  });

  it('say how to begin when nothing is set', () => {
    expect(mistakesOf({})).toMatchInlineSnapshot(
      `"error: There is no instance: set ODOO_URL, ODOO_DB, ODOO_LOGIN and ODOO_API_KEY, or write config/instances.yaml or instances.yaml (config/samples/instances.yaml is an example)"`,
    );
  });

  it('refuse a short form beside a file, rather than choose the wrong database', () => {
    expect(mistakesOf(short, { 'instances.yaml': 'instances: {}\n' })).toContain(
      'ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_API_KEY and instances.yaml both name instances',
    );
  });

  it('need no login where JSON-2 is demanded', () => {
    const { ODOO_LOGIN: _, ...rest } = short;
    expect(load({ ...rest, ODOO_PROTOCOL: 'json2' }).instances[0]?.credentials.sync.login).toBe('');
    expect(mistakesOf(rest)).toContain('ODOO_LOGIN: The login is missing');
  });

  it('leave the variables alone that a cluster sets beside ours', () => {
    expect(
      load({
        ...short,
        STEWARD_SERVICE_HOST: '10.0.0.1',
        ODOO_PORT: 'tcp://10.0.0.1:8069',
      }).warnings,
    ).toEqual([]);
  });

  it.each([
    ['https://git.example.com/a.git', { kind: 'git', url: 'https://git.example.com/a.git' }],
    ['git@git.example.com:acme/a.git', { kind: 'git', url: 'git@git.example.com:acme/a.git' }],
    ['/srv/definitions', { kind: 'folder', folder: '/srv/definitions' }],
  ])('tell a folder from a git address: %s', (text, expected) => {
    expect(load({ ...short, STEWARD_DEFINITIONS: text }).instances[0]?.definitions).toMatchObject(expected);
  });

  it('keep state and cache where the desktop conventions say', () => {
    expect(load(short)).toMatchObject({
      stateFolder: '/home/me/.local/state/odoo-steward',
      cacheFolder: '/home/me/.cache/odoo-steward',
    });
    expect(load({ ...short, STEWARD_STATE: '/var/lib/x', XDG_CACHE_HOME: '/c' })).toMatchObject({
      stateFolder: '/var/lib/x',
      cacheFolder: '/c/odoo-steward',
    });
  });

  it('warn of http:// to another machine', () => {
    expect(load({ ...short, ODOO_URL: 'http://odoo.acme.example' }).warnings).toMatchObject([{ code: 'plain_http' }]);
    expect(load({ ...short, ODOO_URL: 'http://localhost:8069' }).warnings).toEqual([]);
    expect(load({ ...short, ODOO_URL: 'http://odoo:8069' }).warnings).toEqual([]);
  });

  it('are frozen, and show no secret however they are printed', () => {
    const settings = load({
      ...short,
      STEWARD_SECRET_HOOK: 'https://hooks.example/very-secret',
    });
    expect(Object.isFrozen(settings.instances[0]?.credentials.sync)).toBe(true);
    expect(
      JSON.stringify(settings) +
        inspect(settings, { depth: 9 }) +
        String(settings.instances[0]?.credentials.sync.secret),
    ).not.toContain('very-secret');
    expect(settings.secrets.names()).toEqual(['HOOK']);
    expect(settings.secrets.digest('HOOK')).toMatch(/^[0-9a-f]{64}$/);
    expect(settings.secrets.digest('OTHER')).toBeNull();
    expect(settings.secrets.describe('OTHER')).toBe('STEWARD_SECRET_OTHER');
    expect(settings.secrets.reveal('HOOK')).toBe('https://hooks.example/very-secret');
  });
});
