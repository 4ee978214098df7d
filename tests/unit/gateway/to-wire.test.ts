import { describe, expect, it } from '@jest/globals';
import type { ActionWrite, ScheduleWrite } from '../../../src/app/ports.js';
import type { Values } from '../../../src/domain/plan/values.js';
import { toWireRow } from '../../../src/odoo/gateway/to-wire/action.js';
import { Unresolvable, type Resolved } from '../../../src/odoo/gateway/to-wire/resolve.js';
import { scheduleColumns, splitInterval } from '../../../src/odoo/gateway/to-wire/schedule.js';
import { featuresOf, type RecordedVersion } from './fixtures.js';

const types: Readonly<Record<string, { type: string; relation: string | null }>> = {
  active: { type: 'boolean', relation: null },
  ref: { type: 'char', relation: null },
  color: { type: 'integer', relation: null },
  type: { type: 'selection', relation: null },
  comment: { type: 'html', relation: null },
  country_id: { type: 'many2one', relation: 'res.country' },
  category_id: { type: 'many2many', relation: 'res.partner.category' },
};

/** Every name has an ID that shows which name it was. */
const resolved: Resolved = {
  model: (name) => ({ 'res.partner': 10, 'res.users': 11, 'res.country': 12 })[name] ?? 19,
  record: (model, reference) => Number(`${model.length}0${reference.length}`),
  field: (_model, path) => ({ id: 500 + path.length, ...(types[path] ?? { type: 'char', relation: null }) }),
  child: (externalId) => 900 + externalId.length,
  selection: () => 77,
  secret: (name) => `https://secret/${name}`,
};

const common = { name: 'N', model: 'res.partner', sequence: 5, groups: ['a.b'], binding: null };

function write(values: Values, fields: readonly string[] | 'create' = 'create'): ActionWrite {
  const isNew = fields === 'create';
  return {
    externalId: 'house.x',
    recordId: isNew ? null : 42,
    values: { ...common, ...values },
    fields: isNew ? Object.keys({ ...common, ...values }) : fields,
    help: '<p>H</p>',
  };
}

const columns = (version: RecordedVersion, one: ActionWrite): Record<string, string> =>
  Object.fromEntries(toWireRow(one, resolved, featuresOf(version)).columns);

describe('the columns of a server action', () => {
  it.each(['14', '17', '18', '19'] as const)('of a new code action on %s', (version) => {
    expect(columns(version, write({ kind: 'code', code: 'x = 1' }))).toEqual({
      id: 'house.x',
      name: 'N',
      'model_id/.id': '10',
      state: 'code',
      sequence: '5',
      [version === '19' ? 'group_ids/.id' : 'groups_id/.id']: '1003',
      'binding_model_id/.id': '',
      binding_type: 'action',
      binding_view_types: 'list,form',
      help: '<p>H</p>',
      code: 'x = 1',
    });
  });

  it.each([
    [['code'], ['.id', 'code', 'help']],
    [['sequence'], ['.id', 'help', 'sequence']],
    [['name'], ['.id', 'help', 'name']],
    [['binding'], ['.id', 'binding_model_id/.id', 'binding_type', 'binding_view_types', 'help']],
  ])(
    'of an update of %j carry nothing else, so that no schedule blocks it and nothing is computed anew',
    (fields, expected) => {
      const row = columns('18', write({ kind: 'code', code: null }, fields));
      expect(Object.keys(row).sort()).toEqual(expected);
      expect(row['.id']).toBe('42');
    },
  );

  it.each(['17', '18', '19'] as const)('give the created model together with the state on %s', (version) => {
    const values = {
      kind: 'create_record',
      creates: 'res.country',
      values: [{ field: 'name', to: 'value', value: 'X' }],
      link_field: null,
    };
    expect(columns(version, write(values, ['kind']))).toMatchObject({
      state: 'object_create',
      'crud_model_id/.id': '12',
      value: 'X',
      update_path: '',
    });
    expect(columns(version, write(values, ['values']))).not.toHaveProperty('state');
  });

  it.each(['17', '18', '19'] as const)('leave the computed model alone when a field is set on %s', (version) => {
    const row = columns(version, write({ kind: 'update_record', set: [{ field: 'ref', to: 'value', value: 'v' }] }));
    expect(row).toMatchObject({ update_path: 'ref', evaluation_type: 'value', value: 'v' });
    expect(row).not.toHaveProperty(['crud_model_id/.id']);
    expect(row).not.toHaveProperty(['update_field_id/.id']);
  });

  it.each([
    ['a boolean', { field: 'active', to: 'value', value: false }, { update_boolean_value: 'false', value: '' }],
    ['a number', { field: 'color', to: 'value', value: 0 }, { value: '0' }],
    ['a choice', { field: 'type', to: 'value', value: 'v' }, { value: 'v', 'selection_value/.id': '77' }],
    [
      'a record',
      { field: 'country_id', to: 'record', record: 'base.be' },
      { value: '1107', resource_ref: 'res.country,1107' },
    ],
    [
      'one more of a list',
      { field: 'category_id', to: 'add', record: 'a.b' },
      { value: '2003', update_m2m_operation: 'add' },
    ],
    [
      'another list',
      { field: 'category_id', to: 'replace', record: 'a.b' },
      { value: '2003', update_m2m_operation: 'set' },
    ],
    ['an empty list', { field: 'category_id', to: 'clear' }, { value: '', update_m2m_operation: 'clear' }],
    ['nothing', { field: 'country_id', to: 'value', value: null }, { value: '', resource_ref: '' }],
    [
      'an expression',
      { field: 'active', to: 'expression', expression: '1' },
      { value: '1', evaluation_type: 'equation' },
    ],
  ])('set a field to %s on 17 and later', (_what, assignment, expected) => {
    expect(columns('17', write({ kind: 'update_record', set: [assignment] }))).toMatchObject(expected);
    expect(columns('19', write({ kind: 'update_record', set: [assignment] }))).toMatchObject(expected);
  });

  it('put HTML where 19 looks for it, and 17 has one place only', () => {
    const one = write({ kind: 'update_record', set: [{ field: 'comment', to: 'value', value: '<p>x</p>' }] });
    expect(columns('19', one)).toMatchObject({ html_value: '<p>x</p>' });
    expect(columns('17', one)).not.toHaveProperty('html_value');
    expect(columns('17', one)).toMatchObject({ value: '<p>x</p>' });
  });

  it('put several assignments into lines on 14, with Python where a line knows no better', () => {
    const set = [
      { field: 'active', to: 'value', value: true },
      { field: 'color', to: 'value', value: 3 },
      { field: 'country_id', to: 'record', record: 'base.be' },
      { field: 'ref', to: 'value', value: null },
    ];
    const row = toWireRow(write({ kind: 'update_record', set }), resolved, featuresOf('14'));
    expect(row.lines).toEqual([
      [5, 0, 0],
      [0, 0, { col1: 506, evaluation_type: 'equation', value: 'True' }],
      [0, 0, { col1: 505, evaluation_type: 'value', value: '3' }],
      [0, 0, { col1: 510, evaluation_type: 'reference', value: '1107' }],
      [0, 0, { col1: 503, evaluation_type: 'equation', value: 'False' }],
    ]);
    expect([...row.columns.keys()]).not.toContain('update_path');
  });

  it('list the children of a multi up to 18, and leave them to the children on 19', () => {
    const values = { kind: 'multi', actions: ['house.a', 'house.bb'] };
    expect(columns('18', write(values))).toMatchObject({ 'child_ids/.id': '907,908' });
    const row = toWireRow(write(values), resolved, featuresOf('19'));
    expect(
      [...row.columns.keys()].filter((column) => column.startsWith('child') || column.startsWith('parent')),
    ).toEqual([]);
    expect(row.children).toEqual(['house.a', 'house.bb']);
  });

  it('empty what the former kind left when the kind changes', () => {
    expect(columns('19', write({ kind: 'code', code: 'x' }, ['kind', 'code']))).toMatchObject({
      state: 'code',
      code: 'x',
      'crud_model_id/.id': '',
      update_path: '',
      value: '',
      webhook_url: '',
      'webhook_field_ids/.id': '',
      resource_ref: '',
    });
    expect(toWireRow(write({ kind: 'code', code: 'x' }, ['kind']), resolved, featuresOf('14')).lines).toEqual([
      [5, 0, 0],
    ]);
    expect(toWireRow(write({ kind: 'code', code: 'x' }, ['kind']), resolved, featuresOf('19')).children).toEqual([]);
  });

  it('carry the text of a secret webhook address, which only the writer knows', () => {
    expect(
      columns('18', write({ kind: 'webhook', url: { secret: 'HOOK', digest: 'd' }, fields: ['ref'] })),
    ).toMatchObject({
      webhook_url: 'https://secret/HOOK',
      'webhook_field_ids/.id': '503',
    });
  });

  it('refuse what the version has no place for, in a sentence', () => {
    const many = write({
      kind: 'update_record',
      set: [
        { field: 'ref', to: 'clear' },
        { field: 'x', to: 'clear' },
      ],
    });
    expect(() => columns('17', many)).toThrow(Unresolvable);
    expect(() => columns('14', many)).toThrow('"clear" needs Odoo 17 or later: use an expression');
  });
});

describe('the columns of a schedule', () => {
  const one: ScheduleWrite = {
    externalId: 'house.x_schedule',
    recordId: null,
    actionExternalId: 'house.x',
    actionRecordId: null,
    values: { action: 'house.x', every: '1 day', user: 'base.user_root', priority: 5, active: true },
    fields: [],
    firstRunAt: '2030-01-02 03:04:05',
    help: null,
  };
  const of = (version: RecordedVersion, more: Partial<ScheduleWrite> = {}) =>
    Object.fromEntries(scheduleColumns({ ...one, ...more }, { action: 1, user: 2 }, featuresOf(version)));

  it.each(['14', '17', '18', '19'] as const)('of a new one on %s', (version) => {
    expect(of(version)).toEqual({
      id: 'house.x_schedule',
      'ir_actions_server_id/.id': '1',
      interval_number: '1',
      interval_type: 'days',
      'user_id/.id': '2',
      priority: '5',
      active: 'True',
      nextcall: '2030-01-02 03:04:05',
      ...(version === '14' || version === '17' ? { numbercall: '-1', doall: 'False' } : {}),
    });
  });

  it('never touch the time of the next run once it exists, and let it run for ever when it is switched on', () => {
    expect(of('17', { recordId: 9, fields: ['active'] })).toEqual({ '.id': '9', active: 'True', numbercall: '-1' });
    expect(of('17', { recordId: 9, fields: ['active'], values: { active: false } })).toEqual({
      '.id': '9',
      active: 'False',
    });
    expect(of('19', { recordId: 9, fields: ['active'] })).toEqual({ '.id': '9', active: 'True' });
  });

  it.each([
    ['1 day', { number: '1', type: 'days' }],
    ['15 minutes', { number: '15', type: 'minutes' }],
    ['1 month', { number: '1', type: 'months' }],
  ])('split "%s"', (every, expected) => {
    expect(splitInterval(every)).toEqual(expected);
  });
});
