import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idsAfter, readAppliedIds, wasApplied, writeAppliedIds } from '../../../src/domain/plan/applied-ids.js';
import { fieldDigest } from '../../../src/domain/plan/stamp.js';
import { appliedIds } from '../../support/plan-states.js';

const names = fc.uniqueArray(fc.constantFrom('acme.a', 'acme.b', 'acme.b_schedule', 'acme.c', 'acme.d'));
const digests = (ids: readonly string[]): ReadonlySet<string> => new Set(ids.map(fieldDigest));

describe('the list of what stood after an apply', () => {
  it('reads back as it was written, and equal sets give equal text', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (ids) => {
        const text = writeAppliedIds(digests(ids));
        expect(readAppliedIds(text)).toEqual(digests(ids));
        expect(writeAppliedIds(digests([...ids].reverse()))).toBe(text);
        for (const id of ids) expect(wasApplied({ digests: readAppliedIds(text) }, id)).toBe(true);
      }),
    );
  });

  it('takes six bytes a record', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `acme.a_definition_with_a_long_name_${i}`);
    expect(writeAppliedIds(digests(ids)).length).toBeLessThan(60_100);
  });

  it.each([null, '', 'steward1', 'steward1 abc', 'steward2 abcdef', 'steward1 abc$ef', '{"a":1}', 'true'])(
    'reads %j as nothing',
    (text) => {
      expect(readAppliedIds(text)).toEqual(new Set());
    },
  );

  it('never fails over what somebody wrote there', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const one of [text, `steward1 ${text}`]) expect(readAppliedIds(one).size).toBeLessThanOrEqual(one.length);
      }),
    );
  });
});

describe('idsAfter', () => {
  it('is what stands now, and what is still missing of what was asked for', () => {
    fc.assert(
      fc.property(names, names, names, names, (before, owned, added, desired) => {
        const after = idsAfter(appliedIds(...before), { owned, added, removed: [], desired }) ?? digests(before);
        const missing = desired.filter((id) => before.includes(id));
        expect(after).toEqual(digests([...owned, ...added, ...missing]));
      }),
    );
  });

  it('is nothing to write when the set is as it was', () => {
    const same = { owned: ['acme.a', 'acme.b'], added: [], removed: [], desired: ['acme.a'] };
    expect(idsAfter(appliedIds('acme.a', 'acme.b'), same)).toBeNull();
    expect(idsAfter(appliedIds(), { ...same, owned: [] })).toBeNull();
  });

  it('forgets what an apply deleted, and what is in no definition any more', () => {
    const after = { owned: ['acme.a', 'acme.b'], added: [], removed: ['acme.b'], desired: ['acme.a'] };
    expect(idsAfter(appliedIds('acme.a', 'acme.b', 'acme.gone'), after)).toEqual(digests(['acme.a']));
  });

  it('still calls deleted what could not be made again', () => {
    const after = { owned: ['acme.a'], added: ['acme.c'], removed: [], desired: ['acme.a', 'acme.b', 'acme.c'] };
    expect(idsAfter(appliedIds('acme.a', 'acme.b'), after)).toEqual(digests(['acme.a', 'acme.b', 'acme.c']));
  });
});
