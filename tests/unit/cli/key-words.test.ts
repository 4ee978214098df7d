import { describe, expect, it } from '@jest/globals';
import { nameOfKey, parseExpiry, parseOverlap } from '../../../src/cli/key-words.js';

const now = Date.parse('2026-11-20T10:07:00Z');
const HOUR = 3_600_000;

describe('parseExpiry', () => {
  it('reads a duration from now, or the end of a day', () => {
    expect(parseExpiry('90d', now)).toBe(now + 90 * 24 * HOUR);
    expect(parseExpiry('12h', now)).toBe(now + 12 * HOUR);
    expect(parseExpiry('2 weeks', now)).toBe(now + 14 * 24 * HOUR);
    expect(parseExpiry('2027-01-31', now)).toBe(Date.parse('2027-01-31T23:59:59.999Z'));
    expect(parseExpiry('2026-11-20', now)).toBeGreaterThan(now);
  });

  it.each(['', '90', 'soon', '0d', '-3d', '2027-02-31', '31.1.2027'])('refuses "%s"', (text) => {
    expect(() => parseExpiry(text, now)).toThrow('--expires takes a duration such as 90d');
  });

  it('refuses what is over, and what is too far', () => {
    expect(() => parseExpiry('2026-11-19', now)).toThrow('is over already');
    expect(() => parseExpiry('3651d', now)).toThrow('at most ten years');
  });
});

describe('parseOverlap', () => {
  it('reads a duration of at most thirty days, or none', () => {
    expect(parseOverlap('0')).toBe(0);
    expect(parseOverlap('24h')).toBe(24 * HOUR);
    expect(() => parseOverlap('31d')).toThrow('--overlap takes a duration of at most 30d');
    expect(() => parseOverlap('x')).toThrow('--overlap');
  });
});

describe('nameOfKey', () => {
  it('keeps the secret out of a key that was pasted as a whole', () => {
    expect(nameOfKey(`osk_ab12cd34_${'s'.repeat(43)}`)).toBe('ab12cd34');
    expect(nameOfKey('osk_ab12cd34')).toBe('ab12cd34');
    expect(nameOfKey('ab12cd34')).toBe('ab12cd34');
  });
});
