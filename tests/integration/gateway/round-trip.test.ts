import { describe, expect, it } from '@jest/globals';
import { codeAction, action, create, liveActions, only, worldFor, schedule, scope, update, wires } from './world.js';

describe.each(wires)('the gateway over $protocol to Odoo $version', ({ version, protocol }) => {
  const world = worldFor(version, protocol);

  it('reads an empty namespace as nothing', async () => {
    const live = await world.reader.read(scope);
    expect(live).toMatchObject({ actions: [], schedules: [], foreign: [], binding: null, serie: `${version}.0` });
    expect(live.identity).toMatchObject({ database: world.database.name, neutralized: false });
    expect(live.identity.uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect([...live.references.keys()]).toContain('res.groups|base.group_system');
  });

  it('reads back as asked what it wrote, children of a multi in the order in which they run', async () => {
    const second = codeAction({ name: 'Second', sequence: 20, code: "log('é <b>')\n\n\tx = 1\n".replace('\t', '') });
    const first = codeAction({
      name: 'First',
      groups: ['base.group_system', 'base.group_user'],
      binding: { model: 'res.partner', views: ['form', 'list'] },
      sequence: 10,
      code: "text = '''a\n\n  b\t'''\n",
    });
    const bound = codeAction({ name: 'Elsewhere', binding: { model: 'res.users', views: ['list'] } });
    const both = action('multi', { name: 'Both', groups: [], actions: ['house.first', 'house.second'] });
    const results = await world.writer.writeActions([
      create('both', both),
      create('second', second),
      create('first', first),
      create('bound', bound),
    ]);
    expect(results.map((result) => [result.externalId, result.status, result.message])).toEqual([
      ['house.both', 'written', null],
      ['house.second', 'written', null],
      ['house.first', 'written', null],
      ['house.bound', 'written', null],
    ]);

    const live = await liveActions(world);
    expect(live.get('first')?.values).toEqual(first);
    expect(live.get('second')?.values).toEqual(second);
    expect(live.get('bound')?.values).toEqual(bound);
    expect(live.get('both')?.values).toEqual(both);
    expect(live.get('first')?.help).toContain('Managed: first');
    expect(live.get('first')?.lastEdit?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(results.map((result) => result.recordId)).toEqual(
      ['both', 'second', 'first', 'bound'].map((id) => live.get(id)?.recordId),
    );
  });

  it('protects what it made from module updates', async () => {
    const rows = await world.client.searchRead('ir.model.data', {
      domain: [['module', '=', 'house']],
      fields: ['noupdate'],
    });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row['noupdate'] === true)).toBe(true);
  });

  it('writes the changed fields and leaves the others as they are', async () => {
    const before = (await liveActions(world)).get('first');
    if (before === undefined) throw new Error('the action is gone');
    await world.client.write('ir.actions.server', [before.recordId], { name: 'Renamed by hand' });
    const values = { ...before.values, code: "log('new')\n", groups: [], binding: null };
    expect(
      await world.writer.writeActions([update('first', before.recordId, values, 'code', 'groups', 'binding')]),
    ).toEqual([{ externalId: 'house.first', recordId: before.recordId, status: 'written', message: null }]);
    const after = (await liveActions(world)).get('first');
    expect(after?.values).toEqual({ ...values, name: 'Renamed by hand' });
    expect(after?.help).toContain('again');
  });

  it('makes one schedule over one action, at the wanted time, for ever', async () => {
    const results = await world.writer.writeSchedules([
      { ...schedule('second', { every: '15 minutes', priority: 7 }), help: '<p>With schedule</p>' },
      schedule('bound', { every: '1 month', active: false, user: 'base.user_admin' }),
    ]);
    expect(results.map(({ status, message }) => ({ status, message }))).toEqual([
      { status: 'written', message: null },
      { status: 'written', message: null },
    ]);
    const { schedules, actions } = await world.reader.read(scope);
    expect(schedules.map((one) => [one.externalId, one.values])).toEqual([
      [
        'house.second_schedule',
        { action: 'house.second', every: '15 minutes', user: 'base.user_root', priority: 7, active: true },
      ],
      [
        'house.bound_schedule',
        { action: 'house.bound', every: '1 month', user: 'base.user_admin', priority: 5, active: false },
      ],
    ]);
    expect(schedules[0]).toMatchObject({
      nextRunAt: '2031-05-06T02:30:00Z',
      lastRunAt: null,
      runsLeft: version === '14' ? -1 : null,
      failureCount: version === '14' ? null : 0,
      actionId: actions.find((one) => one.externalId === 'house.second')?.recordId,
    });
    expect(actions.find((one) => one.externalId === 'house.second')).toMatchObject({
      usedBySchedule: true,
      help: '<p>With schedule</p>',
    });
    expect(
      await world.client.searchCount('ir.model.data', [
        ['module', '=', 'house'],
        ['name', '=like', '%ir_actions_server'],
      ]),
    ).toBe(0);
  });

  it('updates a schedule without touching when it runs next', async () => {
    const { schedules } = await world.reader.read(scope);
    const asleep = schedules.find((one) => one.externalId === 'house.bound_schedule');
    if (asleep === undefined) throw new Error('the schedule is gone');
    const values = { ...asleep.values, active: true, every: '2 hours' };
    const write = { ...schedule('bound'), recordId: asleep.recordId, values, fields: ['active', 'every'] };
    expect(only(await world.writer.writeSchedules([write]))).toMatchObject({
      status: 'written',
      recordId: asleep.recordId,
    });
    const { schedules: after } = await world.reader.reread([], [asleep.recordId]);
    expect(only(after)).toMatchObject({ values, nextRunAt: asleep.nextRunAt, runsLeft: version === '14' ? -1 : null });
  });

  it('deletes a schedule and keeps its action as an ordinary one, then deletes actions and keeps the children', async () => {
    const { schedules } = await world.reader.read(scope);
    const [first, second] = schedules;
    if (first === undefined || second === undefined) throw new Error('two schedules are needed');
    const results = await world.writer.deleteSchedules([
      { externalId: first.externalId ?? '', recordId: first.recordId, keptActionId: first.actionId },
      { externalId: second.externalId ?? '', recordId: second.recordId, keptActionId: null },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['written', 'written']);
    const live = await liveActions(world);
    expect(live.get('second')?.usedBySchedule).toBe(false);

    const [parent, orphan] = [live.get('both'), live.get('bound')];
    const deleted = await world.writer.deleteActions([
      { externalId: 'house.both', recordId: parent?.recordId ?? 0 },
      { externalId: 'house.bound', recordId: orphan?.recordId ?? 0 },
    ]);
    expect(deleted.map(({ status, message }) => [status, message])).toEqual([
      ['written', null],
      ['written', null],
    ]);
    expect([...(await liveActions(world)).keys()].sort()).toEqual(['first', 'second']);
  });

  it('binds the database and reads the binding back', async () => {
    const binding = { uuid: 'u', database: 'd', baseUrl: null, boundAt: '2026-01-01T00:00:00.000Z' };
    await world.writer.bind(binding);
    await world.writer.bind({ ...binding, database: 'd2' });
    expect((await world.reader.read(scope)).binding).toEqual({ ...binding, database: 'd2' });
  });

  it('adopts records, and says which external ID is taken by another', async () => {
    const id = only(
      await world.client.create('ir.actions.server', [
        {
          name: 'Old',
          state: 'code',
          model_id: only(await world.client.search('ir.model', [['model', '=', 'res.partner']])),
        },
      ]),
    );
    const results = await world.writer.adopt([
      { object: 'server_action', externalId: 'house.old', recordId: id },
      { object: 'server_action', externalId: 'house.first', recordId: id },
    ]);
    expect(results).toEqual([
      { externalId: 'house.old', recordId: id, status: 'written', message: null },
      {
        externalId: 'house.first',
        recordId: id,
        status: 'failed',
        message: expect.stringMatching(/^house\.first already stands for ir\.actions\.server #\d+: /),
      },
    ]);
    expect((await liveActions(world)).get('old')?.values).toMatchObject({ name: 'Old', kind: 'code' });
  });
});
