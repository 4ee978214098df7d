import { describe, expect, it } from '@jest/globals';
import { acceptanceOf, holdAccepted, WHOLE_RECORD } from '../../../src/domain/plan/accept.js';
import type { Change, Create, Delete, FieldDiff, Update } from '../../../src/domain/plan/change.js';

const base = { object: 'server_action', id: 'a', externalId: 'acme.a', name: 'A', at: null } as const;
const diff = (field: string, before: string, moved: FieldDiff['moved'] = 'live'): FieldDiff => ({
  ...{ field, before, after: 'git', moved, held: null },
});
const update = (...fields: FieldDiff[]): Update => ({
  ...base,
  ...{ op: 'update', recordId: 1, before: {}, after: {}, fields, lastEdit: null, held: null },
});
const gone: Create = { ...base, op: 'create', after: {}, moved: 'live', firstRun: null, held: null };
const unknown: Delete = { ...base, op: 'delete', recordId: 1, before: { name: 'x' }, lastEdit: null, held: null };

const accepting = (change: Change, field: string) => {
  const acceptance = acceptanceOf(change, field);
  return acceptance === null ? [] : [acceptance];
};

describe('holdAccepted', () => {
  it('holds the field that was accepted, and no other', () => {
    const change = update(diff('code', 'odoo'), diff('name', 'odoo'));
    const [held] = holdAccepted([change], accepting(change, 'code'));
    expect(held).toMatchObject({ held: null, fields: [{ held: 'accepted' }, { held: null }] });
  });

  it('holds the change when every field of it is held', () => {
    const change = update(diff('code', 'odoo'));
    expect(holdAccepted([change], accepting(change, 'code'))).toMatchObject([{ held: 'accepted' }]);
  });

  it('shows drift again when Odoo moves on from what was accepted', () => {
    const accepted = accepting(update(diff('code', 'odoo')), 'code');
    expect(holdAccepted([update(diff('code', 'odoo again'))], accepted)).toMatchObject([{ held: null }]);
  });

  it('holds a record that is gone, and the schedule that would stand on it', () => {
    const schedule: Create = { ...gone, object: 'scheduled_action', externalId: 'acme.a_schedule' };
    const held = holdAccepted([gone, schedule], accepting(gone, WHOLE_RECORD));
    expect(held.map((change) => change.held)).toEqual(['accepted', 'accepted']);
  });

  it('holds a record that no definition knows until it changes', () => {
    const accepted = accepting(unknown, WHOLE_RECORD);
    expect(holdAccepted([unknown], accepted)).toMatchObject([{ held: 'accepted' }]);
    expect(holdAccepted([{ ...unknown, before: { name: 'y' } }], accepted)).toMatchObject([{ held: null }]);
  });
});

describe('acceptanceOf', () => {
  it.each<[string, Change, string]>([
    ['a field that git moved', update(diff('code', 'odoo', 'git')), 'code'],
    ['a field that does not differ', update(diff('code', 'odoo')), 'name'],
    ['a definition that is new', { ...gone, moved: 'git' }, WHOLE_RECORD],
    ['the whole of a record that differs', update(diff('code', 'odoo')), WHOLE_RECORD],
  ])('has nothing to accept in %s', (_, change, field) => {
    expect(acceptanceOf(change, field)).toBeNull();
  });
});
