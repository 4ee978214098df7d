import { describe, expect, it } from '@jest/globals';
import { checkDefinitions } from '../../../src/domain/definitions/index.js';
import { showProblem } from '../../../src/domain/problem.js';
import { definitionOf, definitionsOf, minimal, problemsOf, steward, toFiles } from './repository.js';

const head = 'id: one\nname: One\nmodel: res.partner\n';
const specOf = (action: string) => definitionOf(`${head}action: ${action}\n`).action.spec;

describe('parseDefinitions', () => {
  it('fills in what a definition leaves out', () => {
    expect(definitionOf(`${minimal}schedule: { every: 1 day }\ntrigger: { roles: [support] }\n`)).toMatchObject({
      id: 'one',
      externalId: 'acme.one',
      scheduleExternalId: 'acme.one_schedule',
      at: { file: 'a.yaml', line: 1, column: 5 },
      description: null,
      action: { groups: null, binding: null, sequence: 5 },
      schedule: {
        every: { number: 1, unit: 'days' },
        user: 'base.user_root',
        priority: 5,
        active: true,
        firstRunAt: null,
        adopts: null,
      },
      trigger: { roles: ['support'], records: null, parameters: {}, reason: 'optional', mode: 'direct' },
      monitor: null,
      adopts: null,
      environments: null,
    });
  });

  it('tells groups that are written as none from groups that are not written', () => {
    const withGroups = (groups: string) =>
      definitionOf(`${head}action: { kind: update_record, set: { a: 1 }${groups} }\n`).action.groups;
    expect(withGroups('')).toBeNull();
    expect(withGroups(', groups: []')).toEqual([]);
  });

  it('takes defaults from steward.yaml where a definition is silent', () => {
    const defaults = `${steward}defaults:\n  groups: [base.group_user]\n  schedule: { user: base.user_admin, timezone: Asia/Tokyo, priority: 7 }\n`;
    const files = {
      'steward.yaml': defaults,
      'a.yaml': `${minimal}schedule: { every: 1 week, first_run: "2026-01-01 09:00" }\n`,
    };
    expect(definitionsOf(files)[0]).toMatchObject({
      action: { groups: ['base.group_user'] },
      schedule: { user: 'base.user_admin', priority: 7, firstRunAt: '2026-01-01 00:00:00' },
    });
  });

  it('reads every kind of action', () => {
    expect(
      specOf(
        '{ kind: update_record, set: { a: x, b: 1, c: true, d: null, e.f: {expression: 1 + 1}, g: {record: "#5"}, h: {add: a.b}, i: {clear: true}, j: {sequence: a.s} } }',
      ),
    ).toEqual({
      kind: 'update_record',
      set: [
        { field: 'a', assign: { to: 'value', value: 'x' } },
        { field: 'b', assign: { to: 'value', value: 1 } },
        { field: 'c', assign: { to: 'value', value: true } },
        { field: 'd', assign: { to: 'value', value: null } },
        { field: 'e.f', assign: { to: 'expression', expression: '1 + 1' } },
        { field: 'g', assign: { to: 'record', record: '#5' } },
        { field: 'h', assign: { to: 'add', record: 'a.b' } },
        { field: 'i', assign: { to: 'clear' } },
        { field: 'j', assign: { to: 'sequence', sequence: 'a.s' } },
      ],
    });
    expect(specOf('{ kind: create_record, creates: res.partner, values: { name: N }, link_field: parent_id }')).toEqual(
      {
        kind: 'create_record',
        creates: 'res.partner',
        values: [{ field: 'name', assign: { to: 'value', value: 'N' } }],
        linkField: 'parent_id',
      },
    );
    expect(specOf('{ kind: copy_record, copies: res.partner, record: base.main_partner }')).toEqual({
      kind: 'copy_record',
      copies: 'res.partner',
      record: 'base.main_partner',
      linkField: null,
    });
    expect(specOf('{ kind: multi, actions: [base.x] }')).toEqual({ kind: 'multi', actions: ['base.x'] });
    expect(specOf('{ kind: webhook, url: {secret: HOOK}, fields: [name] }')).toEqual({
      kind: 'webhook',
      url: { secret: 'HOOK' },
      fields: ['name'],
    });
    expect(specOf('{ kind: webhook, url: "https://example.com/x" }')).toEqual({
      kind: 'webhook',
      url: { text: 'https://example.com/x' },
      fields: [],
    });
    expect(specOf('{ kind: email, template: mail.t }')).toEqual({
      kind: 'email',
      template: 'mail.t',
      method: 'email',
      autofollow: false,
    });
    expect(specOf('{ kind: activity, type: mail.t, due: {in: 3, unit: weeks}, assign: {field: user_id} }')).toEqual({
      kind: 'activity',
      type: 'mail.t',
      summary: null,
      note: null,
      due: { in: 3, unit: 'weeks' },
      assign: { field: 'user_id' },
    });
    expect(specOf('{ kind: followers, partners: [base.main_partner] }')).toEqual({
      kind: 'followers',
      who: { partners: ['base.main_partner'] },
    });
    expect(specOf('{ kind: remove_followers, field: partner_ids }')).toEqual({
      kind: 'remove_followers',
      who: { field: 'partner_ids' },
    });
  });

  it('takes code word for word, but for Windows line ends', () => {
    const code = '\n# é\r\nx = "${not_a_variable}"  \n\n';
    const definition = definitionOf(`${head}action: { kind: code, code: ./x/../b.py }\n`, { 'b.py': code });
    expect(definition.action.spec).toEqual({
      kind: 'code',
      code: '\n# é\nx = "${not_a_variable}"  \n\n',
      codeFile: 'b.py',
    });
  });

  it('remembers where values stand, for problems that are found later', () => {
    const { places } = definitionOf(`${minimal}schedule:\n  every: 1 day\n  user: base.user_admin\n`);
    expect(places['schedule.user']).toEqual({ file: 'a.yaml', line: 7, column: 9 });
  });

  it('sorts definitions by id, whatever the files are called', () => {
    const other = minimal.replace('id: one', 'id: another');
    expect(definitionsOf({ 'a.yaml': minimal, 'b.yml': other }).map(({ id }) => id)).toEqual(['another', 'one']);
  });

  it('leaves hidden folders, node_modules and ignored files alone', () => {
    const files = { 'steward.yaml': `${steward}ignore: ["docs", "**/*.draft.yaml"]\n`, 'a.yaml': minimal };
    const others = {
      '.github/w.yaml': 'x',
      'node_modules/y.yaml': 'x',
      'docs/deep/z.yaml': 'x',
      'd/q.draft.yaml': 'x',
      '.hidden.yaml': 'x',
    };
    expect(problemsOf({ ...files, ...others })).toEqual([]);
  });
});

describe('steward.yaml', () => {
  it.each([
    [
      { 'a.yaml': minimal },
      'steward.yaml:1:1  error: There is no steward.yaml at the root of the definitions: write one with `namespace: your_company`',
    ],
    [
      { 'steward.yml': steward },
      'steward.yaml:1:1  error: There is no steward.yaml at the root of the definitions: rename steward.yml',
    ],
    [
      { 'steward.yaml': steward, 'd/steward.yaml': steward },
      'd/steward.yaml:1:1  error: steward.yaml stands at the root of the definitions only: move or delete this one',
    ],
    [
      { 'steward.yaml': 'namespace: base\n' },
      'steward.yaml:1:12  error: `namespace` is `base`: choose a name of your own, this one belongs to Odoo',
    ],
    [
      { 'steward.yaml': 'namespace: __export__\n' },
      'steward.yaml:1:12  error: `namespace` is `__export__`: write small letters, digits and `_`, beginning with a letter, such as your company',
    ],
    [
      { 'steward.yaml': `${steward}variables: { smtp_password: x }\n` },
      'steward.yaml:2:14  error: `smtp_password` cannot be a key here: this looks like a secret, which must not stand in git: keep it in the settings and write `{secret: NAME}` where it is used',
    ],
    [
      { 'steward.yaml': `${steward}variables: { x: [1] }\n` },
      'steward.yaml:2:17  error: `x` is a list: write text, a number, true or false',
    ],
    [
      { 'steward.yaml': `${steward}environmets: {}\n` },
      'steward.yaml:2:1  error: `environmets` is not known here: did you mean `environments`?',
    ],
  ])('%j', (files, expected) => {
    const problems = checkDefinitions(toFiles(files)).map(showProblem);
    expect(problems).toEqual([expected]);
  });
});

describe('variables and environments', () => {
  const environments = `${steward}variables: { limit: 5 }\nenvironments:\n  production: { variables: { days: 30, on: true } }\n  staging: { variables: { days: 1 } }\n  empty:\n`;
  const yaml = `${head.replace('One', () => 'After ${days} days, $${literally}')}action: { kind: update_record, set: { a: "\${days}", b: "\${limit}x" } }\n`;

  it('are filled in with their type, or into the text around them', () => {
    const [definition] = definitionsOf({ 'steward.yaml': environments, 'a.yaml': yaml }, 'production');
    expect(definition?.name).toBe('After 30 days, ${literally}');
    expect(definition?.action.spec).toMatchObject({ set: [{ assign: { value: 30 } }, { assign: { value: '5x' } }] });
  });

  it('have no value where none is given', () => {
    expect(problemsOf({ 'steward.yaml': environments, 'a.yaml': yaml }, 'empty')).toEqual([
      'a.yaml:2:7  error: `${days}` has no value in environment `empty`: give it one under `variables` in steward.yaml',
      'a.yaml:4:42  error: `${days}` has no value in environment `empty`: give it one under `variables` in steward.yaml',
    ]);
  });

  it.each([
    ['name: ${dyas}', 'a.yaml:2:7  error: `${dyas}` is no variable of steward.yaml: did you mean `days`?'],
    [
      'name: ${Days}',
      'a.yaml:2:7  error: `${Days}` is no variable: write `${name}`, or `$${` for the characters themselves',
    ],
    [
      'name: "${days"',
      'a.yaml:2:7  error: `${days` is no variable: write `${name}`, or `$${` for the characters themselves',
    ],
  ])('%s is a mistake', (line, expected) => {
    const files = { 'steward.yaml': environments, 'a.yaml': minimal.replace('name: One', line) };
    expect(problemsOf(files, 'production')).toEqual([expected]);
  });

  it('do not decide what exists', () => {
    const files = { 'steward.yaml': environments, 'a.yaml': minimal.replace('id: one', 'id: ${days}') };
    expect(problemsOf(files, 'production')).toContain(
      'a.yaml:1:5  error: `id` cannot hold a variable: it is the same in every environment',
    );
  });

  it('choose the definitions, and still check the others', () => {
    const only = `${minimal}environments: [staging]\n`;
    expect(definitionsOf({ 'steward.yaml': environments, 'a.yaml': only }, 'production')).toEqual([]);
    expect(definitionsOf({ 'steward.yaml': environments, 'a.yaml': only }, 'staging')).toHaveLength(1);
    expect(definitionsOf({ 'steward.yaml': environments, 'a.yaml': only }, null)).toEqual([]);
    expect(problemsOf({ 'steward.yaml': environments, 'a.yaml': only.replace('One', '${on}') }, 'production')).toEqual([
      expect.stringContaining('`${on}` has no value in environment `staging`'),
    ]);
  });

  it('have to be known to steward.yaml when it names any', () => {
    const files = { 'steward.yaml': environments, 'a.yaml': `${minimal}environments: [prodution]\n` };
    expect(problemsOf(files, 'productio')).toEqual([
      'a.yaml:5:16  error: `prodution` is no environment of steward.yaml: did you mean `production`?',
      'steward.yaml:3:1  error: The environment `productio` is not among `environments`: did you mean `production`?',
    ]);
    expect(definitionsOf({ 'a.yaml': `${minimal}environments: [anything]\n` }, 'anything')).toHaveLength(1);
  });

  it('are all checked when no environment is in view', () => {
    const problems = checkDefinitions(toFiles({ 'steward.yaml': environments, 'a.yaml': yaml })).map(showProblem);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('in environment `empty`');
  });
});

describe('rules over several files', () => {
  const multi = (id: string, actions: string): string =>
    `id: ${id}\nname: M\nmodel: res.partner\naction: { kind: multi, actions: [${actions}] }\n`;

  it('ids are unique', () => {
    expect(problemsOf({ 'a.yaml': minimal, 'b.yaml': minimal })).toEqual([
      'b.yaml:1:5  error: `one` is already the id at a.yaml:1:5: choose another',
    ]);
  });

  it('a local action becomes an external ID, in the order written', () => {
    const [, definition] = definitionsOf({
      'a.yaml': minimal,
      'b.yaml': multi('parent', 'one, base.x').replace('id: parent', 'id: z'),
    });
    expect(definition?.action.spec).toEqual({ kind: 'multi', actions: ['acme.one', 'base.x'] });
  });

  it('an unknown local action is a mistake, one in a broken file is not', () => {
    const files = { 'a.yaml': minimal, 'b.yaml': multi('parent', 'oen') };
    expect(problemsOf(files)).toEqual([
      'b.yaml:4:34  error: `oen` is no definition of this repository: did you mean `one`?',
    ]);
    expect(
      problemsOf({ 'a.yaml': minimal.replace('name: One', 'nmae: One'), 'b.yaml': multi('parent', 'one') }),
    ).toEqual([expect.stringContaining('a.yaml:1:1'), expect.stringContaining('a.yaml:2:1')]);
  });

  it('actions do not run each other in circles', () => {
    const files = {
      'a.yaml': multi('aa', 'bb'),
      'b.yaml': multi('bb', 'cc'),
      'c.yaml': multi('cc', 'aa'),
      'd.yaml': multi('dd', 'dd'),
    };
    expect(problemsOf(files)).toEqual([
      'c.yaml:4:34  error: These actions run each other in a circle (aa → bb → cc → aa): take one out',
      'd.yaml:4:34  error: These actions run each other in a circle (dd → dd): take one out',
    ]);
  });

  it('a long chain of actions is no circle', () => {
    const files = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`f${i}.yaml`, multi(`m${i}`, i === 0 ? 'base.x' : `m${i - 1}`)]),
    );
    expect(problemsOf(files)).toEqual([]);
  });

  it('an action exists wherever another runs it, and works on the same model', () => {
    const files = {
      'a.yaml': `${minimal.replace('res.partner', 'res.users')}environments: [staging]\n`,
      'b.yaml': multi('parent', 'one'),
    };
    expect(problemsOf(files, 'production')).toEqual([
      'b.yaml:4:34  error: `one` exists in staging only: give it the environments of this action',
      "b.yaml:4:34  warning: `one` works on `res.users`, this action on `res.partner`: Odoo 19 gives a child its parent's model",
    ]);
  });

  describe('a multi and what it runs', () => {
    const child = (more: string): string => minimal.replace('{ ref: x } }', `{ ref: x }${more} }`);
    const scheduled = `${multi('parent', 'one')}schedule: { every: 1 day }\n`;

    it('have the same groups, for Odoo 19 refuses to run it otherwise', () => {
      const files = {
        'a.yaml': child(', groups: [base.group_user, base.group_system]'),
        'b.yaml': multi('parent', 'one').replace('[one]', '[one], groups: [base.group_system, base.group_user]'),
      };
      expect(problemsOf(files)).toEqual([]);
      expect(problemsOf({ ...files, 'a.yaml': minimal })).toEqual([
        'b.yaml:4:34  warning: `one` is for odoo_steward.group_runner, this action for base.group_system and base.group_user: Odoo 19 refuses to run it unless both name the same `groups`',
      ]);
    });

    it('show it when a schedule brings a group that nobody wrote', () => {
      expect(problemsOf({ 'a.yaml': minimal, 'b.yaml': scheduled })).toEqual([
        'b.yaml:4:34  warning: `one` is for odoo_steward.group_runner, this action for base.group_system (which its schedule brings along) and odoo_steward.group_runner: Odoo 19 refuses to run it unless both name the same `groups`',
      ]);
      expect(problemsOf({ 'a.yaml': `${minimal}schedule: { every: 1 day }\n`, 'b.yaml': scheduled })).toEqual([]);
      const defaults = { 'steward.yaml': `${steward}defaults: { groups: [base.group_user] }\n` };
      expect(problemsOf({ ...defaults, 'a.yaml': minimal, 'b.yaml': scheduled })).toEqual([]);
    });

    it('show it, too, when the groups of what it runs are not known here', () => {
      expect(problemsOf({ 'b.yaml': scheduled.replace('[one]', '[base.x]') })).toEqual([
        'b.yaml:4:9  warning: This action is for base.group_system (which its schedule brings along) and odoo_steward.group_runner, because no `groups` are written: write them, and let what it runs have the same',
      ]);
      expect(problemsOf({ 'b.yaml': multi('parent', 'base.x') })).toEqual([]);
    });
  });

  it('nothing is adopted twice', () => {
    const other = minimal.replace('id: one', 'id: two');
    expect(problemsOf({ 'a.yaml': `${minimal}adopts: "#5"\n`, 'b.yaml': `${other}adopts: "#5"\n` })).toEqual([
      'b.yaml:5:9  error: `#5` is already adopted at a.yaml:5:9: keep one',
    ]);
  });
});
