import { describe, expect, it } from '@jest/globals';
import { showAgo, showInstant } from '../../../src/domain/plan/render-time.js';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('showAgo', () => {
  it.each([
    ['2026-11-22T11:59:58Z', 'just now'],
    ['2026-11-22T11:59:01Z', '59 seconds ago'],
    ['2026-11-22T11:53:00Z', '7 minutes ago'],
    ['2026-11-22T15:30:00Z', 'in 3 hours'],
    ['2026-11-21T11:00:00Z', '25 hours ago'],
    ['2026-11-10T12:00:00Z', '12 days ago'],
    ['2026-01-22T12:00:00Z', '10 months ago'],
    ['2023-11-22T12:00:00Z', '3 years ago'],
    ['once', 'once'],
  ])('%s is %s', (at, expected) => {
    expect(showAgo(at, now)).toBe(expected);
  });
});

describe('showInstant', () => {
  it("is in the reader's zone, on both sides of a change of the clock", () => {
    expect(showInstant('2026-11-22T12:00:00Z', 'Europe/Brussels')).toBe('2026-11-22 13:00');
    expect(showInstant('2026-07-22T23:30:00Z', 'Europe/Brussels')).toBe('2026-07-23 01:30');
    expect(showInstant('2026-11-22T00:00:00Z', 'UTC')).toBe('2026-11-22 00:00');
  });
});
