import { describe, expect, it } from '@jest/globals';
import type { PlannedWrite } from '../../../src/app/ports.js';
import type { Values } from '../../../src/domain/plan/values.js';
import { judgeWrites } from '../../../src/odoo/gateway/check/check-writes.js';
import type { ServerFacts } from '../../../src/odoo/gateway/check/server-facts.js';
import { RecordNames } from '../../../src/odoo/gateway/names.js';
import { desiredAction } from '../../support/plan-states.js';
import { featuresOf, type RecordedVersion } from './fixtures.js';

const field = (type: string, relation: string | null = null) => ({ id: 1, type, relation });

function facts(version: RecordedVersion, more: Partial<ServerFacts> = {}): ServerFacts {
  return {
    features: featuresOf(version),
    serie: `${version}.0`,
    live: null,
    models: new Set(['res.partner']),
    fields: new Map([
      ['res.partner|ref', field('char')],
      ['res.partner|color', field('integer')],
      ['res.partner|parent_id', field('many2one', 'res.partner')],
      ['res.partner|category_id', field('many2many', 'res.partner.category')],
    ]),
    names: new RecordNames([], [{ module: 'base', name: 'group_system', model: 'res.groups', res_id: 3 }]),
    recordIds: new Set(['res.partner|7', 'ir.sequence|4']),
    userGroups: new Map(),
    parents: new Map(),
    modules: new Map(),
    ...more,
  };
}

function write(kind: string, values: Values): PlannedWrite {
  const action = {
    name: 'N',
    model: 'res.partner',
    kind,
    sequence: 5,
    groups: ['base.group_system'],
    binding: null,
    ...values,
  };
  return {
    desired: desiredAction('x', { action }),
    object: 'server_action',
    op: 'create',
    fields: Object.keys(action),
  };
}

const setting = (...set: Values[]) => write('update_record', { set: set.map((one) => ({ field: 'ref', ...one })) });
const codes = (version: RecordedVersion, one: PlannedWrite, more: Partial<ServerFacts> = {}) =>
  judgeWrites([one], facts(version, more)).map(({ code, message }) => `${code}: ${message}`);

describe('what a version cannot do', () => {
  it.each([
    ['14', setting({ to: 'expression', expression: '1' }), []],
    ['14', setting({ to: 'sequence', sequence: '#4' }), [/needs a later Odoo than 14\.0/]],
    ['17', setting({ to: 'sequence', sequence: '#4' }), [/A sequence needs Odoo 19 or later, and this is 17\.0/]],
    ['18', setting({ to: 'sequence', sequence: '#4' }), [/A sequence needs Odoo 19 or later, and this is 18\.0/]],
    ['19', setting({ to: 'sequence', sequence: '#4' }), []],
    ['19', setting({ field: 'color', to: 'sequence', sequence: '#4' }), [/a sequence makes text/]],
    ['17', setting({ to: 'value', value: 'a' }, { field: 'color', to: 'value', value: 1 }), [/^several_assignments: /]],
    ['14', setting({ to: 'value', value: 'a' }, { field: 'color', to: 'value', value: 1 }), []],
    ['18', setting({ field: 'category_id', to: 'add', record: '#7' }), [/^record_missing: .*record ID 7/]],
    [
      '18',
      setting({ field: 'parent_id', to: 'add', record: '#7' }),
      [/parent_id is of type many2one and is no list to add in/],
    ],
    ['18', setting({ field: 'parent_id', to: 'record', record: '#7' }), []],
    ['18', setting({ field: 'ref', to: 'record', record: '#7' }), [/ref is of type char and cannot be a record/]],
    ['18', setting({ field: 'parent_id', to: 'value', value: 7 }), [/points to records: name one/]],
    ['18', write('webhook', { url: 'https://x', fields: ['ref'] }), []],
    [
      '18',
      write('copy_record', { copies: 'res.partner', record: '#7', link_field: null }),
      [/^kind_not_offered: The kind copy_record needs Odoo 19 or later/],
    ],
    ['17', write('email', { template: '#1', method: 'email', autofollow: false }), [/needs the module mail/]],
    [
      '18',
      write('create_record', {
        creates: 'res.partner',
        values: [{ field: 'name', to: 'value', value: 'X' }],
        link_field: 'parent_id',
      }),
      [],
    ],
    [
      '17',
      write('create_record', {
        creates: 'res.partner',
        values: [{ field: 'name', to: 'expression', expression: 'x' }],
        link_field: null,
      }),
      [/its name, a text, and nothing else/],
    ],
  ] as const)('on %s: %#', (version, one, expected) => {
    const said = codes(version, one);
    expect(said).toHaveLength(expected.length);
    for (const pattern of expected) expect(said).toContainEqual(expect.stringMatching(pattern));
  });

  it('is judged of what changes only', () => {
    const unchanged = { ...setting({ to: 'sequence', sequence: '#4' }), op: 'update', fields: ['name'] } as const;
    expect(codes('17', unchanged)).toEqual([]);
  });
});

describe('mail kinds of a database with the module mail', () => {
  const mail = (version: RecordedVersion, states: string[], fields: string[]): Partial<ServerFacts> => {
    const bare = featuresOf(version);
    return {
      features: { ...bare, states: new Set([...bare.states, ...states]), action: new Set([...bare.action, ...fields]) },
    };
  };
  const on14 = mail('14', ['email', 'followers', 'next_activity'], ['template_id', 'partner_ids']);
  const on18 = mail(
    '18',
    ['mail_post', 'followers', 'remove_followers', 'next_activity'],
    ['template_id', 'mail_post_method', 'followers_type'],
  );
  const names = new RecordNames(
    [],
    [
      { module: 'base', name: 'group_system', model: 'res.groups', res_id: 3 },
      { module: 'a', name: 'template', model: 'mail.template', res_id: 5 },
    ],
  );

  it.each([
    ['14', on14, write('email', { template: 'a.template', method: 'note', autofollow: true }), 2],
    ['14', on14, write('email', { template: 'a.template', method: 'email', autofollow: false }), 0],
    ['18', on18, write('email', { template: 'a.template', method: 'note', autofollow: true }), 0],
    ['14', on14, write('followers', { who: { field: 'parent_id' } }), 1],
    ['18', on18, write('followers', { who: { field: 'parent_id' } }), 0],
    ['18', on18, write('followers', { who: { field: 'category_id' } }), 1],
    ['14', on14, write('remove_followers', { who: { partners: ['#7'] } }), 1],
  ] as const)('on %s: %#', (version, more, one, count) => {
    expect(codes(version, one, { ...more, names })).toHaveLength(count);
  });
});

describe('problems', () => {
  it('are said once for the action and its schedule, in the order of their places', () => {
    const wanted = {
      desired: desiredAction('x', {
        action: { ...write('code', { code: 'x' }).desired.action, model: 'gone.model', groups: ['a.gone'] },
      }),
    };
    const both: PlannedWrite[] = [
      { ...wanted, object: 'server_action', op: 'create', fields: [] },
      { ...wanted, object: 'server_action', op: 'create', fields: [] },
    ];
    expect(judgeWrites(both, facts('19')).map(({ code }) => code)).toEqual(['model_missing', 'record_missing']);
  });
});
