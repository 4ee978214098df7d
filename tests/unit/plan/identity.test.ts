import { describe, expect, it } from '@jest/globals';
import { judgeIdentity } from '../../../src/domain/plan/identity.js';
import { binding, identity } from '../../support/plan-states.js';

const url = 'https://erp.acme.test';

describe('judgeIdentity', () => {
  it.each([
    ['the database that it was bound to', binding, identity, 'same'],
    ['one that was never bound', null, identity, 'unbound'],
    ['another UUID', binding, { ...identity, uuid: 'u-2' }, 'copy'],
    ['another name', binding, { ...identity, database: 'prod_copy' }, 'copy'],
    ['another base URL', binding, { ...identity, baseUrl: 'https://staging.acme.test' }, 'copy'],
    ['a base URL that differs in its path only', binding, { ...identity, baseUrl: 'http://odoo.test/web' }, 'same'],
    ['a base URL that Odoo set to ours when we signed in', binding, { ...identity, baseUrl: url }, 'same'],
    ['a neutralized database', binding, { ...identity, neutralized: true }, 'copy'],
    ['a neutralized database that was never bound', null, { ...identity, neutralized: true }, 'copy'],
    ['a base URL that was removed', binding, { ...identity, baseUrl: null }, 'copy'],
  ] as const)('calls %s', (_, bound, seen, kind) => {
    expect(judgeIdentity(bound, seen, url).kind).toBe(kind);
  });

  it('gives every reason', () => {
    expect(judgeIdentity(binding, { ...identity, uuid: 'u-2', database: 'x' }, url)).toMatchObject({
      reasons: [expect.stringContaining('u-2'), expect.stringContaining('"x"')],
    });
  });
});
