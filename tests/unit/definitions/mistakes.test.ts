import { describe, expect, it } from '@jest/globals';
import { inOrder, type Problem } from '../../../src/domain/problem.js';
import { minimal, problemsIn, problemsOf } from './repository.js';

const head = 'id: one\nname: One\nmodel: res.partner\n';
const withAction = (action: string): string => `${head}action:\n${action.replace(/^/gm, '  ')}\n`;
const update = 'action: { kind: update_record, set: { ref: x } }\n';

describe('a definition file', () => {
  it('is right when it is right', () => {
    expect(problemsIn(minimal)).toEqual([]);
  });

  it.each([
    ['', 'a.yaml:1:1  error: This file is empty: write `key: value` lines, or delete it'],
    ['# only a comment\n', 'a.yaml:1:1  error: This file is empty: write `key: value` lines, or delete it'],
    ['- a\n- b\n', 'a.yaml:1:1  error: This file is not a mapping: write `key: value` lines, or delete it'],
    ['id: a\n\tname: b\n', 'a.yaml:2:1  error: A tab is used for indentation: use spaces'],
    [
      'id: "a\n',
      'a.yaml:2:1  error: Something is not closed or lacks its `:`: check quotes, brackets and colons above this place',
    ],
    [
      'id: a: b\n',
      'a.yaml:1:5  error: A second `:` stands on this line, or the next line is indented too far: put text with a `:` in quotes',
    ],
    ['id: @a\n', 'a.yaml:1:5  error: Text cannot begin with this character: put it in quotes'],
    [
      `${minimal}---\nid: two\n`,
      'a.yaml:5:1  error: A second document begins here (`---`): one file holds one definition, so split the file',
    ],
    [`${minimal}name: Two\n`, 'a.yaml:5:1  error: `name` is already written at a.yaml:2:1: keep one of the two'],
    ['x: &a {y: 1}\nz: {<<: *a}\n', 'a.yaml:2:5  error: Merge keys (`<<`) are not supported: write the keys out'],
    [
      'id: !!js/function x\n',
      'a.yaml:1:19  error: The tag `tag:yaml.org,2002:js/function` is not supported: write the plain value',
    ],
    [
      'id: *nowhere\n',
      'a.yaml:1:5  error: `*nowhere` has no anchor `&nowhere` above it: put the text in quotes if it is no alias',
    ],
    ['? [a, b]\n: c\n', 'a.yaml:1:3  error: A key has to be plain text: write `key: value`'],
    [
      'id: "a\\0b"\n',
      'a.yaml:1:5  error: This text holds a NUL character (U+0000), which Odoo cannot store: take it out',
    ],
    [
      'id: 123456789012345678901\n',
      'a.yaml:1:5  error: `123456789012345678901` cannot be kept exactly as a number: put it in quotes',
    ],
    ['id: .inf\n', 'a.yaml:1:5  error: `.inf` cannot be kept exactly as a number: put it in quotes'],
  ])('that reads %j gets one sentence', (yaml, expected) => {
    expect(problemsIn(yaml)).toEqual([expected]);
  });

  it.each([
    [
      'id',
      minimal.replace('one', 'One'),
      'a.yaml:1:5  error: `id` is `One`: write small letters, digits and `_`, beginning with a letter',
    ],
    [
      'id',
      minimal.replace('one', 'a_schedule'),
      'a.yaml:1:5  error: `id` is `a_schedule`: choose an id that does not end in `_schedule`, which is kept for scheduled actions',
    ],
    [
      'id',
      minimal.replace('one', 'a'.repeat(101)),
      `a.yaml:1:5  error: \`id\` is \`${'a'.repeat(57)}…\`: write at most 100 characters`,
    ],
    [
      'name',
      minimal.replace('One', '12'),
      'a.yaml:2:7  error: `name` is the number `12`: put it in quotes to make it text',
    ],
    [
      'name',
      minimal.replace('One', 'x'.repeat(201)),
      `a.yaml:2:7  error: \`name\` is \`${'x'.repeat(57)}…\`: write at most 200 characters`,
    ],
    ['name', minimal.replace('One', '" "'), 'a.yaml:2:7  error: `name` is ` `: write some text'],
    [
      'model',
      minimal.replace('res.partner', 'Res Partner'),
      'a.yaml:3:8  error: `model` is `Res Partner`: write the technical name of a model, such as `res.partner`',
    ],
    [
      'model missing',
      minimal.replace('model: res.partner\n', ''),
      'a.yaml:1:1  error: `model` is missing: add it, for example `model: sale.order`',
    ],
    [
      'unknown key',
      `${minimal}shedule: {every: 1 day}\n`,
      'a.yaml:5:1  error: `shedule` is not known here: did you mean `schedule`?',
    ],
    [
      'unknown key',
      `${minimal}schedule:\n  interva: 1 day\n  every: 1 day\n`,
      'a.yaml:6:3  error: `interva` is not known here: did you mean `every`?',
    ],
    ['kind', withAction('kind: cod\ncode: a.py'), 'a.yaml:5:9  error: `kind` is `cod`: did you mean `code`?'],
    [
      'kind',
      withAction('kind: object_write'),
      'a.yaml:5:9  error: `kind` is `object_write`: did you mean `update_record`?',
    ],
    [
      'kind missing',
      withAction('code: a.py'),
      'a.yaml:4:1  error: `kind` is missing: add it, for example `kind: code`',
    ],
    ['action', `${head}action: code\n`, 'a.yaml:4:9  error: `action` is `code`: write a mapping (`key: value`)'],
    ['set empty', withAction('kind: update_record\nset: {}'), 'a.yaml:6:3  error: `set`: name at least one field'],
    [
      'set',
      withAction('kind: update_record\nset: {a: {expresion: x}}'),
      'a.yaml:6:13  error: `expresion` is not known here: did you mean `expression`?',
    ],
    [
      'set',
      withAction('kind: update_record\nset: {a: {add: base.x, remove: base.y}}'),
      'a.yaml:6:9  error: `a`: write exactly one of `expression`, `record`, `add`, `remove`, `replace`, `clear`, `sequence`',
    ],
    [
      'set',
      withAction('kind: update_record\nset: {a: [1]}'),
      'a.yaml:6:12  error: `a` is a list: write a value, or one of {expression: …}, {record: …}, {add: …}, {clear: true}',
    ],
    [
      'set key',
      withAction('kind: update_record\nset: {a-b: 1}'),
      'a.yaml:6:9  error: `a-b` cannot be a key here: write the technical name of a field, or a path over many2one fields such as `partner_id.comment`',
    ],
    [
      'groups',
      withAction('kind: update_record\nset: {a: 1}\ngroups: [user]'),
      'a.yaml:7:12  error: `groups` item 1 is `user`: write an external ID such as `base.user_root`, or "#57" (in quotes) for a record ID',
    ],
    [
      'groups',
      withAction('kind: update_record\nset: {a: 1}\ngroups: [a.b, a.b]'),
      'a.yaml:7:17  error: `groups` item 2 is `a.b`: take it out, it is already in this list',
    ],
    [
      'binding',
      withAction('kind: update_record\nset: {a: 1}\nbinding: {views: [tree]}'),
      'a.yaml:7:21  error: `views` item 1 is `tree`: did you mean `list`?',
    ],
    [
      'sequence',
      withAction('kind: update_record\nset: {a: 1}\nsequence: 1.5'),
      'a.yaml:7:13  error: `sequence` is the number `1.5`: write a whole number',
    ],
    [
      'autofollow',
      withAction('kind: email\ntemplate: mail.x\nautofollow: sure'),
      'a.yaml:7:15  error: `autofollow` is `sure`: write true or false',
    ],
    ['followers', withAction('kind: followers'), 'a.yaml:4:1  error: `action`: write `partners` or `field`'],
    [
      'assign',
      withAction('kind: activity\ntype: mail.x\nassign: {}'),
      'a.yaml:7:3  error: `assign`: write `user` or `field`',
    ],
    [
      'url',
      withAction('kind: webhook\nurl: ftp://x'),
      'a.yaml:6:8  error: `url` is no http(s) address: write https://…, or {secret: NAME}',
    ],
    [
      'url',
      withAction('kind: webhook\nurl: https://hooks.slack.com/services/T0/B0/abc'),
      'a.yaml:6:8  warning: This address looks as if it held a secret: keep it in the settings and write {secret: NAME}',
    ],
    [
      'adopts',
      `${minimal}adopts: #57\n`,
      'a.yaml:5:9  error: `adopts` is empty: write text (what begins with `#` needs quotes, or YAML takes it for a comment)',
    ],
    [
      'every',
      `${minimal}schedule: {every: daily}\n`,
      'a.yaml:5:19  error: `every` is `daily`: write a number and a unit, such as `1 day` or `15 minutes`',
    ],
    [
      'every',
      `${minimal}schedule: {every: 0 days}\n`,
      'a.yaml:5:19  error: `every` is `0 days`: write a number and a unit, such as `1 day` or `15 minutes`',
    ],
    [
      'every',
      `${minimal}schedule: {every: 500 months}\n`,
      'a.yaml:5:19  error: `every` is `500 months`: write an interval of at most ten years',
    ],
    [
      'every',
      `${minimal}schedule: {every: {number: 0, unit: days}}\n`,
      'a.yaml:5:28  error: `number` is the number `0`: write at least 1',
    ],
    [
      'every',
      `${minimal}schedule: {every: {number: 1, unit: dyas}}\n`,
      'a.yaml:5:37  error: `unit` is `dyas`: did you mean `days`?',
    ],
    [
      'timezone',
      `${minimal}schedule: {every: 1 day, timezone: Brussels}\n`,
      'a.yaml:5:36  error: `timezone` is `Brussels`: did you mean `Europe/Brussels`?',
    ],
    [
      'first_run',
      `${minimal}schedule: {every: 1 day, first_run: tomorrow}\n`,
      'a.yaml:5:37  error: `first_run` is `tomorrow`: write a date and time such as "2026-01-01T02:00:00", with `Z` or an offset if it is not local',
    ],
    [
      'first_run',
      `${minimal}schedule: {every: 1 day, first_run: "2026-02-30T02:00:00"}\n`,
      'a.yaml:5:37  error: `first_run` is `2026-02-30T02:00:00`: write a date and time such as "2026-01-01T02:00:00", with `Z` or an offset if it is not local',
    ],
    [
      'grace',
      `${minimal}monitor: {grace: 5 parsecs}\n`,
      'a.yaml:5:18  error: `grace` is `5 parsecs`: write a duration such as `30m`, `1h30m` or `2 days`',
    ],
    ['roles', `${minimal}trigger: {roles: []}\n`, 'a.yaml:5:11  error: `roles`: name at least one role'],
    [
      'roles',
      `${minimal}trigger: {roles: [suport]}\n`,
      'a.yaml:5:19  error: `roles` item 1 is `suport`: did you mean `support`?',
    ],
    [
      'roles',
      `${minimal}trigger: {roles: [support, accountants]}\n`,
      'a.yaml:5:28  error: `roles` item 2 is `accountants`: write one of `viewer`, `support`, `deployer`, `admin`',
    ],
    [
      'alert',
      `${minimal}monitor: {alert: [On call]}\n`,
      'a.yaml:5:19  error: `alert` item 1 is `On call`: write small letters, digits, `_` and `-`, beginning with a letter',
    ],
    [
      'domain',
      `${minimal}trigger: {roles: [admin], records: {domain: [[state, "==", x]]}}\n`,
      'a.yaml:5:54  error: `==` is no operator of a domain: did you mean `=`?',
    ],
    [
      'domain',
      `${minimal}trigger: {roles: [admin], records: {domain: [[state, x]]}}\n`,
      'a.yaml:5:46  error: A term of a domain has three parts: write [field, operator, value], or one of "&", "|", "!"',
    ],
    [
      'domain',
      `${minimal}trigger: {roles: [admin], records: {domain: ["|", [a, "=", 1]]}}\n`,
      'a.yaml:5:45  error: An operator ("&", "|" or "!") has too few terms after it: add a term or take the operator out',
    ],
    [
      'parameter',
      `${minimal}trigger: {roles: [admin], parameters: {active_id: {type: string}}}\n`,
      'a.yaml:5:51  error: `active_id` means something to Odoo in a context: choose another name',
    ],
    [
      'parameter',
      `${minimal}trigger: {roles: [admin], parameters: {x: {type: integer, max_length: 3}}}\n`,
      'a.yaml:5:71  error: `max_length` is for text: take it out, or write `type: string`',
    ],
    [
      'parameter',
      `${minimal}trigger: {roles: [admin], parameters: {x: {type: selection}}}\n`,
      'a.yaml:5:50  error: A selection needs `options`: add `options: [first, second]`',
    ],
    [
      'parameter',
      `${minimal}trigger: {roles: [admin], parameters: {x: {type: integer, default: 5, max: 3}}}\n`,
      'a.yaml:5:68  error: `default` does not fit: write at most 3',
    ],
    [
      'parameter',
      `${minimal}trigger: {roles: [admin], parameters: {x: {type: date, default: "2026-02-30"}}}\n`,
      'a.yaml:5:65  error: `default` does not fit: write a date such as "2026-01-31"',
    ],
    [
      'parameter',
      `${minimal}trigger: {roles: [admin], parameters: {x: {type: number, min: 3, max: 1}}}\n`,
      'a.yaml:5:63  error: `min` is above `max`: swap them',
    ],
    ['environments', `${minimal}environments: []\n`, 'a.yaml:5:1  error: `environments`: name at least one'],
  ])('%s: the mistake has its place and its way out', (_what, yaml, expected) => {
    expect(problemsIn(yaml)).toEqual([expected]);
  });

  it('shows all its mistakes in one go', () => {
    expect(
      problemsIn(`id: One\nname: 1\nmodle: x\naction: {kind: cod}\nschedule: {every: 1 dya, priority: high}\n`),
    ).toEqual([
      'a.yaml:1:1  error: `model` is missing: add it, for example `model: sale.order`',
      expect.stringContaining('a.yaml:1:5  error: `id` is `One`'),
      expect.stringContaining('a.yaml:2:7  error: `name` is the number `1`'),
      'a.yaml:3:1  error: `modle` is not known here: did you mean `model`?',
      'a.yaml:4:16  error: `kind` is `cod`: did you mean `code`?',
      expect.stringContaining('a.yaml:5:19  error: `every` is `1 dya`'),
      'a.yaml:5:36  error: `priority` is `high`: write a number',
    ]);
  });

  it('keeps its places behind a byte order mark and Windows line ends', () => {
    expect(problemsIn(`\uFEFFid: one\r\nname: One\r\nmodel: X Y\r\n${update}`)).toEqual([
      expect.stringContaining('a.yaml:3:8  error: `model` is `X Y`'),
    ]);
  });
});

describe('code files', () => {
  const yaml = (code: string): string => `${head}action: { kind: code, code: ${code} }\n`;

  it.each([
    ['missing.py', {}, 'd/a.yaml:4:29  error: There is no file `d/missing.py`: write it, or mend the path'],
    [
      'cdoe.py',
      { 'd/code.py': 'x = 1' },
      'd/a.yaml:4:29  error: There is no file `d/cdoe.py`: did you mean `d/code.py`?',
    ],
    [
      '../../x.py',
      {},
      'd/a.yaml:4:29  error: `../../x.py` leads out of the definitions: move the file into their folder',
    ],
    [
      '/etc/x.py',
      {},
      'd/a.yaml:4:29  error: `/etc/x.py` leads out of the definitions: move the file into their folder',
    ],
    [
      'code.txt',
      {},
      'd/a.yaml:4:29  error: `code` is `code.txt`: write the path of a .py file, relative to this file, with `/`',
    ],
    [
      'b.py',
      { 'd/b.py': 'x = 1\ny = "\x1b"' },
      'd/b.py:2:6  error: The code holds a control character (U+001B), which does not survive the way to Odoo: write an escape such as `\\x1b`',
    ],
    [
      'b.py',
      { 'd/b.py': 'x\0' },
      'd/b.py:1:2  error: The code holds a NUL character (U+0000), which does not survive the way to Odoo: write an escape such as `\\x1b`',
    ],
    [
      'b.py',
      { 'd/b.py': 'a\rb' },
      'd/b.py:1:2  error: The code holds a lone carriage return (U+000D), which does not survive the way to Odoo: write an escape such as `\\x1b`',
    ],
    ['b.py', { 'd/b.py': '\n \n' }, 'd/b.py:1:1  warning: This file holds no code: the action would do nothing'],
    [
      'b.py',
      { 'd/b.py': 'x'.repeat(256 * 1024 + 1) },
      'd/b.py:1:1  error: This code is larger than 256 KiB: move it into a module of Odoo',
    ],
  ])('%s beside %j', (code, more, expected) => {
    expect(problemsOf({ 'd/a.yaml': yaml(code), ...more })).toEqual([expected]);
  });

  it('that no definition uses are pointed out', () => {
    expect(problemsOf({ 'a.yaml': minimal, 'b.py': 'x = 1' })).toEqual([
      'b.py:1:1  warning: No definition uses this file: name it in one, or delete it',
    ]);
  });
});

describe('a file that cannot be read', () => {
  const code = (id: string, file: string): string =>
    `id: ${id}\nname: N\nmodel: res.partner\naction: { kind: code, code: ${file} }\n`;
  const multi = 'id: all\nname: All\nmodel: res.partner\naction: { kind: multi, actions: [one] }\n';
  const broken = code('one', 'a.py').replace('name: N', 'name: a: b');

  it('is the only thing reported: nothing is said of its code, nor of what runs it', () => {
    expect(problemsOf({ 'a.yaml': broken, 'a.py': 'x = 1\n', 'all.yaml': multi })).toEqual([
      expect.stringContaining('a.yaml:2:7  error: A second `:` stands on this line'),
    ]);
  });

  it.each([
    ['a kind that is misspelled', code('one', 'a.py').replace('kind: code', 'kind: cod')],
    ['a key that is misspelled', code('one', 'a.py').replace('code: a.py', 'cod: a.py')],
    ['a path that is nearly right', code('one', 'aa.py')],
  ])('nor of the code of a definition with %s', (_what, yaml) => {
    const problems = problemsOf({ 'a.yaml': yaml, 'a.py': 'x = 1\n', 'z.py': 'x = 1\n' });
    expect(problems.filter((line) => line.includes('error'))).not.toEqual([]);
    expect(problems.filter((line) => line.includes('warning'))).toEqual([
      'z.py:1:1  warning: No definition uses this file: name it in one, or delete it',
    ]);
  });

  it('if it is steward.yaml: what it may have ignored is not taken for definitions', () => {
    const files = { 'a.yaml': minimal.replace('One', '12'), 'chart/values.yaml': 'image: x\n' };
    const ignoring = 'namespace: acme\nignore: [chart]\n';
    expect(problemsOf({ ...files, 'steward.yaml': `${ignoring}a: b: c\n` })).toEqual([
      expect.stringContaining('a.yaml:2:7  error: `name` is the number `12`'),
      expect.stringContaining('steward.yaml:3:4  error: A second `:` stands on this line'),
    ]);
    expect(problemsOf({ ...files, 'steward.yaml': ignoring.replace('acme', 'Acme') })).toEqual([
      expect.stringContaining('a.yaml:2:7  error: `name` is the number `12`'),
      expect.stringContaining('steward.yaml:1:12  error: `namespace` is `Acme`'),
    ]);
  });
});

describe('problems', () => {
  it('are sorted by file and line; within a file what cannot be read comes first', () => {
    const problem = (file: string, line: number, code: string): Problem => ({
      severity: 'error',
      code,
      message: code,
      at: { file, line, column: 1 },
    });
    const given = [
      problem('b.py', 9, 'python_syntax'),
      problem('b.py', 10, 'wrong_value'),
      problem('b.py', 2, 'wrong_value'),
      problem('a.yaml', 7, 'wrong_value'),
      { ...problem('', 0, 'elsewhere'), at: null },
    ];
    const sorted = inOrder(given).map(({ at, code }) => `${at?.file ?? '-'}:${at?.line ?? 0} ${code}`);
    expect(sorted).toEqual([
      '-:0 elsewhere',
      'a.yaml:7 wrong_value',
      'b.py:9 python_syntax',
      'b.py:2 wrong_value',
      'b.py:10 wrong_value',
    ]);
    expect(inOrder([...given].reverse())).toEqual(inOrder(given));
  });
});

describe('a hostile file', () => {
  it.each([
    [
      'billion laughs',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `${'bcdefghij'.charAt(i)}: &${'bcdefghij'.charAt(i)} [${`*${'abcdefghi'.charAt(i)},`.repeat(9)}]`).join('\n')}`,
      /More than 100 aliases/,
    ],
    ['an alias of itself', 'a: &a [*a]\n', /nested more than 32 deep/],
    ['deep nesting', `a: ${'['.repeat(60)}${']'.repeat(60)}\n`, /nested more than 32 deep/],
    ['very deep nesting', `a: ${'['.repeat(20_000)}\n`, /nested too deep|not closed|closed/],
    ['very many values', `a: [${'1,'.repeat(100_001)}]\n`, /more than 100000 values/],
    ['a huge file', `a: ${'x'.repeat(1024 * 1024)}\n`, /larger than 1 MiB/],
  ])('with %s is refused', (_what, yaml, expected) => {
    expect(problemsIn(yaml)).toEqual([expect.stringMatching(expected)]);
  });

  it('cannot reach object prototypes by its keys', () => {
    expect(problemsIn(`${minimal}__proto__: {polluted: true}\nconstructor: 1\n`)).toEqual([
      expect.stringContaining('`__proto__` is not known here'),
      expect.stringContaining('`constructor` is not known here'),
    ]);
    expect('polluted' in {}).toBe(false);
  });
});
