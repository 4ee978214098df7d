import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../../src/domain/plan/change.js';
import { decideSync, type SyncPolicy } from '../../../src/domain/sync/decide-sync.js';
import { WEEKDAYS, type SyncWindow } from '../../../src/domain/sync/windows.js';

const base = { object: 'server_action', id: 'a', externalId: 'x.a', name: 'A', at: null, recordId: 1 } as const;
const change: Change = { ...base, op: 'adopt', held: null };
const held: Change = { ...base, op: 'delete', before: {}, lastEdit: null, held: 'prune_not_asked' };
const error = { severity: 'error', code: 'x', message: 'Something is missing.', at: null } as const;
const objection = { code: 'too_many_changes', message: '9 of 10 would be deleted.' } as const;
const closed: SyncWindow = {
  kind: 'deny',
  days: [...WEEKDAYS],
  fromMinute: 0,
  toMinute: 0,
  timezone: 'UTC',
};

interface Case {
  changes?: Change[];
  problems?: (typeof error)[];
  objections?: (typeof objection)[];
  policy?: SyncPolicy;
  windows?: SyncWindow[];
  byPerson?: boolean;
  overrideWindow?: boolean;
}

const decide = (c: Case) =>
  decideSync(
    { changes: c.changes ?? [change], problems: c.problems ?? [], objections: c.objections ?? [] },
    { policy: c.policy ?? 'automatic', windows: c.windows ?? [] },
    { byPerson: c.byPerson ?? false, overrideWindow: c.overrideWindow ?? false },
    Date.parse('2026-11-23T12:00:00Z'),
  );

describe('decideSync', () => {
  it.each<[string, Case, string]>([
    ['has nothing to do for an empty plan', { changes: [] }, 'nothing'],
    ['has nothing to do when every change is held', { changes: [held] }, 'nothing'],
    ['applies by an automatic policy', {}, 'apply'],
    ['waits for a person by a manual policy', { policy: 'manual' }, 'wait policy'],
    ['applies by a manual policy when a person asks', { policy: 'manual', byPerson: true }, 'apply'],
    ['waits for an open window', { windows: [closed] }, 'wait window'],
    ['waits for an open window when a person asks, too', { windows: [closed], byPerson: true }, 'wait window'],
    ['applies in a closed window when it is overridden', { windows: [closed], overrideWindow: true }, 'apply'],
    ['never passes a guard', { objections: [objection], byPerson: true, overrideWindow: true }, 'wait guard'],
    ['never applies a plan with errors', { problems: [error], byPerson: true }, 'wait errors'],
    ['tells of errors although nothing would change', { changes: [], problems: [error] }, 'wait errors'],
  ])('%s', (_, given, expected) => {
    const decision = decide(given);
    expect(decision.kind === 'wait' ? `wait ${decision.because}` : decision.kind).toBe(expected);
  });

  it('says how much waits, and what for', () => {
    const decision = decide({ policy: 'manual', changes: [change, change] });
    expect(decision).toMatchObject({ message: '2 changes wait for a person to apply: the sync policy is manual.' });
  });
});
