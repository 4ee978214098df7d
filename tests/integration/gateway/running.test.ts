import { beforeAll, describe, expect, it } from '@jest/globals';
import { createActionRunner } from '../../../src/odoo/gateway/index.js';
import { codeAction, create, worldFor, schedule, versions, wires } from './world.js';

const actions = {
  count: "action = {'count': len(records), 'one': record.id, 'note': env.context.get('note')}",
  nothing: 'x = 1',
  none: "action = {'empty': None}",
  fail: "raise UserError('The stock is locked')",
  crash: 'x = 1\ny = missing_name',
};

describe.each(wires)('running actions of Odoo $version over $protocol', ({ version, protocol }) => {
  const world = worldFor(version, protocol);
  let partners: number[];
  const ids = new Map<string, number>();
  const run = (name: string, recordIds: readonly number[] = partners, context = {}) =>
    world.runner.run({ actionId: ids.get(name) ?? 0, model: 'res.partner', recordIds, context });

  beforeAll(async () => {
    const groups = ['base.group_system', 'base.group_user'];
    const results = await world.writer.writeActions([
      ...Object.entries(actions).map(([id, code]) => create(id, codeAction({ name: id, code, groups }))),
      create('not_ours', codeAction({ groups: ['base.group_portal'] })),
    ]);
    for (const { externalId, recordId } of results) ids.set(externalId.replace('house.', ''), recordId ?? 0);
    partners = await world.client.create('res.partner', [{ name: 'A' }, { name: 'B' }]);
  });

  it('hands over records and context, and gives back what the code answers', async () => {
    expect(await run('count', partners, { note: "it's {x}" })).toEqual({
      status: 'succeeded',
      result: { count: 2, one: partners[0], note: "it's {x}" },
      message: null,
    });
    expect(await run('nothing', [])).toEqual({ status: 'succeeded', result: false, message: null });
  });

  it('counts an answer that cannot be told as success, because the code ran', async () => {
    expect(await run('none')).toMatchObject({ status: 'succeeded' });
  });

  it('tells a failure with the sentence of the code, and never with the code', async () => {
    expect(await run('fail')).toEqual({ status: 'failed', result: null, message: 'The stock is locked.' });
    const crash = await run('crash');
    expect(crash).toMatchObject({
      status: 'failed',
      message: expect.stringContaining("name 'missing_name' is not defined"),
    });
    expect(crash.message).not.toContain('x = 1');
  });

  it('refuses to run on records that are not there, for who may not, and what is gone', async () => {
    expect(await run('count', [...partners, 999_999])).toEqual({
      status: 'refused',
      result: null,
      message: 'Nothing was run, because res.partner #999999 does not exist or may not be read by this user.',
    });
    expect(await run('not_ours')).toMatchObject({ status: 'refused', message: expect.stringMatching(/access/) });
    ids.set('gone', 999_999);
    expect(await run('gone')).toMatchObject({
      status: 'refused',
      message: expect.stringMatching(/^It is not there any more: /),
    });
  });

  it('runs a schedule now, and tells its failure on every version', async () => {
    const made = await world.writer.writeSchedules([
      { ...schedule('nothing'), actionExternalId: 'house.nothing' },
      { ...schedule('fail'), actionExternalId: 'house.fail' },
      { ...schedule('crash', { active: false }), actionExternalId: 'house.crash' },
    ]);
    const [fine, failing, crashing] = made.map(({ recordId }) => recordId ?? 0);
    expect(await world.runner.runSchedule(fine ?? 0)).toMatchObject({ status: 'succeeded', message: null });
    expect(await world.runner.runSchedule(failing ?? 0)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('The stock is locked'),
    });
    expect(await world.runner.runSchedule(crashing ?? 0)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('missing_name'),
    });
    expect(await world.runner.runSchedule(999_999)).toMatchObject({ status: 'refused' });
  });
});

describe.each(versions)('a run of Odoo $version whose answer is lost', ({ version, protocol }) => {
  const world = worldFor(version, protocol);

  it('is unknown, and is never sent twice', async () => {
    const [made] = await world.writer.writeActions([
      create('once', codeAction({ code: "env['res.partner'].create({'name': 'Once'})" })),
    ]);
    const line = await world.lineWhere('run', 'cut_after');
    const outcome = await createActionRunner(line.client).run({
      actionId: made?.recordId ?? 0,
      model: 'res.partner',
      recordIds: [],
    });
    await line.close();
    expect(outcome).toMatchObject({ status: 'unknown', message: expect.stringMatching(/may have carried it out/) });
    expect(line.met()).toBe(1);
    expect(await world.client.searchCount('res.partner', [['name', '=', 'Once']])).toBe(1);
  });
});
