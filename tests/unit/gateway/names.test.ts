import { describe, expect, it } from '@jest/globals';
import { anyOf } from '../../../src/odoo/gateway/domains.js';
import { plainHtml } from '../../../src/domain/plan/plain-html.js';
import { kindOfState, stateOfKind } from '../../../src/odoo/gateway/features.js';
import { parameterKeys, toAppliedIds, toBinding, toIdentity } from '../../../src/odoo/gateway/identity.js';
import { wasApplied, writeAppliedIds } from '../../../src/domain/plan/applied-ids.js';
import { fieldDigest } from '../../../src/domain/plan/stamp.js';
import { moduleAdvice, moduleCandidates } from '../../../src/odoo/gateway/check/module-hints.js';
import { RecordNames } from '../../../src/odoo/gateway/names.js';
import { toOwnership } from '../../../src/odoo/gateway/ownership.js';
import { dataConditions, recordIdOf, splitExternalId } from '../../../src/odoo/gateway/references.js';
import { featuresOf, recordedVersions } from './fixtures.js';

const row = (externalId: string, model: string, id: number) => ({ ...splitExternalId(externalId), model, res_id: id });

describe('what records are called', () => {
  const rows = [
    row('__export__.a', 'res.groups', 7),
    row('zoo.keepers', 'res.groups', 7),
    row('base.user', 'res.users', 7),
  ];

  it('is their first external ID, one of a module before one of an export, else their number', () => {
    const names = new RecordNames([], rows);
    expect(names.nameOf('res.groups', 7)).toBe('zoo.keepers');
    expect(names.nameOf('res.users', 7)).toBe('base.user');
    expect(names.nameOf('res.users', 8)).toBe('#8');
    expect(names.externalIdsOf('res.groups', 7)).toEqual(['__export__.a', 'zoo.keepers']);
  });

  it.each([
    [{ model: 'res.groups', reference: '__export__.a' }, '__export__.a'],
    [{ model: 'res.groups', reference: '#7' }, '#7'],
    [{ model: '*', reference: '__export__.a' }, '__export__.a'],
    [{ model: 'res.users', reference: 'zoo.keepers' }, 'zoo.keepers'],
  ])('is what git calls them: %j', (wanted, expected) => {
    expect(new RecordNames([wanted], rows).nameOf('res.groups', 7)).toBe(expected);
  });

  it('changes when an external ID moves to another record', () => {
    const names = new RecordNames([{ model: 'res.groups', reference: 'zoo.keepers' }], rows);
    names.add([row('zoo.keepers', 'res.groups', 9)]);
    expect(names.idOf('res.groups', 'zoo.keepers')).toBe(9);
    expect(names.nameOf('res.groups', 7)).toBe('__export__.a');
    expect(names.nameOf('res.groups', 9)).toBe('zoo.keepers');
  });

  it('finds wanted references of the right model only', () => {
    const wanted = [
      { model: 'res.groups', reference: 'zoo.keepers' },
      { model: 'res.users', reference: 'zoo.keepers' },
      { model: '*', reference: 'base.user' },
      { model: 'res.partner', reference: '#3' },
    ];
    expect(Object.fromEntries(new RecordNames(wanted, rows).found())).toEqual({
      'res.groups|zoo.keepers': 7,
      '*|base.user': 7,
      'res.partner|#3': 3,
    });
  });
});

describe('ownership', () => {
  it('is an external ID in the namespace; of another model it is foreign', () => {
    const owned = toOwnership('house', [
      row('house.b', 'ir.actions.server', 2),
      row('house.a', 'ir.actions.server', 2),
      row('house.s', 'ir.cron', 5),
      row('house.p', 'res.partner', 1),
      row('other.x', 'ir.actions.server', 3),
    ]);
    expect([...owned.actions]).toEqual([[2, 'house.a']]);
    expect([...owned.schedules]).toEqual([[5, 'house.s']]);
    expect(owned.foreign).toEqual([{ externalId: 'house.p', model: 'res.partner' }]);
  });
});

describe('references and domains', () => {
  it('reads a record ID only where one is written', () => {
    expect(['#57', '#0', '#05', '57', 'a.b', '#1x'].map(recordIdOf)).toEqual([57, null, null, null, null, null]);
  });

  it('asks for external IDs a module at a time, sorted, dots in names kept', () => {
    expect(dataConditions(['b.y', 'a.x', 'b.x.z'])).toEqual([
      [
        ['module', '=', 'a'],
        ['name', 'in', ['x']],
      ],
      [
        ['module', '=', 'b'],
        ['name', 'in', ['x.z', 'y']],
      ],
    ]);
  });

  it('joins alternatives in prefix notation, and none to what matches nothing', () => {
    expect(anyOf([['a', '=', 1]])).toEqual([['a', '=', 1]]);
    expect(
      anyOf([
        ['a', '=', 1],
        [
          ['b', '=', 2],
          ['c', '=', 3],
        ],
        ['d', '=', 4],
      ]),
    ).toEqual(['|', '|', ['a', '=', 1], '&', ['b', '=', 2], ['c', '=', 3], ['d', '=', 4]]);
    expect(anyOf([])).toEqual([['id', '=', 0]]);
  });
});

describe('kinds', () => {
  it.each(recordedVersions)('of a bare Odoo %s', (version) => {
    const features = featuresOf(version);
    const offered = (
      ['code', 'update_record', 'create_record', 'copy_record', 'multi', 'webhook', 'email'] as const
    ).filter((kind) => stateOfKind(kind, features) !== null);
    const later = version === '14' ? [] : ['webhook'];
    expect(offered).toEqual([
      'code',
      'update_record',
      'create_record',
      ...(version === '19' ? ['copy_record'] : []),
      'multi',
      ...later,
    ]);
  });

  it('know both names of e-mail, and no other states than Odoo’s own', () => {
    expect(['email', 'mail_post', 'sms', ''].map(kindOfState)).toEqual(['email', 'email', null, null]);
  });
});

describe('identity', () => {
  it.each([
    [null, false],
    ['', false],
    ['False', false],
    ['0', false],
    ['True', true],
    ['true', true],
    ['1', true],
  ])('database.is_neutralized %j means %j', (value, neutralized) => {
    const rows = value === null ? [] : [{ id: 1, key: 'database.is_neutralized', value }];
    expect(toIdentity('db', rows)).toEqual({ uuid: '', database: 'db', baseUrl: null, neutralized });
  });

  it.each(['', 'no JSON', '{}', '{"uuid":1}', 'null'])('takes %j for no binding', (value) => {
    expect(toBinding([{ id: 1, key: 'odoo_steward.binding', value }])).toBeNull();
  });

  it('finds what stood after the last apply under the key of its own namespace', () => {
    const value = writeAppliedIds(new Set([fieldDigest('acme.a')]));
    const rows = [{ id: 9, key: 'odoo_steward.applied.acme', value }];
    const read = toAppliedIds('acme', rows);
    expect(read.recordId).toBe(9);
    expect(wasApplied(read, 'acme.a')).toBe(true);
    expect(wasApplied(read, 'acme.b')).toBe(false);
    expect(toAppliedIds('other', rows)).toEqual({ recordId: null, digests: new Set() });
    expect(parameterKeys('acme')).toContain('odoo_steward.applied.acme');
  });

  it('takes whatever else stands there for nothing, and knows which parameter to overwrite', () => {
    const rows = [{ id: 9, key: 'odoo_steward.applied.acme', value: 'by hand' }];
    expect(toAppliedIds('acme', rows)).toEqual({ recordId: 9, digests: new Set() });
  });
});

describe('texts that Odoo stores as HTML', () => {
  it.each([
    ['<p>Call back</p>', 'Call back'],
    ['<p>R&amp;D &lt;now&gt;</p>', 'R&D <now>'],
    ['<p>Ask <b>now</b></p>', '<p>Ask <b>now</b></p>'],
    ['<p>One</p><p>Two</p>', '<p>One</p><p>Two</p>'],
    ['', null],
    ['<p></p>', null],
    [null, null],
  ])('%j reads as %j', (html, expected) => {
    expect(plainHtml(html)).toBe(expected);
  });
});

describe('the module that a model comes from', () => {
  it.each([
    ['sale.order.line', ['sale_order_line', 'sale_order', 'sale']],
    ['hr.leave.type', ['hr_holidays', 'hr_leave_type', 'hr_leave', 'hr']],
    ['mailing.mailing', ['mass_mailing', 'mailing_mailing', 'mailing']],
  ])('%s: %j', (model, expected) => {
    expect(moduleCandidates(model)).toEqual(expected);
  });

  it('is named when it is known here and not installed', () => {
    const states = new Map([
      ['sale', 'uninstalled'],
      ['base', 'installed'],
    ]);
    expect(moduleAdvice(['sale_order', 'sale'], states)).toMatch(/^install the module sale,/);
    expect(moduleAdvice(['base'], states)).toMatch(/the module base is installed and does not have it$/);
    expect(moduleAdvice(['nowhere'], states)).toMatch(/^correct it, or install/);
  });
});
