import { describe, expect, it } from '@jest/globals';
import { load, mistakesOf } from '../../support/settings-folder.js';

/** An instances.yaml with these lines below an instance, and these below the defaults. */
const file = (own: string, defaults = '') => ({
  'instances.yaml': `
defaults:
  environment: production
${defaults}
instances:
  acme:
    url: https://odoo.acme.example
    database: acme
    credentials: { sync: { login: s, api_key: "\${KEY}" } }
${own}
`,
});
const syncOf = (own: string, defaults = '') => load({ KEY: 'k' }, file(own, defaults)).instances[0]?.sync;
const mistakesIn = (own: string, defaults = '') => mistakesOf({ KEY: 'k' }, file(own, defaults));

describe('sync of an instance', () => {
  it('waits for a person when nothing is said, asks git every 5 minutes and Odoo every 15', () => {
    const silent = {
      rules: { policy: 'manual', windows: [] },
      pollMs: 300_000,
      checkDriftMs: 900_000,
    };
    expect(syncOf('')).toEqual(silent);
    expect(
      load({
        ODOO_URL: 'https://a.example',
        ODOO_DB: 'a',
        ODOO_LOGIN: 'x',
        ODOO_API_KEY: 'y',
      }).instances[0]?.sync,
    ).toEqual(silent);
  });

  it('follows its own policy, intervals and windows', () => {
    const own = `
    sync:
      policy: automatic_prune
      poll: 90s
      check_drift: 1h30m
      windows:
        - allow: mon-fri 08:00-18:00
          timezone: Europe/Brussels
        - deny: daily 23:00-04:00`;
    const days = ['mon', 'tue', 'wed', 'thu', 'fri'];
    expect(syncOf(own)).toEqual({
      rules: {
        policy: 'automatic_prune',
        windows: [
          {
            kind: 'allow',
            days,
            fromMinute: 480,
            toMinute: 1080,
            timezone: 'Europe/Brussels',
          },
          {
            kind: 'deny',
            days: [...days, 'sat', 'sun'],
            fromMinute: 1380,
            toMinute: 240,
            timezone: 'UTC',
          },
        ],
      },
      pollMs: 90_000,
      checkDriftMs: 5_400_000,
    });
  });

  it.each(['off', '0', '"0"', '"off"'])('takes %s for never', (never) => {
    expect(syncOf(`    sync: { poll: ${never}, check_drift: ${never} }`)).toMatchObject({
      pollMs: null,
      checkDriftMs: null,
    });
  });

  const defaults = `
  sync:
    policy: automatic
    poll: 1m
    timezone: Europe/Brussels
    windows: [{ allow: "daily 01:00-02:00" }, { deny: "sun 00:00-24:00", timezone: Asia/Tokyo }]`;

  it('takes key by key from the defaults', () => {
    expect(syncOf('    sync: { policy: manual, poll: off }', defaults)).toMatchObject({
      rules: {
        policy: 'manual',
        windows: [{ timezone: 'Europe/Brussels' }, { timezone: 'Asia/Tokyo' }],
      },
      pollMs: null,
      checkDriftMs: 900_000,
    });
  });

  it('has the windows of the defaults in its own zone, or its own windows in place of them', () => {
    expect(syncOf('    sync: { timezone: America/New_York }', defaults)?.rules.windows).toMatchObject([
      { timezone: 'America/New_York' },
      { timezone: 'Asia/Tokyo' },
    ]);
    expect(syncOf('    sync: { windows: [] }', defaults)?.rules.windows).toEqual([]);
    expect(syncOf('    sync: { windows: [{ deny: "mon 00:00-01:00" }] }', defaults)?.rules.windows).toMatchObject([
      { kind: 'deny', days: ['mon'], timezone: 'Europe/Brussels' },
    ]);
  });

  it('names every mistake at once, each with its place and what to write', () => {
    const own = `
    sync:
      policy: automatic-prune
      polling: 5m
      poll: 5
      check_drift: never
      timezone: Brussels
      windows:
        - allow: mon-fry 8-18
        - { allow: daily 08:00-09:00, deny: daily 10:00-11:00 }
        - { timezone: UTC }
        - { deny: daily 23:00-04:00, timezone: Europe/Brusels }
        - mon-fri 08:00-18:00`;
    expect(mistakesIn(own, '  sync: { poll: 8d, check_drift: [1] }')).toMatchInlineSnapshot(`
     "instances.yaml:4:17 error: \`poll\` is \`8d\`: write at most \`7d\`, or \`off\`
     instances.yaml:4:34 error: \`check_drift\` is a list: write a duration such as \`5m\`, or \`off\`
     instances.yaml:12:15 error: \`policy\` is \`automatic-prune\`: did you mean \`automatic_prune\`?
     instances.yaml:13:7 error: \`polling\` is not known here: did you mean \`poll\`?
     instances.yaml:14:13 error: \`poll\` is the number \`5\`: give it a unit, such as \`5m\`, or write \`off\`
     instances.yaml:15:20 error: \`check_drift\` is \`never\`: did you mean \`off\`?
     instances.yaml:16:17 error: \`timezone\` is \`Brussels\`: did you mean \`Europe/Brussels\`?
     instances.yaml:18:18 error: \`allow\` is \`mon-fry 8-18\`: \`fry\` is not a day: did you mean \`fri\`?; \`8-18\` are not two times of the day: did you mean \`08:00-18:00\`?
     instances.yaml:19:11 error: \`windows\` item 2: give one of \`allow\` and \`deny\`
     instances.yaml:20:11 error: \`windows\` item 3: give one of \`allow\` and \`deny\`
     instances.yaml:21:48 error: \`timezone\` is \`Europe/Brusels\`: did you mean \`Europe/Brussels\`?
     instances.yaml:22:11 error: \`windows\` item 5 is \`mon-fri 08:00-18:00\`: write a mapping (\`key: value\`)"
    `);
  });
});
