import { beforeAll, describe, expect, it } from '@jest/globals';
import { codeAction, create, liveActions, only, worldFor, schedule, scope, versions } from './world.js';

describe.each(versions)('reading Odoo $version', ({ version, protocol }) => {
  const world = worldFor(version, protocol);
  let partnerModel: number;
  const makeAction = async (name: string): Promise<number> =>
    only(await world.client.create('ir.actions.server', [{ name, state: 'code', model_id: partnerModel }]));
  const giveId = async (module: string, name: string, model: string, recordId: number): Promise<void> => {
    await world.client.create('ir.model.data', [{ module, name, model, res_id: recordId }]);
  };

  beforeAll(async () => {
    partnerModel = only(await world.client.search('ir.model', [['model', '=', 'res.partner']]));
  });

  it('sees the schedule that somebody else made over one of our actions, and no other of theirs', async () => {
    await world.writer.writeActions([create('ours', codeAction())]);
    const ours = (await liveActions(world)).get('ours');
    const theirs = await makeAction('Theirs');
    const common = { interval_number: 1, interval_type: 'days', active: false };
    await world.client.create('ir.cron', [
      { ...common, ir_actions_server_id: ours?.recordId },
      { ...common, ir_actions_server_id: theirs },
    ]);
    const { schedules, actions } = await world.reader.read(scope);
    expect(actions.map((one) => one.externalId)).toEqual(['house.ours']);
    expect(only(schedules)).toMatchObject({
      externalId: null,
      actionId: ours?.recordId,
      values: { action: 'house.ours', active: false },
    });
  });

  it('reads what is to be adopted, by external ID and by record ID, and names it by the reference that was used', async () => {
    const [named, numbered] = [await makeAction('Named'), await makeAction('Numbered')];
    await giveId('__export__', 'aaa', 'ir.actions.server', named);
    await giveId('sales_extra', 'named', 'ir.actions.server', named);
    const live = await world.reader.read({
      ...scope,
      references: [
        ...scope.references,
        { model: 'ir.actions.server', reference: 'sales_extra.named' },
        { model: 'ir.actions.server', reference: `#${numbered}` },
        { model: 'ir.actions.server', reference: 'sales_extra.nothing' },
        { model: 'res.groups', reference: 'sales_extra.named' },
      ],
    });
    expect(live.actions.find((one) => one.recordId === named)).toMatchObject({
      externalId: null,
      externalIds: ['__export__.aaa', 'sales_extra.named'],
    });
    expect(live.actions.map((one) => one.recordId)).toContain(numbered);
    expect(live.references.get('ir.actions.server|sales_extra.named')).toBe(named);
    expect(live.references.get(`ir.actions.server|#${numbered}`)).toBe(numbered);
    expect(live.references.has('ir.actions.server|sales_extra.nothing')).toBe(false);
    expect(live.references.has('res.groups|sales_extra.named')).toBe(false);
  });

  it('names groups by what git calls them, else by their first external ID, else by number', async () => {
    const [bare] = await world.client.create('res.groups', [{ name: 'Bare' }]);
    const [twice] = await world.client.create('res.groups', [{ name: 'Twice' }]);
    await giveId('__export__', 'a_twice', 'res.groups', twice ?? 0);
    await giveId('zzz', 'twice', 'res.groups', twice ?? 0);
    const field = version === '14' ? 'groups_id' : 'group_ids';
    const ours = (await liveActions(world)).get('ours');
    await world.client.write('ir.actions.server', [ours?.recordId ?? 0], { [field]: [[6, 0, [bare, twice]]] });
    expect((await liveActions(world)).get('ours')?.values['groups']).toEqual([`#${bare ?? 0}`, 'zzz.twice'].sort());
    const wanted = [...scope.references, { model: 'res.groups', reference: '__export__.a_twice' }];
    expect((await liveActions(world, { references: wanted })).get('ours')?.values['groups']).toEqual([
      `#${bare ?? 0}`,
      '__export__.a_twice',
    ]);
  });

  it('tells of external IDs in our namespace that belong to other models', async () => {
    const partner = only(await world.client.create('res.partner', [{ name: 'X' }]));
    await giveId('house', 'partner', 'res.partner', partner);
    expect((await world.reader.read(scope)).foreign).toEqual([{ externalId: 'house.partner', model: 'res.partner' }]);
  });

  it('shows a kind that no definition can express, and an action in the Print menu, as what they are', async () => {
    const ours = (await liveActions(world)).get('ours');
    await world.client.write('ir.actions.server', [ours?.recordId ?? 0], {
      binding_model_id: partnerModel,
      binding_type: 'report',
    });
    await world.database.sql(`UPDATE ir_act_server SET state = 'fax' WHERE id = ${ours?.recordId ?? 0}`);
    expect((await liveActions(world)).get('ours')?.values).toMatchObject({
      kind: 'unsupported:fax',
      binding: { model: 'res.partner', type: 'report' },
    });
    await world.database.sql(`UPDATE ir_act_server SET state = 'code' WHERE id = ${ours?.recordId ?? 0}`);
  });

  it('takes line ends apart from code, and empty code for none', async () => {
    const ours = (await liveActions(world)).get('ours');
    await world.client.write('ir.actions.server', [ours?.recordId ?? 0], { code: 'a = 1\r\nb = 2\rc = 3\n' });
    expect((await liveActions(world)).get('ours')?.values['code']).toBe('a = 1\nb = 2\nc = 3\n');
    await world.client.write('ir.actions.server', [ours?.recordId ?? 0], { code: '' });
    expect((await liveActions(world)).get('ours')?.values['code']).toBeNull();
  });

  it('lists every schedule of the database by name in two calls, ours named as ours', async () => {
    await world.writer.writeSchedules([schedule('ours')]);
    world.takeCalls();
    const all = await world.reader.readSchedules();
    expect(world.takeCalls().sort()).toEqual(['ir.cron.search_read', 'ir.model.data.search_read']);
    expect(all.filter((one) => one.name === '')).toEqual([]);
    expect(all.length).toBe(await world.client.searchCount('ir.cron', [['active', 'in', [true, false]]]));
    expect(all.find((one) => one.externalId === 'house.ours_schedule')?.values).toMatchObject({
      every: '1 day',
      user: 'base.user_root',
    });
    const vacuum = all.find((one) => one.externalIds.includes('base.autovacuum_job'));
    expect(vacuum).toMatchObject({ externalId: null, values: { every: '1 day', active: true } });
  });

  it('exports what matches: by model, name, kind, module, number and schedule', async () => {
    const names = async (filter: object) =>
      (await world.reader.readAll(filter, scope)).actions.map((one) => one.values['name']).sort();
    expect(await names({ name: 'umbere' })).toEqual(['Numbered']);
    expect(await names({ modules: ['sales_extra'] })).toEqual(['Named']);
    expect(await names({ modules: [''], models: ['res.partner'], scheduled: false })).toEqual(['Numbered']);
    expect(await names({ modules: ['house'], scheduled: true })).toEqual(['Note it']);
    expect(await names({ kinds: ['multi'] })).toEqual([]);
    const all = await world.reader.readAll({}, scope);
    expect(all.actions.length).toBe(await world.client.searchCount('ir.actions.server', []));
    expect(all.schedules.length).toBe(await world.client.searchCount('ir.cron', [['active', 'in', [true, false]]]));
    const vacuum = all.schedules.find((one) => one.externalIds.includes('base.autovacuum_job'));
    expect(all.actions.map((one) => one.recordId)).toContain(vacuum?.actionId);
  });

  it('reads a thousand actions and as many schedules in four calls', async () => {
    const writes = Array.from({ length: 1000 }, (_, index) =>
      create(`many_${index}`, codeAction({ name: `Many ${index}` })),
    );
    const made = await world.writer.writeActions(writes);
    expect(made.every(({ status }) => status === 'written')).toBe(true);
    await world.writer.writeSchedules(
      writes.slice(0, 200).map((_, index) => schedule(`many_${index}`, { active: false })),
    );
    world.takeCalls();
    const live = await world.reader.read(scope);
    expect(world.takeCalls().sort()).toEqual([
      'ir.actions.server.search_read',
      'ir.config_parameter.search_read',
      'ir.cron.search_read',
      'ir.model.data.search_read',
    ]);
    expect(live.actions.filter((one) => one.externalId?.startsWith('house.many_')).length).toBe(1000);
    expect(live.schedules.filter((one) => one.externalId?.startsWith('house.many_')).length).toBe(200);
  });

  it('writes many actions in as many calls as there are kinds of change', async () => {
    const live = await liveActions(world);
    world.takeCalls();
    const writes = Array.from({ length: 100 }, (_, index) => {
      const record = live.get(`many_${index}`);
      const values = { ...codeAction({ name: `Many ${index}`, code: `x = ${index}` }) };
      return { ...create(`many_${index}`, values), recordId: record?.recordId ?? 0, fields: ['code'] };
    });
    const results = await world.writer.writeActions([...writes, create('one_more', codeAction())]);
    expect(results.filter(({ status }) => status !== 'written')).toEqual([]);
    expect(world.takeCalls().filter((call) => call.endsWith('.load'))).toEqual([
      'ir.actions.server.load',
      'ir.actions.server.load',
    ]);
  });
});
