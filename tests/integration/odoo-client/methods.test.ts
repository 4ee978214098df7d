import { expect, it } from '@jest/globals';

import { connect, type CallEvent } from '../../../src/odoo/index.js';
import { describeEachWay, optionsOf } from './targets.js';

interface UserRow {
  readonly id: number;
  readonly login: string;
  readonly active: boolean;
  readonly share: boolean;
  readonly signature: string | null;
  readonly parent_id: [number, string] | null;
  readonly partner_id: [number, string] | null;
}

describeEachWay('the methods of the client', (target) => {
  it('tell version, protocol and user', async () => {
    const { serie, major, protocol, uid } = await target.odoo.version();
    expect({ serie, major, protocol, uid }).toEqual({
      serie: `${target.version}.0`,
      major: Number(target.version),
      protocol: target.protocol,
      uid: target.database.admin.uid,
    });
  });

  it('read null where Odoo says false for empty, and false where it means false', async () => {
    const fields = ['login', 'active', 'share', 'parent_id', 'partner_id'];
    const context = { active_test: false };
    const [user] = await target.odoo.searchRead<UserRow>('res.users', { domain: [['id', '=', 1]], fields, context });
    expect(user).toMatchObject({ id: 1, active: false, share: false, parent_id: null });
    expect(user?.partner_id).toEqual([expect.any(Number), expect.any(String)]);
    expect(await target.odoo.read<UserRow>('res.users', [1], fields)).toEqual([user]);
  });

  it('leave out what is gone when reading', async () => {
    expect(await target.odoo.read('res.partner', [999_999_999], ['name'])).toEqual([]);
  });

  it('create, search, count, write and unlink', async () => {
    const { odoo } = target;
    const mark = `made over ${target.protocol}`;
    const made = await odoo.create('res.partner', [
      { name: 'First', ref: mark },
      { name: 'Second', ref: mark },
    ]);
    const domain = [['ref', '=', mark]];
    expect(await odoo.search('res.partner', domain, { order: 'id' })).toEqual(made);
    expect(await odoo.search('res.partner', domain, { order: 'id desc', limit: 1 })).toEqual([made[1]]);
    expect(await odoo.search('res.partner', domain, { order: 'id', offset: 1 })).toEqual([made[1]]);
    await odoo.write('res.partner', made, { comment: 'written' });
    const rows = await odoo.read<{ name: string; comment: string }>('res.partner', made, ['name', 'comment']);
    expect(rows.map(({ name, comment }) => [name, comment.replace(/<\/?p>/g, '')])).toEqual([
      ['First', 'written'],
      ['Second', 'written'],
    ]);
    await odoo.unlink('res.partner', made);
    expect(await odoo.searchCount('res.partner', domain)).toBe(0);
  });

  it('load rows, and say what was wrong with them', async () => {
    const { odoo } = target;
    const id = `steward_test.loaded_${target.protocol}`;
    const loaded = await odoo.load('res.partner', ['id', 'name'], [[id, 'Loaded']]);
    expect(loaded).toEqual({ ids: [expect.any(Number)], messages: [] });
    const refused = await odoo.load('res.partner', ['id', 'name', 'type'], [[id, 'Again', 'bogus']]);
    expect(refused.ids).toBeNull();
    expect(refused.messages[0]).toMatchObject({ type: 'error', field: 'type', record: 0 });
    expect(await odoo.read('res.partner', loaded.ids ?? [], ['name'])).toMatchObject([{ name: 'Loaded' }]);
  });

  it('tell the fields of a model, asking once', async () => {
    const events: CallEvent[] = [];
    const odoo = target.open({ onCall: (event) => events.push(event) });
    const fields = await odoo.fieldsGet('ir.actions.server');
    expect(await odoo.fieldsGet('ir.actions.server')).toBe(fields);
    expect(fields['code']).toMatchObject({ type: 'text', store: true });
    expect(fields['model_id']).toMatchObject({ type: 'many2one', relation: 'ir.model', required: true });
    expect(Object.keys(fields)).toContain(target.version === '19' ? 'group_ids' : 'groups_id');
    expect(events.filter(({ phase }) => phase === 'call')).toHaveLength(1);
  });

  it('tell the settings of the user', async () => {
    const { uid } = target.database.admin;
    expect(await target.odoo.userContext()).toEqual({ lang: 'en_US', tz: null, uid });
  });

  it('spend one request on a call once they know the instance', async () => {
    const events: CallEvent[] = [];
    const fieldsCache = new Map();
    const ask = { domain: [['id', '=', 1]], fields: ['parent_id'], context: { active_test: false } };
    const first = target.open({ fieldsCache });
    await first.searchRead('res.users', ask);
    const second = target.open({ fieldsCache, onCall: (event) => events.push(event) });
    expect(await second.searchRead('res.users', ask)).toEqual([{ id: 1, parent_id: null }]);
    await second.searchRead('res.users', ask);
    expect(events.filter(({ phase }) => phase === 'call').map(({ method }) => method)).toEqual([
      'search_read',
      'search_read',
    ]);
    expect(events.every(({ outcome, attempt }) => outcome === 'ok' && attempt === 1)).toBe(true);
  });

  it('pass a context on, and nothing of the user’s own when none is given', async () => {
    const { odoo } = target;
    const context = { active_test: false };
    const hidden = await odoo.searchCount('res.users', [['id', '=', 1]]);
    expect([hidden, await odoo.searchCount('res.users', [['id', '=', 1]], { context })]).toEqual([0, 1]);
  });

  it('choose the protocol by themselves', async () => {
    const odoo = connect({ ...optionsOf(target.database, target), protocol: 'auto' });
    const { protocol } = await odoo.version();
    const best = target.version === '19' ? 'json2' : 'jsonrpc';
    expect(protocol).toBe(target.kind === 'password' ? 'session' : best);
    odoo.close();
  });
});
