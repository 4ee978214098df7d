import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { LiveScope } from '../../../src/app/ports.js';
import type { Values } from '../../../src/domain/plan/values.js';
import {
  action,
  codeAction,
  create,
  liveActions,
  only,
  worldFor,
  scope,
  SECRET_URL,
  update,
  versions,
  type World,
} from './world.js';

const references: LiveScope['references'] = [
  ...scope.references,
  { model: '*', reference: 'base.be' },
  { model: '*', reference: 'base.res_partner_category_0' },
  { model: 'res.partner', reference: 'base.main_partner' },
  { model: 'res.partner', reference: 'base.partner_admin' },
  { model: 'mail.activity.type', reference: 'mail.mail_activity_data_todo' },
  { model: 'mail.template', reference: 'house.template' },
];

/** Writes each as a new action and reads all of them back in one go. */
async function roundTrip(world: World, wanted: Readonly<Record<string, Values>>) {
  const writes = Object.entries(wanted).map(([id, values]) => create(id, values));
  const results = await world.writer.writeActions(writes);
  expect(results.filter((result) => result.status !== 'written')).toEqual([]);
  const live = await liveActions(world, { references });
  return Object.fromEntries(Object.keys(wanted).map((id) => [id, live.get(id)?.values]));
}

describe.each(versions)('kinds of actions on Odoo $version', ({ version, protocol }) => {
  const is14 = version === '14';
  const world = worldFor(version, protocol, 'mail');
  beforeAll(async () => {
    const model = only(await world.client.search('ir.model', [['model', '=', 'res.partner']]));
    const template = only(await world.client.create('mail.template', [{ name: 'Reminder', model_id: model }]));
    await world.client.create('ir.model.data', [
      { module: 'house', name: 'template', model: 'mail.template', res_id: template },
    ]);
  });

  it('sets a field to a text, a number, a record, nothing, or what an expression gives', async () => {
    const set = (field: string, assign: Values) =>
      action('update_record', { name: `Set ${field}`, set: [{ field, ...assign }] });
    const wanted = {
      set_text: set('ref', { to: 'value', value: "it's <b> 'quoted'" }),
      set_number: set('color', { to: 'value', value: 7 }),
      set_choice: set('type', { to: 'value', value: 'invoice' }),
      set_true: set('active', { to: 'value', value: true }),
      set_false: set('employee', { to: 'value', value: false }),
      set_record: set('country_id', { to: 'record', record: 'base.be' }),
      set_nothing: set('country_id', { to: 'value', value: null }),
      set_computed: set('ref', { to: 'expression', expression: 'record.name.upper()' }),
      set_html: set('comment', { to: 'value', value: '<p>Hello</p>' }),
    };
    expect(await roundTrip(world, wanted)).toEqual(wanted);
  });

  it('really sets those fields when Odoo runs the actions', async () => {
    const partner = only(await world.client.create('res.partner', [{ name: 'Ada', employee: true }]));
    const live = await liveActions(world);
    for (const id of ['set_text', 'set_number', 'set_choice', 'set_false', 'set_record', 'set_html']) {
      const outcome = await world.runner.run({
        actionId: live.get(id)?.recordId ?? 0,
        model: 'res.partner',
        recordIds: [partner],
      });
      expect([id, outcome.status, outcome.message]).toEqual([id, 'succeeded', null]);
    }
    const [row] = await world.client.read(
      'res.partner',
      [partner],
      ['ref', 'color', 'type', 'employee', 'country_id', 'comment'],
    );
    expect(row).toMatchObject({
      ref: "it's <b> 'quoted'",
      color: 7,
      type: 'invoice',
      employee: false,
      comment: '<p>Hello</p>',
    });
    expect(row?.['country_id']).toEqual([expect.any(Number), 'Belgium']);
  });

  it('changes what is set, and the type of it, without leaving the old value behind', async () => {
    const before = (await liveActions(world)).get('set_record');
    if (before === undefined) throw new Error('the action is gone');
    for (const set of [
      [{ field: 'ref', to: 'value', value: 'now text' }],
      [{ field: 'employee', to: 'value', value: true }],
      [{ field: 'country_id', to: 'record', record: 'base.be' }],
    ]) {
      const values = { ...before.values, set };
      const results = await world.writer.writeActions([update('set_record', before.recordId, values, 'set')]);
      expect(only(results)).toMatchObject({ status: 'written', message: null });
      expect((await liveActions(world, { references })).get('set_record')?.values).toEqual(values);
    }
  });

  if (is14)
    it('sets several fields in one action', async () => {
      const wanted = {
        several: action('update_record', {
          set: [
            { field: 'color', to: 'value', value: 3 },
            { field: 'country_id', to: 'record', record: 'base.be' },
            { field: 'ref', to: 'expression', expression: "'x'" },
          ],
        }),
      };
      expect(await roundTrip(world, wanted)).toEqual(wanted);
      const live = (await liveActions(world, { references })).get('several');
      const set = [{ field: 'ref', to: 'value', value: 'alone' }];
      await world.writer.writeActions([update('several', live?.recordId ?? 0, { ...wanted.several, set }, 'set')]);
      expect((await liveActions(world, { references })).get('several')?.values).toEqual({ ...wanted.several, set });
    });

  if (!is14)
    it('follows a path, and adds to, takes from, replaces and clears lists', async () => {
      const category = only(await world.client.create('res.partner.category', [{ name: 'VIP' }]));
      const list = (to: string) =>
        action('update_record', { name: to, set: [{ field: 'category_id', to, record: `#${category}` }] });
      const wanted = {
        path: action('update_record', { set: [{ field: 'parent_id.comment', to: 'value', value: '<p>Up</p>' }] }),
        add: list('add'),
        remove: list('remove'),
        replace: list('replace'),
        clear: action('update_record', { set: [{ field: 'category_id', to: 'clear' }] }),
      };
      expect(await roundTrip(world, wanted)).toEqual(wanted);
    });

  it('creates a record of another model, linked to the record that it runs on', async () => {
    const wanted = {
      make: action('create_record', {
        creates: 'res.partner.category',
        values: [{ field: 'name', to: 'value', value: 'Made by an action' }],
        link_field: 'category_id',
      }),
    };
    expect(await roundTrip(world, wanted)).toEqual(wanted);

    const live = (await liveActions(world)).get('make');
    const values = { ...wanted.make, values: [{ field: 'name', to: 'value', value: 'Renamed' }] };
    await world.writer.writeActions([update('make', live?.recordId ?? 0, values, 'values')]);
    expect((await liveActions(world)).get('make')?.values).toEqual(values);
  });

  if (!is14)
    it('posts to a webhook whose address is a secret that is never read back as text', async () => {
      const digest = createHash('sha256').update(SECRET_URL).digest('hex');
      const secretDigests = new Map([['HOOK', digest]]);
      const hook = action('webhook', { url: { secret: 'HOOK', digest }, fields: ['email', 'name'] });
      await roundTrip(world, { hook, open_hook: action('webhook', { url: 'https://hooks.example/open', fields: [] }) });

      const plainUrlActions = new Set(['house.open_hook']);
      const live = await liveActions(world, { references, secretDigests, plainUrlActions });
      expect(live.get('hook')?.values).toEqual(hook);
      // Its definition is gone from git, and its secret from the settings.
      const forgotten = (await liveActions(world, { references, secretDigests: new Map() })).get('hook');
      expect(forgotten?.values['url']).toEqual({ secret: '(other)', digest });
      expect(live.get('open_hook')?.values).toMatchObject({ url: 'https://hooks.example/open' });

      await world.client.write('ir.actions.server', [live.get('hook')?.recordId ?? 0], {
        webhook_url: 'https://stolen.example/other-secret',
      });
      const moved = (await liveActions(world, { references, secretDigests })).get('hook');
      expect(moved?.values['url']).toMatchObject({ secret: '(other)' });
      expect(JSON.stringify(moved)).not.toContain('other-secret');
    });

  if (!is14)
    it('copies a record, and sets the next number of a sequence', async () => {
      const sequence = only(await world.client.create('ir.sequence', [{ name: 'Steward' }]));
      const wanted = {
        duplicate: action('copy_record', {
          copies: 'res.partner',
          record: 'base.main_partner',
          link_field: 'parent_id',
        }),
        number: action('update_record', { set: [{ field: 'ref', to: 'sequence', sequence: `#${sequence}` }] }),
      };
      expect(await roundTrip(world, wanted)).toEqual(wanted);
    });

  it('sends a template, plans an activity and adds followers', async () => {
    const activity = { type: 'mail.mail_activity_data_todo', due: { in: 3, unit: 'days' } };
    const wanted = {
      mail: action('email', { template: 'house.template', method: 'email', autofollow: false }),
      ...(is14
        ? {}
        : { message: action('email', { template: 'house.template', method: 'comment', autofollow: true }) }),
      call: action('activity', {
        ...activity,
        summary: 'Call back',
        note: 'Ask for R&D',
        assign: { user: 'base.user_admin' },
      }),
      call_rich: action('activity', {
        ...activity,
        summary: null,
        note: '<p>Ask <b>now</b></p>',
        assign: { field: 'user_id' },
      }),
      call_nobody: action('activity', { ...activity, summary: null, note: null, assign: null }),
      follow: action('followers', { who: { partners: ['base.main_partner', 'base.partner_admin'] } }),
      ...(is14 ? {} : { follow_field: action('followers', { who: { field: 'parent_id' } }) }),
      ...(is14 ? {} : { unfollow: action('remove_followers', { who: { partners: ['base.partner_admin'] } }) }),
    };
    expect(await roundTrip(world, wanted)).toEqual(wanted);
  });

  it('turns an action into another kind and back, with nothing of the old one left', async () => {
    const [result] = await world.writer.writeActions([create('chameleon', codeAction({ name: 'Chameleon' }))]);
    const id = result?.recordId ?? 0;
    const { code: _, ...common } = codeAction({ name: 'Chameleon' });
    const forms: Values[] = [
      { ...common, kind: 'update_record', set: [{ field: 'ref', to: 'value', value: 'x' }] },
      {
        ...common,
        kind: 'create_record',
        creates: 'res.partner.category',
        values: [{ field: 'name', to: 'value', value: 'New' }],
        link_field: null,
      },
      { ...common, kind: 'followers', who: { partners: ['base.partner_admin'] } },
      { ...common, kind: 'multi', actions: ['house.set_text'] },
      {
        ...common,
        kind: 'activity',
        type: 'mail.mail_activity_data_todo',
        summary: 'S',
        note: null,
        due: { in: 0, unit: 'days' },
        assign: null,
      },
      codeAction({ name: 'Chameleon' }),
    ];
    for (const values of forms) {
      const fields = ['kind', ...Object.keys(values).filter((field) => !(field in common))];
      const results = await world.writer.writeActions([update('chameleon', id, values, ...fields)]);
      expect([values['kind'], only(results).message]).toEqual([values['kind'], null]);
      expect((await liveActions(world, { references })).get('chameleon')?.values).toEqual(values);
    }
    expect((await liveActions(world)).has('set_text')).toBe(true);
    const left = ['crud_model_id', 'link_field_id', 'template_id', 'activity_type_id', 'partner_ids', 'child_ids'];
    const extra = is14 ? ['fields_lines'] : ['update_path', 'value', 'update_field_id', 'webhook_url'];
    const [row] = await world.client.read('ir.actions.server', [id], [...left, ...extra]);
    expect(
      Object.entries(row ?? {}).filter(
        ([field, value]) => field !== 'id' && value !== null && JSON.stringify(value) !== '[]',
      ),
    ).toEqual([]);
  });

  it('moves an action from one multi to another, and deletes none that leaves', async () => {
    const child = (id: string, sequence: number) => create(id, codeAction({ name: id, sequence }));
    const multi = (...ids: string[]) => action('multi', { actions: ids.map((id) => `house.${id}`) });
    await world.writer.writeActions([
      create('left', multi('c1', 'c2')),
      create('right', multi('c3')),
      ...['c1', 'c2', 'c3'].map((id, index) => child(id, index)),
    ]);
    const live = await liveActions(world);
    const idOf = (id: string): number => live.get(id)?.recordId ?? 0;
    const results = await world.writer.writeActions([
      update('left', idOf('left'), multi('c1'), 'actions'),
      update('right', idOf('right'), multi('c2'), 'actions'),
    ]);
    expect(results.map(({ status, message }) => [status, message])).toEqual([
      ['written', null],
      ['written', null],
    ]);
    const after = await liveActions(world);
    expect(after.get('left')?.values['actions']).toEqual(['house.c1']);
    expect(after.get('right')?.values['actions']).toEqual(['house.c2']);
    expect(after.has('c3')).toBe(true);
  });

  it('says what this version has no place for, and writes the rest', async () => {
    const impossible = is14
      ? action('update_record', { set: [{ field: 'category_id', to: 'clear' }] })
      : action('update_record', {
          set: ['color', 'ref'].map((field) => ({ field, to: 'expression', expression: '1' })),
        });
    const results = await world.writer.writeActions([
      create('impossible', impossible),
      create('possible', codeAction()),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['failed', 'written']);
    expect(results[0]?.message).toBe(
      is14
        ? 'Not written, because "clear" needs Odoo 17 or later: use an expression.'
        : 'Not written, because Odoo 17 and later set one field an action: use one action a field in a "multi", or code.',
    );
  });

  it('asks at most one more call a model for all that these actions point to', async () => {
    world.takeCalls();
    await liveActions(world, { references });
    const calls = world.takeCalls();
    const expected = [
      'ir.actions.server.search_read',
      'ir.config_parameter.search_read',
      'ir.cron.search_read',
      'ir.model.data.search_read',
      'ir.model.fields.search_read',
      ...(is14 ? ['ir.server.object.lines.search_read'] : []),
    ];
    expect([...new Set(calls)].sort()).toEqual(expected);
    expect(calls.length).toBeLessThanOrEqual(expected.length + 1);
  });
});
