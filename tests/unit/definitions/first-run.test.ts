import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { toFirstRun } from '../../../src/domain/definitions/first-run.js';

describe('toFirstRun', () => {
  it.each([
    ['2026-01-01T02:00:00', 'Europe/Brussels', '2026-01-01 01:00:00'],
    ['2026-07-01 02:00', 'Europe/Brussels', '2026-07-01 00:00:00'],
    ['2026-01-01T02:00:00Z', 'Europe/Brussels', '2026-01-01 02:00:00'],
    ['2026-01-01T02:00:00-05:00', 'Europe/Brussels', '2026-01-01 07:00:00'],
    ['2026-01-01T02:00:00', 'UTC', '2026-01-01 02:00:00'],
    ['2026-03-29T01:59:59', 'Europe/Brussels', '2026-03-29 00:59:59'],
    ['2026-03-29T03:00:00', 'Europe/Brussels', '2026-03-29 01:00:00'],
    ['2026-10-25T03:00:00', 'Europe/Brussels', '2026-10-25 02:00:00'],
    ['2026-01-01T00:30:00', 'Asia/Kathmandu', '2025-12-31 18:45:00'],
    ['2026-10-04T03:00:00', 'Australia/Lord_Howe', '2026-10-03 16:00:00'],
  ])('%s in %s is %s UTC', (text, timezone, at) => {
    expect(toFirstRun(text, timezone)).toEqual({ at });
  });

  it('refuses a time that the clocks skip, and names the next one', () => {
    expect(toFirstRun('2026-03-29T02:30:00', 'Europe/Brussels')).toEqual({
      mistake:
        '2026-03-29T02:30:00 does not exist in Europe/Brussels, where the clocks go forward then: write 2026-03-29T03:30:00',
    });
  });

  it('refuses a time that happens twice, and names both', () => {
    expect(toFirstRun('2026-10-25T02:30:00', 'Europe/Brussels')).toEqual({
      mistake:
        '2026-10-25T02:30:00 happens twice in Europe/Brussels, where the clocks go back then: write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00',
    });
  });

  it('gives an instant that reads as the local time that was written', () => {
    const zones = fc.constantFrom(
      'Europe/Brussels',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Apia',
      'America/St_Johns',
    );
    const minutes = fc.integer({ min: 0, max: 20 * 365 * 24 * 60 });
    fc.assert(
      fc.property(zones, minutes, (timezone, minute) => {
        const local = DateTime.fromISO('2015-01-01T00:00:00', { zone: 'utc' })
          .plus({ minutes: minute })
          .toFormat("yyyy-MM-dd'T'HH:mm:ss");
        const result = toFirstRun(local, timezone);
        if ('mistake' in result) return;
        const back = DateTime.fromSQL(result.at, { zone: 'utc' }).setZone(timezone).toFormat("yyyy-MM-dd'T'HH:mm:ss");
        expect(back).toBe(local);
      }),
    );
  });
});
