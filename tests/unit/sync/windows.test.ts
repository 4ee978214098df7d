import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { judgeWindows, WEEKDAYS, type SyncWindow } from '../../../src/domain/sync/windows.js';

const window = (over: Partial<SyncWindow>): SyncWindow => ({
  kind: 'allow',
  days: [...WEEKDAYS],
  fromMinute: 0,
  toMinute: 0,
  timezone: 'UTC',
  ...over,
});
const at = (iso: string): number => Date.parse(iso);
const night = { fromMinute: 22 * 60, toMinute: 6 * 60 };

describe('judgeWindows', () => {
  it('allows every time when there are no windows', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => judgeWindows([], now).isOpen));
  });

  it.each([
    ['one second before it opens', '2026-11-23T21:59:59Z', false],
    ['when it opens', '2026-11-23T22:00:00Z', true],
    ['after midnight', '2026-11-24T03:00:00Z', true],
    ['one second before it closes', '2026-11-24T05:59:59Z', true],
    ['when it closes', '2026-11-24T06:00:00Z', false],
    ['on a morning whose evening before was not its day', '2026-11-23T03:00:00Z', false],
  ])('an allow window over midnight on Mondays: %s', (_, iso, open) => {
    expect(judgeWindows([window({ ...night, days: ['mon'] })], at(iso)).isOpen).toBe(open);
  });

  it('denies what a deny window holds, whatever else allows it', () => {
    const windows = [window({}), window({ kind: 'deny', ...night })];
    expect(judgeWindows(windows, at('2026-11-23T23:00:00Z'))).toEqual({
      isOpen: false,
      reason: 'the window "deny daily 22:00-06:00 UTC" denies syncs',
    });
    expect(judgeWindows(windows, at('2026-11-23T12:00:00Z')).isOpen).toBe(true);
  });

  it.each([
    ['before the gap', '2026-03-29T00:59:59Z', false],
    ['in summer time, where 02:30 does not exist', '2026-03-29T01:30:00Z', true],
    ['before its end in summer time', '2026-03-29T01:59:59Z', true],
    ['after its end in summer time', '2026-03-29T02:00:00Z', false],
    ['in both hours of the night that has 02:30 twice, the first', '2026-10-25T00:30:00Z', true],
    ['the second', '2026-10-25T01:30:00Z', true],
  ])('counts in its time zone when clocks change: %s', (_, iso, open) => {
    const windows = [window({ fromMinute: 120, toMinute: 240, timezone: 'Europe/Brussels' })];
    expect(judgeWindows(windows, at(iso)).isOpen).toBe(open);
  });

  it('is denied exactly where it is not allowed when the same window denies', () => {
    fc.assert(
      fc.property(
        fc.record({
          fromMinute: fc.integer({ min: 0, max: 1439 }),
          toMinute: fc.integer({ min: 0, max: 1439 }),
          days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
          timezone: fc.constantFrom('UTC', 'Europe/Brussels', 'America/New_York', 'Asia/Kolkata'),
        }),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        (shape, now) =>
          judgeWindows([window(shape)], now).isOpen !== judgeWindows([window({ ...shape, kind: 'deny' })], now).isOpen,
      ),
    );
  });
});
