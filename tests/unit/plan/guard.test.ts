import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../../src/domain/plan/change.js';
import { defaultGuard, guardPlan } from '../../../src/domain/plan/guard.js';

const deletes = (count: number, held: 'prune_not_asked' | null = null): Change[] =>
  Array.from({ length: count }, (_, index) => ({
    op: 'delete' as const,
    object: 'server_action' as const,
    id: `a${index}`,
    externalId: `acme.a${index}`,
    name: 'A',
    at: null,
    recordId: index,
    before: {},
    lastEdit: null,
    held,
  }));

describe('guardPlan', () => {
  it.each([
    ['4 of 10 is too many', 4, 10, ['too_many_changes']],
    ['3 of 10 is not', 3, 10, []],
    ['4 of 9 is a small database', 4, 9, []],
    ['31 of 100', 31, 100, ['too_many_changes']],
    ['30 of 100', 30, 100, []],
  ])('%s', (_, count, owned, codes) => {
    const objections = guardPlan({ changes: deletes(count), owned, desired: 5 }, defaultGuard);
    expect(objections.map((objection) => objection.code)).toEqual(codes);
  });

  it('names the numbers that tripped it', () => {
    expect(guardPlan({ changes: deletes(4), owned: 10, desired: 5 }, defaultGuard)[0]?.message).toBe(
      '4 of 10 owned records would be changed (4 of them deleted), more than 30 %.',
    );
  });

  it('objects to deleting anything when there is no definition at all', () => {
    expect(guardPlan({ changes: deletes(1), owned: 1, desired: 0 }, defaultGuard)).toMatchObject([
      { code: 'empty_desired_state' },
    ]);
  });

  it('does not count what is held back', () => {
    expect(guardPlan({ changes: deletes(10, 'prune_not_asked'), owned: 10, desired: 0 }, defaultGuard)).toEqual([]);
  });
});
