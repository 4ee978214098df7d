import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appliedDigests, fieldDigest, readStamp, writeStamp } from '../../../src/domain/plan/stamp.js';

const origin = { file: 'actions/a.yaml', revision: '0123456789abcdef0123456789abcdef01234567' };
const applied = { action: appliedDigests({ code: 'x', name: 'A' }), schedule: appliedDigests({ every: '1 day' }) };

describe('the stamp in a server action', () => {
  it('tells people who manages it, from which file and revision', () => {
    expect(writeStamp(null, origin, applied)).toMatch(
      /^<p>Managed by odoo-steward: actions\/a\.yaml at 0123456789\. What is changed here is shown as drift\. \[steward1 /,
    );
  });

  it('comes back as it was written, with somebody’s own help kept before it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.jsonValue(), { maxKeys: 6, noNullPrototype: true }),
        fc.option(fc.stringMatching(/^[a-z &;<>/p"\n]{0,40}$/)),
        (values, help) => {
          const memory = { action: appliedDigests(values as never), schedule: {} };
          const text = writeStamp(help, origin, memory);
          expect(readStamp(text).applied).toEqual(memory);
          expect(readStamp(text).rest).toBe((help ?? '').trim());
        },
      ),
    );
  });

  it('is replaced, not piled up', () => {
    const once = writeStamp('<p>Own words</p>', origin, applied);
    expect(writeStamp(once, origin, applied)).toBe(once);
  });

  it('survives the classes that an HTML editor adds', () => {
    const edited = writeStamp(null, origin, applied).replace('<p>', '<p class="o_default" style="margin:0">');
    expect(readStamp(edited)).toEqual({ applied, rest: '' });
  });

  it('cannot be forged or broken by the name of a file', () => {
    const text = writeStamp(null, { file: 'a</p><script>[steward1 code=zzzzzz;]', revision: null }, applied);
    expect(text).not.toContain('<script>');
    expect(readStamp(text).applied).toEqual(applied);
  });

  it('reads nothing from a text without a mark', () => {
    expect(readStamp('<p>hello</p>')).toEqual({ applied: null, rest: '<p>hello</p>' });
    expect(readStamp(null)).toEqual({ applied: null, rest: '' });
  });

  it('gives equal values equal digests, whatever the order of their keys', () => {
    expect(fieldDigest({ a: 1, b: [2] })).toBe(fieldDigest({ b: [2], a: 1 }));
    expect(fieldDigest(null)).toBe(fieldDigest(undefined));
    expect(fieldDigest('1')).not.toBe(fieldDigest(1));
  });
});
