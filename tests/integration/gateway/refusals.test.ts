import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLiveWriter } from '../../../src/odoo/gateway/index.js';
import {
  codeAction,
  action,
  create,
  liveActions,
  only,
  worldFor,
  schedule,
  scope,
  update,
  versions,
  wires,
} from './world.js';

describe.each(wires)('what Odoo $version refuses over $protocol', ({ version, protocol }) => {
  const world = worldFor(version, protocol);

  it('blames the bad row of a batch alone, with Odoo’s sentence, and writes the good ones', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const results = await world.writer.writeActions(
      ids.map((id) =>
        create(id, codeAction({ name: id, code: id === 'c' ? 'x = (' : id === 'f' ? 'import os' : 'x = 1' })),
      ),
    );
    expect(results.map(({ status, message }) => (status === 'written' ? status : message))).toEqual([
      'written',
      'written',
      expect.stringMatching(/^SyntaxError : .* at line 1 x = \(\.$/),
      'written',
      'written',
      expect.stringMatching(/forbidden opcode/),
    ]);
    expect(JSON.stringify(results)).not.toMatch(/Unknown error|<class/);
    expect([...(await liveActions(world)).keys()].sort()).toEqual(['a', 'b', 'd', 'e']);
  });

  it('reports an action that was deleted meanwhile, and does not make it again', async () => {
    const live = await liveActions(world);
    const [gone, kept] = [live.get('a'), live.get('b')];
    await world.client.unlink('ir.actions.server', [gone?.recordId ?? 0]);
    const values = codeAction({ code: 'y = 2' });
    const results = await world.writer.writeActions([
      update('a', gone?.recordId ?? 0, values, 'code'),
      update('b', kept?.recordId ?? 0, values, 'code'),
    ]);
    expect(results.map(({ status, message }) => [status, message])).toEqual([
      ['failed', 'It was deleted in Odoo since the plan was made: plan again.'],
      ['written', null],
    ]);
    const after = await liveActions(world);
    expect(after.has('a')).toBe(false);
    expect(after.get('b')?.values['code']).toBe('y = 2');
  });

  it('reports a schedule that is running as busy, and writes the others', async () => {
    await world.writer.writeActions(['x', 'y', 'z'].map((id) => create(id, codeAction({ name: id }))));
    const made = await world.writer.writeSchedules(['x', 'y', 'z'].map((id) => schedule(id)));
    const [x, y, z] = made.map(({ recordId }) => recordId ?? 0);
    const running = await world.database.hold(`SELECT id FROM ir_cron WHERE id = ${y ?? 0} FOR UPDATE`);
    try {
      const results = await world.writer.writeSchedules(
        [x, y, z].map((recordId, index) => ({
          ...schedule(['x', 'y', 'z'][index] ?? ''),
          recordId: recordId ?? 0,
          values: { ...schedule('x').values, priority: 9 },
          fields: ['priority'],
        })),
      );
      expect(results.map(({ status }) => status)).toEqual(['written', 'busy', 'written']);
      expect(results[1]?.message).toMatch(/working on this record right now/);

      const deleted = await world.writer.deleteSchedules([
        { externalId: 'house.y_schedule', recordId: y ?? 0, keptActionId: null },
        { externalId: 'house.z_schedule', recordId: z ?? 0, keptActionId: null },
      ]);
      expect(deleted.map(({ status }) => status)).toEqual(['busy', 'written']);
    } finally {
      await running.release();
    }
    const { schedules } = await world.reader.read(scope);
    expect(schedules.map((one) => [one.externalId, one.values['priority']])).toEqual([
      ['house.x_schedule', 9],
      ['house.y_schedule', 5],
    ]);
  });

  it('waits for a schedule that ends soon', async () => {
    const { schedules } = await world.reader.read(scope);
    const one = schedules.find(({ externalId }) => externalId === 'house.y_schedule');
    const patient = createLiveWriter(world.client, { resolveSecret: () => '', busyTimeoutMs: 20_000 });
    const running = await world.database.hold(`SELECT id FROM ir_cron WHERE id = ${one?.recordId ?? 0} FOR UPDATE`);
    const writing = patient.writeSchedules([
      { ...schedule('y'), recordId: one?.recordId ?? 0, values: { ...one?.values, priority: 8 }, fields: ['priority'] },
    ]);
    setTimeout(() => void running.release(), 1_500);
    expect(only(await writing)).toMatchObject({ status: 'written' });
  });

  it('says that a server action is kept by a schedule that is not to go', async () => {
    const live = await liveActions(world);
    const x = live.get('x');
    const results = await world.writer.deleteActions([
      { externalId: 'house.x', recordId: x?.recordId ?? 0 },
      { externalId: 'house.b', recordId: live.get('b')?.recordId ?? 0 },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['failed', 'written']);
    expect(results[0]?.message).toMatch(/^The operation cannot be completed|cannot be (deleted|completed)/);
    expect([...(await liveActions(world)).keys()]).toContain('x');
  });

  it('counts as deleted what somebody else deleted before', async () => {
    const { schedules } = await world.reader.read(scope);
    const records = schedules.map((one) => ({
      externalId: one.externalId ?? '',
      recordId: one.recordId,
      keptActionId: one.actionId,
    }));
    await world.client.unlink(
      'ir.cron',
      records.map(({ recordId }) => recordId),
    );
    expect((await world.writer.deleteSchedules(records)).map(({ status }) => status)).toEqual(
      records.map(() => 'written'),
    );
  });
});

describe.each(versions)('what is lost on the way to Odoo $version', ({ version, protocol }) => {
  const world = worldFor(version, protocol);
  beforeAll(async () => {
    await world.writer.writeActions([create('one', codeAction()), create('two', codeAction())]);
  });

  it('finds out by reading what became of a write whose answer was cut off, and never sends it again', async () => {
    const line = await world.lineWhere('load', 'cut_after');
    const writer = createLiveWriter(line.client, { resolveSecret: () => '' });
    const live = await liveActions(world);
    const results = await writer.writeActions([
      create('three', codeAction({ name: 'Three', groups: ['base.group_user'] })),
      create('multi', action('multi', { actions: ['house.two'] })),
    ]);
    expect(line.met()).toBe(1);
    expect(results[0]).toMatchObject({ status: 'written', recordId: expect.any(Number) });
    expect(results[1]).toMatchObject({ status: 'failed', message: expect.stringMatching(/^Not sent, because/) });
    expect((await liveActions(world)).size).toBe(live.size + 1);
    await line.close();
  });

  it('says that it does not know when the write cannot be seen', async () => {
    const line = await world.lineWhere('load', 'cut_before');
    const writer = createLiveWriter(line.client, { resolveSecret: () => '' });
    const one = (await liveActions(world)).get('one');
    const results = await writer.writeActions([
      update('one', one?.recordId ?? 0, codeAction({ code: 'z = 1' }), 'code'),
    ]);
    expect(only(results)).toMatchObject({
      status: 'unknown',
      message: expect.stringMatching(/may have carried it out/),
    });
    expect(line.met()).toBe(1);
    await line.close();
  });
});
