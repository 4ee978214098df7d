import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRun } from '../../../src/domain/plan/next-run.js';

const at = (text: string) => Date.parse(text);

describe('nextRun', () => {
  it.each([
    [
      'a first run that is still to come',
      '2030-01-01 02:00:00',
      '1 day',
      'UTC',
      '2026-11-22T12:00:00Z',
      '2030-01-01 02:00:00',
    ],
    [
      'a night that has passed',
      '2026-01-01 01:00:00',
      '1 day',
      'Europe/Brussels',
      '2026-11-22T12:00:00Z',
      '2026-11-23 01:00:00',
    ],
    [
      'the same local hour in summer',
      '2026-01-01 01:00:00',
      '1 day',
      'Europe/Brussels',
      '2026-07-10T12:00:00Z',
      '2026-07-11 00:00:00',
    ],
    ['the exact moment', '2026-01-01 01:00:00', '1 day', 'UTC', '2026-11-22T01:00:00Z', '2026-11-22 01:00:00'],
    ['one second after it', '2026-01-01 01:00:00', '1 day', 'UTC', '2026-11-22T01:00:01Z', '2026-11-23 01:00:00'],
    [
      'every quarter of an hour',
      '2026-01-01 00:05:00',
      '15 minutes',
      'UTC',
      '2026-11-22T12:00:00Z',
      '2026-11-22 12:05:00',
    ],
    ['the last day of a month', '2026-01-31 06:00:00', '1 month', 'UTC', '2026-03-01T00:00:00Z', '2026-03-31 06:00:00'],
    ['every second week', '2026-01-05 06:00:00', '2 weeks', 'UTC', '2026-01-06T00:00:00Z', '2026-01-19 06:00:00'],
  ])('%s', (_, first, every, zone, now, expected) => {
    expect(nextRun(first, every, zone, at(now))).toBe(expected);
  });

  it('is never in the past and never further than one interval away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2026-01-01T00:00:00Z') }),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') }),
        fc.constantFrom(
          ['7 minutes', 7 * 60],
          ['1 hour', 3600],
          ['3 days', 3 * 90_000],
          ['1 week', 8 * 86_400],
          ['2 months', 63 * 86_400],
        ),
        fc.constantFrom('UTC', 'Europe/Brussels', 'Australia/Lord_Howe'),
        (first, now, [every, seconds], zone) => {
          const text = new Date(first - (first % 1000)).toISOString().replace('T', ' ').slice(0, 19);
          const next = at(`${nextRun(text, every, zone, now).replace(' ', 'T')}Z`);
          expect(next).toBeGreaterThanOrEqual(now - 1000);
          expect(next - now).toBeLessThanOrEqual(seconds * 1000 + 3_600_000);
        },
      ),
    );
  });
});
