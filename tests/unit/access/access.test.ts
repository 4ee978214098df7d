import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composeApiKey, parseApiKey, withoutApiKeys } from '../../../src/domain/access/api-key.js';
import { covers, localOperator, mayDo, maySomewhere } from '../../../src/domain/access/may-do.js';
import {
  parseScope,
  readStoredScopes,
  scopesOfRole,
  showScope,
  verbs,
  writeStoredScopes,
  type Role,
  type Scope,
  type Verb,
} from '../../../src/domain/access/scopes.js';

const scopes = (...texts: string[]): readonly Scope[] =>
  texts.map((text) => parseScope(text)).filter((one) => one !== null);
const caller = (...texts: string[]) => ({ scopes: scopes(...texts) });

describe('a scope', () => {
  it.each(['*:read', 'acme:apply', 'acme-*:drift:accept', 'a*z_1:admin'])(
    'is read back as it was written: %s',
    (text) => {
      const scope = parseScope(text);
      expect(scope === null ? null : showScope(scope)).toBe(text);
    },
  );

  it.each([
    '',
    'read',
    ':read',
    '*:',
    '*:write',
    'Acme:read',
    'a b:read',
    '*:READ',
    '*:read ',
    `${'a'.repeat(65)}:read`,
  ])('is nothing else: "%s"', (text) => {
    expect(parseScope(text)).toBeNull();
  });

  it.each(['', '{}', 'null', '"*:admin"', '[1, null, "nonsense", {"instances": "*", "verb": "admin"}]', '["*:admin"'])(
    'gives no right when what is stored cannot be read: %s',
    (stored) => {
      expect(readStoredScopes(stored)).toEqual([]);
    },
  );

  it('survives being stored', () => {
    const some = scopes('*:read', 'acme-*:drift:accept');
    expect(readStoredScopes(writeStoredScopes(some))).toEqual(some);
  });
});

describe('mayDo', () => {
  it.each<[boolean, string[], Verb, string | null]>([
    [false, [], 'read', 'acme'],
    [false, [], 'read', null],
    [true, ['acme:read'], 'read', 'acme'],
    [false, ['acme:read'], 'read', 'acme2'],
    [false, ['acme:read'], 'read', 'acm'],
    [false, ['acme:read'], 'plan', 'acme'],
    [false, ['acme:read'], 'read', null],
    [true, ['*:read'], 'read', null],
    [true, ['*:read'], 'read', 'acme'],
    [true, ['**:read'], 'read', null],
    [true, ['acme-*:apply'], 'apply', 'acme-test'],
    [true, ['acme-*:apply'], 'apply', 'acme-'],
    [false, ['acme-*:apply'], 'apply', 'acme'],
    [false, ['acme-*:apply'], 'apply', 'my-acme-test'],
    [true, ['*-test:sync'], 'sync', 'acme-test'],
    [false, ['*-test:sync'], 'sync', 'acme-test2'],
    [false, ['ab*ba:sync'], 'sync', 'aba'],
    [true, ['a*b*c:run'], 'run', 'aXbYbZc'],
    [false, ['a*b*c:run'], 'run', 'acb'],
    [true, ['acme:admin'], 'keys', 'acme'],
    [false, ['acme:admin'], 'keys', 'other'],
    [false, ['acme:admin'], 'keys', null],
    [true, ['*:admin'], 'override', null],
    [false, ['*:drift:accept'], 'apply', 'acme'],
    [false, ['*:apply'], 'override', 'acme'],
    [false, ['*:apply'], 'read', 'acme'],
    [true, ['x:read', 'acme:read'], 'read', 'acme'],
    [false, ['acme:read', 'x:plan'], 'plan', 'acme'],
  ])('is %s for %j to %s on %s', (expected, texts, verb, instance) => {
    expect(mayDo(caller(...texts), verb, instance)).toBe(expected);
  });

  it('lets whoever has nothing do nothing, and the operator of the machine all', () => {
    for (const verb of verbs) {
      expect(mayDo(caller(), verb, 'acme')).toBe(false);
      expect(maySomewhere(caller(), verb)).toBe(false);
      expect(mayDo(localOperator('anna'), verb, null)).toBe(true);
    }
  });

  it('lets a viewer see, support run, and neither apply; only an admin override, or manage keys', () => {
    const may = (role: Role): readonly Verb[] =>
      verbs.filter((verb) => mayDo({ scopes: scopesOfRole(role, '*') }, verb, 'acme'));
    expect(may('viewer')).toEqual(['read']);
    expect(may('support')).toEqual(['read', 'run']);
    expect(may('deployer')).toEqual(['read', 'plan', 'apply', 'sync', 'drift:accept', 'audit']);
    expect(may('admin')).toEqual(verbs);
  });
});

describe('covers', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 6 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const scope = fc.record({ instances: pattern, verb: fc.constantFrom<Verb>('read', 'plan', 'admin') });

  it('never lets somebody give a right that they lack', () => {
    let held = 0;
    const names = fc.sample(name, { numRuns: 40, seed: 1 });
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 4 }), scope, (mine, given) => {
        if (!covers(mine, [given])) return;
        held += 1;
        for (const on of [null, ...names]) {
          for (const verb of verbs) {
            if (mayDo({ scopes: [given] }, verb, on)) expect(mayDo({ scopes: mine }, verb, on)).toBe(true);
          }
        }
      }),
      { numRuns: 3_000 },
    );
    expect(held).toBeGreaterThan(100);
  });

  it('lets everybody give what they have themselves', () => {
    fc.assert(fc.property(fc.array(scope, { maxLength: 4 }), (mine) => covers(mine, mine)));
  });

  it('says no for a part that only several together would hold', () => {
    expect(covers(scopes('a*:read', 'b*:read'), scopes('*:read'))).toBe(false);
  });
});

describe('an API key', () => {
  it('has a prefix that names it and 256 random bits', () => {
    const key = composeApiKey(new Uint8Array(32).fill(255), new Uint8Array(8).fill(35));
    expect(key.whole).toMatch(/^osk_9{8}_[A-Za-z0-9_-]{43}$/);
    expect(parseApiKey(key.whole)).toEqual(key);
  });

  it.each([
    '',
    'osk_',
    'osk_abcdefgh_',
    `osk_abcdefgh_${'a'.repeat(42)}`,
    `osk_abcdefgh_${'a'.repeat(44)}`,
    `osk_ABCDEFGH_${'a'.repeat(43)}`,
    ` osk_abcdefgh_${'a'.repeat(43)}`,
    `osk_abcdefgh_${'a'.repeat(43)}\n`,
  ])('is nothing of another shape: "%s"', (text) => {
    expect(parseApiKey(text)).toBeNull();
  });

  it('is cut out of text', () => {
    expect(withoutApiKeys(`a osk_abcdefgh_${'x'.repeat(43)} b`)).toBe('a osk_… b');
  });
});
