import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../src/store/index.js';
import { CliProcess } from '../../support/cli-process.js';

interface ShownKey {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly secret: string;
}

let cli: CliProcess;
beforeEach(() => {
  cli = new CliProcess(
    { url: 'http://127.0.0.1:1', name: 'prod' },
    { login: 'a', apiKey: 'k', password: null, uid: 2 },
  );
});
afterEach(() => cli.remove());

const file = (): string => join(cli.folder, 'state', 'steward.db');

async function create(...options: string[]): Promise<ShownKey> {
  const { code, out } = await cli.run('keys', 'create', ...options, '--json');
  expect(code).toBe(0);
  return JSON.parse(out) as ShownKey;
}

async function listed(): Promise<readonly Record<string, unknown>[]> {
  return (JSON.parse((await cli.run('keys', 'list', '--json')).out) as { keys: Record<string, unknown>[] }).keys;
}

describe('odoo-steward keys', () => {
  it('makes the first key without any option, alone on stdout, and asks for a role from then on', async () => {
    expect((await cli.run('keys', 'list')).out).toContain('There is no key yet');
    const first = await cli.run('keys', 'create');
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^osk_[a-z0-9]{8}_\S{43}\n$/);
    expect(first.err).toMatch(/^Made key [a-z0-9]{8} \("first key of .+"; \*:admin\); it does not expire\./);
    expect(first.err).not.toContain(first.out.trim());
    expect(await cli.run('keys', 'create')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('say what this one may do: --role viewer, support, deployer, admin'),
    });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('gives the rights of a role on some instances, or single ones, for a time', async () => {
    const key = await create('--role', 'support', '--instances', 'acme-*', '--instances', 'x', '--expires', '90d');
    expect(key).toMatchObject({
      scopes: ['acme-*:read', 'acme-*:run', 'x:read', 'x:run'],
      name: expect.stringMatching(/^support of /),
      secret: expect.stringContaining(`osk_${key.prefix}_`),
    });
    expect(await create('--scope', '*:read', '--scope', 'a:drift:accept', '--name', 'ci')).toMatchObject({
      scopes: ['*:read', 'a:drift:accept'],
      name: 'ci',
      expiresAt: null,
    });
    expect((await listed()).map(({ name }) => name)).toEqual(['ci', key.name]);
    expect((await cli.run('keys', 'list')).out).toMatch(/valid, expires in \d+ (days|months)/);
  });

  it('rotates by prefix with an overlap, and revokes for good', async () => {
    const old = await create();
    const rotated = await cli.run('keys', 'rotate', old.prefix, '--overlap', '1h');
    expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^osk_\S+\n$/) });
    expect(rotated.err).toMatch(new RegExp(`^Key ${old.prefix} works for (1 hour|59 minutes) more\\.\n`));
    expect(await listed()).toMatchObject([{ replaces: old.id }, { id: old.id, expiresAt: expect.any(String) }]);
    expect((await cli.run('keys', 'revoke', old.secret)).out).toContain(`Revoked key ${old.prefix}`);
    expect((await cli.run('keys', 'revoke', old.id)).out).toContain('was revoked before');
    expect(await cli.run('keys', 'rotate', old.prefix)).toMatchObject({
      code: 1,
      err: expect.stringContaining('has ended'),
    });
  });

  it('writes each of it into the audit log under the user of the machine, without a secret', async () => {
    const key = await create();
    await cli.run('keys', 'rotate', key.prefix);
    await cli.run('keys', 'revoke', key.prefix);
    const store = await openStore({ url: null, file: file() });
    const { items } = await store.audit.list({}, { limit: 50, cursor: null });
    await store.close();
    expect(items.map(({ action }) => action)).toEqual(['key.revoke', 'key.rotate', 'key.create_first']);
    for (const { actor } of items) expect(actor).toMatch(/^cli:.+/);
    expect(JSON.stringify(items)).not.toContain(key.secret.slice(13));
  });

  it('says in one sentence what is wrong, and shows no secret in it', async () => {
    const secret = 's'.repeat(43);
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['revoke', `osk_ab12cd34_${secret}`], 'There is no key ab12cd34'],
      [['create', '--role', 'admin', '--scope', '*:read'], 'choose one'],
      [['create', '--instances', 'acme'], '--instances goes with --role'],
      [['create', '--scope', 'read'], '"read" is none'],
      [['create', '--role', 'viewer', '--instances', 'A B'], 'no name of an instance'],
      [['create', '--role', 'viewer', '--name', 'a\nb'], 'one line'],
      [['create', '--role', 'boss'], 'Allowed choices are viewer'],
      [['create', '--expires', '90d'], 'the first key may do everything'],
      [['create', '--role', 'viewer', '--expires', 'soon'], '--expires takes'],
    ];
    for (const [argv, words] of cases) {
      const { code, out, err } = await cli.run('keys', ...argv);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^Error: [^\n]+\n$/);
      expect(err).toContain(words);
    }
    expect(cli.printed).not.toContain(secret);
    expect((await listed()).length).toBe(0);
  });

  it('says which file cannot be opened, and why', async () => {
    mkdirSync(join(cli.folder, 'state'));
    writeFileSync(file(), 'this is no database, and long enough to be looked at as one: '.repeat(20));
    chmodSync(file(), 0o600);
    expect(await cli.run('keys', 'list')).toMatchObject({ code: 1, err: expect.stringContaining('steward.db') });
  });
});
