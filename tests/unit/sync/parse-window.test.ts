import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { parseWindowTimes } from '../../../src/domain/sync/parse-window.js';
import { showWindow, WEEKDAYS } from '../../../src/domain/sync/windows.js';

const mistakeOf = (text: string): string => {
  const parsed = parseWindowTimes(text);
  return 'mistake' in parsed ? parsed.mistake : '';
};

describe('parseWindowTimes', () => {
  it.each([
    ['daily 23:00-04:00', { days: [...WEEKDAYS], fromMinute: 1380, toMinute: 240 }],
    ['mon-fri 08:00-18:00', { days: ['mon', 'tue', 'wed', 'thu', 'fri'], fromMinute: 480, toMinute: 1080 }],
    ['sat,sun 00:00-24:00', { days: ['sat', 'sun'], fromMinute: 0, toMinute: 0 }],
    ['sun, sat 12:30-13:45', { days: ['sat', 'sun'], fromMinute: 750, toMinute: 825 }],
    ['fri-mon 09:00-10:00', { days: ['mon', 'fri', 'sat', 'sun'], fromMinute: 540, toMinute: 600 }],
    ['mon-wed,sat 20:00 – 24:00', { days: ['mon', 'tue', 'wed', 'sat'], fromMinute: 1200, toMinute: 0 }],
  ])('reads %s', (text, times) => {
    expect(parseWindowTimes(text)).toEqual({ times });
  });

  it.each([
    ['mon-fry 08:00-18:00', '`fry` is not a day: did you mean `fri`?'],
    ['Monday 08:00-18:00', '`Monday` is not a day: did you mean `mon`?'],
    ['Daily 08:00-18:00', '`Daily` is not a day: did you mean `daily`?'],
    ['weekdays 08:00-18:00', '`weekdays` is not known here: did you mean `mon-fri`?'],
    ['mon,mon 08:00-18:00', '`mon` is among the days twice: name it once'],
    ['mon-wed-fri 08:00-18:00', expect.stringContaining('`mon-wed-fri` is not a day')],
    ['mon, 08:00-18:00', expect.stringContaining('such as `mon-fri 08:00-18:00`')],
    ['daily 8-18', '`8-18` are not two times of the day: did you mean `08:00-18:00`?'],
    ['daily 0800-1830', '`0800-1830` are not two times of the day: did you mean `08:00-18:30`?'],
    ['daily 24:00-02:00', expect.stringContaining('write two times of the day, such as `08:00-18:00`')],
    ['daily 08:00-18:60', expect.stringContaining('write two times of the day')],
    ['08:00-18:00', 'the days are missing: did you mean `daily 08:00-18:00`?'],
    ['sat,sun', 'the times are missing: did you mean `sat,sun 00:00-24:00`?'],
    ['daily 08:00-18:00 Europe/Brussels', expect.stringContaining('a time zone goes into `timezone` below it')],
    ['', expect.stringContaining('write days and times')],
    [
      'mun 8-18',
      '`mun` is not a day: did you mean `mon`?; `8-18` are not two times of the day: did you mean `08:00-18:00`?',
    ],
  ])('says what is wrong with "%s"', (text, mistake) => {
    expect(mistakeOf(text)).toEqual(mistake);
  });

  it('reads back every window as it is shown', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const windows = fc.record({
      kind: fc.constantFrom('allow' as const, 'deny' as const),
      days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
      fromMinute: minute,
      toMinute: minute,
      timezone: fc.constantFrom('UTC', 'Europe/Brussels'),
    });
    fc.assert(
      fc.property(windows, (window) => {
        const [, kind, text = '', timezone] = /^"(allow|deny) (.*) (\S+)"$/.exec(showWindow(window)) ?? [];
        const parsed = parseWindowTimes(text);
        expect({ kind, timezone, ...('times' in parsed ? parsed.times : {}) }).toEqual(window);
      }),
    );
  });

  it('either reads a text or says what to write, whatever it is', () => {
    const near = fc.stringMatching(/^[a-z0-9:,\- ]{0,30}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const parsed = parseWindowTimes(text);
        if ('mistake' in parsed) expect(parsed.mistake).toMatch(/did you mean|write|name it once/);
        else expect(parsed.times.days.length).toBeGreaterThan(0);
      }),
    );
  });
});
