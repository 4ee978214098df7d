import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean, editDistance, nearest } from '../../../src/domain/definitions/did-you-mean.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
  ])('%s and %s are %i edits apart', (from, to, edits) => {
    expect(editDistance(from, to)).toBe(edits);
  });

  it('is the same in both directions, and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (from, to) => {
        expect(editDistance(from, to)).toBe(editDistance(to, from));
        expect(editDistance(from, to)).toBeLessThanOrEqual(Math.max(from.length, to.length));
      }),
    );
  });
});

describe('nearest', () => {
  it.each([
    ['schedul', ['schedule', 'trigger'], 'schedule'],
    ['descr', ['description', 'name'], 'description'],
    ['interva', ['every', 'user'], 'every'],
    ['tree', ['list', 'form'], 'list'],
    ['xyz', ['list', 'form'], null],
    ['id', ['in', 'unit'], 'in'],
  ])('%s among %j is %s', (word, allowed, expected) => {
    expect(nearest(word, allowed)).toBe(expected);
  });

  it('suggests only what is allowed', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (word, allowed) => {
        const near = nearest(word, allowed);
        expect(near === null || allowed.includes(near)).toBe(true);
      }),
    );
  });
});

it('didYouMean lists what is allowed when nothing is near', () => {
  expect(didYouMean('xyz', ['list', 'form'])).toBe('write one of `list`, `form`');
  expect(didYouMean('xyz', ['one'])).toBe('write `one`');
  expect(didYouMean('xyz', [])).toBe('take it out');
});
