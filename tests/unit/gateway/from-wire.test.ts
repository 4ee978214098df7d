import { describe, expect, it } from '@jest/globals';
import { toLiveAction, type ActionSource } from '../../../src/odoo/gateway/from-wire/action.js';
import { RecordNames } from '../../../src/odoo/gateway/names.js';
import { actionRow, toInstant } from '../../../src/odoo/gateway/rows.js';

const source: ActionSource = {
  uid: 2,
  names: new RecordNames(
    [],
    [
      { module: 'base', name: 'be', model: 'res.country', res_id: 20 },
      { module: 'base', name: 'vip', model: 'res.partner.category', res_id: 3 },
    ],
  ),
  fields: new Map([
    [1, { id: 1, model: 'res.partner', name: 'country_id', ttype: 'many2one', relation: 'res.country' }],
    [2, { id: 2, model: 'res.partner', name: 'category_id', ttype: 'many2many', relation: 'res.partner.category' }],
    [3, { id: 3, model: 'res.partner', name: 'x', ttype: 'char', relation: null }],
    [4, { id: 4, model: 'res.partner', name: 'active', ttype: 'boolean', relation: null }],
    [5, { id: 5, model: 'res.partner', name: 'comment', ttype: 'html', relation: null }],
  ]),
  models: new Map(),
  lines: new Map([
    [11, { id: 11, col1: { id: 3, name: '' }, evaluation_type: 'value', value: 'v' }],
    [12, { id: 12, col1: { id: 1, name: '' }, evaluation_type: 'reference', value: '20' }],
    [13, { id: 13, col1: { id: 4, name: '' }, evaluation_type: 'equation', value: 'False' }],
    [14, { id: 14, col1: { id: 3, name: '' }, evaluation_type: 'equation', value: 'False' }],
    [15, { id: 15, col1: { id: 3, name: '' }, evaluation_type: 'equation', value: 'record.name' }],
  ]),
  owned: new Map(),
  secretDigests: new Map(),
  plainUrlActions: new Set(),
};

/** A row as the client hands it over. */
function row(more: object) {
  return actionRow.parse({
    id: 5,
    name: 'N',
    model_id: [9, 'Contact'],
    model_name: 'res.partner',
    state: 'object_write',
    usage: 'ir_actions_server',
    sequence: 5,
    help: null,
    binding_model_id: null,
    binding_type: 'action',
    binding_view_types: 'list,form',
    groups_id: [],
    child_ids: [],
    crud_model_name: null,
    link_field_id: null,
    write_uid: [2, 'Mitchell'],
    write_date: '2026-02-03 04:05:06',
    ...more,
  });
}

const liveOf = (more: object) => toLiveAction(row({ update_path: 'f', evaluation_type: 'value', ...more }), source);
const set = (more: object) => liveOf(more).values['set'];

describe('what an update_record action sets, as read from 17 and later', () => {
  it.each([
    [
      { update_field_type: 'char', value: 'x' },
      { to: 'value', value: 'x' },
    ],
    [
      { update_field_type: 'char', value: null },
      { to: 'value', value: null },
    ],
    [
      { update_field_type: 'integer', value: '7' },
      { to: 'value', value: 7 },
    ],
    [
      { update_field_type: 'float', value: '0.50' },
      { to: 'value', value: 0.5 },
    ],
    [
      { update_field_type: 'monetary', value: 'much' },
      { to: 'value', value: 'much' },
    ],
    [
      { update_field_type: 'date', value: '2026-01-01' },
      { to: 'value', value: '2026-01-01' },
    ],
    [
      { update_field_type: 'boolean', value: 'ignored', update_boolean_value: 'false' },
      { to: 'value', value: false },
    ],
    [
      { update_field_type: 'boolean', update_boolean_value: 'true' },
      { to: 'value', value: true },
    ],
    [
      { update_field_type: 'html', value: '<p>17</p>' },
      { to: 'value', value: '<p>17</p>' },
    ],
    [
      { update_field_type: 'html', value: 'ignored', html_value: '<p>19</p>' },
      { to: 'value', value: '<p>19</p>' },
    ],
    [
      { update_field_type: 'many2one', update_field_id: [1, ''], value: '20' },
      { to: 'record', record: 'base.be' },
    ],
    [
      { update_field_type: 'many2one', update_field_id: [1, ''], value: '21' },
      { to: 'record', record: '#21' },
    ],
    [
      { update_field_type: 'many2one', update_field_id: [1, ''], value: '0' },
      { to: 'value', value: null },
    ],
    [
      { update_field_type: 'many2many', update_field_id: [2, ''], value: '3', update_m2m_operation: 'add' },
      { to: 'add', record: 'base.vip' },
    ],
    [
      { update_field_type: 'many2many', update_field_id: [2, ''], value: '3', update_m2m_operation: 'set' },
      { to: 'replace', record: 'base.vip' },
    ],
    [
      { update_field_type: 'many2many', update_field_id: [2, ''], value: '3', update_m2m_operation: 'clear' },
      { to: 'clear' },
    ],
    [
      { evaluation_type: 'equation', value: 'record.id' },
      { to: 'expression', expression: 'record.id' },
    ],
    [
      { evaluation_type: 'sequence', sequence_id: [8, ''] },
      { to: 'sequence', sequence: '#8' },
    ],
  ])('%j', (more, expected) => {
    expect(set(more)).toEqual([{ field: 'f', ...expected }]);
  });

  it.each([
    ['an HTML field on 19', { update_field_type: 'html', html_value: '<p>19</p>' }, ['f']],
    ['an HTML field whose type Odoo could not tell', { update_field_id: [5, ''], html_value: '<p>19</p>' }, ['f']],
    ['an HTML field on 17 and 18, which keep its text as it is', { update_field_type: 'html', value: 'x' }, []],
    [
      'an HTML field that gets an expression',
      { update_field_type: 'html', html_value: null, evaluation_type: 'equation' },
      [],
    ],
    ['any other field', { update_field_type: 'text', html_value: null, value: '<p>x</p>' }, []],
    ['an action of another kind', { state: 'code', update_field_type: 'html', html_value: '<p>x</p>' }, []],
  ])('names it as HTML, or not: %s', (_what, more, expected) => {
    expect(liveOf(more).htmlFields).toEqual(expected);
  });

  it('nothing, when it names no field', () => {
    expect(set({ update_path: null })).toEqual([]);
  });
});

describe('what an update_record action sets, as read from the lines of 14 to 16', () => {
  it.each([
    [[11], [{ field: 'x', to: 'value', value: 'v' }]],
    [
      [13, 12],
      [
        { field: 'active', to: 'value', value: false },
        { field: 'country_id', to: 'record', record: 'base.be' },
      ],
    ],
    [[14], [{ field: 'x', to: 'value', value: null }]],
    [[15], [{ field: 'x', to: 'expression', expression: 'record.name' }]],
    [[], []],
  ])('%j', (fields_lines, expected) => {
    expect(toLiveAction(row({ fields_lines }), source).values['set']).toEqual(expected);
  });
});

describe('a live action', () => {
  it('has the fields that every kind has, in the house’s words', () => {
    const live = toLiveAction(
      row({
        state: 'code',
        code: '',
        groups_id: [4, 3],
        binding_model_id: [9, 'Contact'],
        binding_view_types: ' list , form',
        usage: 'ir_cron',
      }),
      source,
    );
    expect(live).toEqual({
      recordId: 5,
      externalId: null,
      externalIds: [],
      values: {
        name: 'N',
        model: 'res.partner',
        kind: 'code',
        sequence: 5,
        groups: ['#3', '#4'],
        binding: { model: 'res.partner', views: ['form', 'list'] },
        code: null,
      },
      lastEdit: { by: 'Mitchell', at: '2026-02-03T04:05:06Z', isOwn: true },
      help: null,
      htmlFields: [],
      usedBySchedule: true,
      warning: null,
    });
  });

  it('knows our own write from another user’s', () => {
    expect(toLiveAction(row({ state: 'code' }), { ...source, uid: 3 }).lastEdit).toMatchObject({ isOwn: false });
  });

  it('of a kind that no definition has keeps its name', () => {
    expect(toLiveAction(row({ state: 'sms' }), source).values).toMatchObject({ kind: 'unsupported:sms' });
  });

  it('is refused when Odoo answers something else', () => {
    expect(() => row({ id: 'five' })).toThrow();
  });
});

describe('instants', () => {
  it.each([
    ['2026-01-01 02:00:00', '2026-01-01T02:00:00Z'],
    ['2026-01-01 02:00:00.123456', '2026-01-01T02:00:00Z'],
    [null, null],
  ])('%j is %j', (time, expected) => {
    expect(toInstant(time)).toBe(expected);
  });
});
