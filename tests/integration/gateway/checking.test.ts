import { describe, expect, it } from '@jest/globals';
import type { PlannedWrite } from '../../../src/app/ports.js';
import type { DesiredAction } from '../../../src/domain/plan/state.js';
import type { Values } from '../../../src/domain/plan/values.js';
import { action, codeAction, create, liveActions, only, worldFor, scope, versions } from './world.js';

/** A definition as the planner hands it over; each written key stands on a line of its own. */
function definition(
  id: string,
  values: Values,
  more: { schedule?: Values; lines?: Record<string, number>; namespace?: string } = {},
): DesiredAction {
  const place = (line: number) => ({ file: `${id}.yaml`, line, column: 3 });
  const namespace = more.namespace ?? 'house';
  return {
    id,
    externalId: `${namespace}.${id}`,
    scheduleExternalId: `${namespace}.${id}_schedule`,
    at: place(1),
    places: Object.fromEntries(Object.entries(more.lines ?? {}).map(([key, line]) => [key, place(line)])),
    action: values,
    schedule: more.schedule ?? null,
    firstRunAt: null,
    timezone: 'UTC',
    adopts: null,
    scheduleAdopts: null,
  };
}

const creating = (desired: DesiredAction, object: PlannedWrite['object'] = 'server_action'): PlannedWrite => ({
  desired,
  object,
  op: 'create',
  fields: Object.keys(object === 'server_action' ? desired.action : (desired.schedule ?? {})),
});

describe.each(versions)('what the planner is told about Odoo $version', ({ version, protocol }) => {
  const is14 = version === '14';
  const world = worldFor(version, protocol);
  const said = async (...writes: PlannedWrite[]): Promise<string[]> => {
    await world.reader.read({
      ...scope,
      references: [
        ...scope.references,
        ...writes.flatMap(({ desired }) => [
          ...(desired.action['groups'] as string[]).map((reference) => ({ model: 'res.groups', reference })),
          ...(typeof desired.schedule?.['user'] === 'string'
            ? [{ model: 'res.users', reference: desired.schedule['user'] }]
            : []),
          { model: '*', reference: 'base.be' },
          { model: '*', reference: 'base.main_partner' },
        ]),
      ],
    });
    const problems = await world.reader.check(writes);
    return problems.map(({ severity, code, message, at }) => `${at?.line ?? '-'} ${severity} ${code}: ${message}`);
  };

  it('nothing, and asks nothing, when nothing is to be written', async () => {
    world.takeCalls();
    expect(await world.reader.check([])).toEqual([]);
    expect(world.takeCalls()).toEqual([]);
  });

  it('nothing, in few calls, when all is well', async () => {
    const desired = definition(
      'fine',
      action('update_record', {
        groups: ['base.group_system'],
        set: [{ field: 'country_id', to: 'record', record: 'base.be' }],
      }),
      { schedule: { action: 'house.fine', every: '1 day', user: 'base.user_root', priority: 5, active: true } },
    );
    expect(await said(creating(desired), creating(desired, 'scheduled_action'))).toEqual([]);
    world.takeCalls();
    await world.reader.check([creating(desired), creating(desired, 'scheduled_action')]);
    expect(world.takeCalls().sort()).toEqual([
      'ir.model.fields.search_read',
      'ir.model.search_read',
      'ir.module.module.search_read',
      'res.users.search_read',
    ]);
  });

  it('which module brings a model, a kind or a record that is missing', async () => {
    const lines = { model: 4, 'action.kind': 6, 'action.groups': 8 };
    expect(
      await said(
        creating(
          definition('sale', codeAction({ model: 'sale.order.line', groups: ['sales_team.group_sale_manager'] }), {
            lines,
          }),
        ),
      ),
    ).toEqual([
      '4 error model_missing: There is no model sale.order.line in this database: install the module sale, or take this definition out of this environment.',
      expect.stringMatching(
        /^8 error record_missing: There is no res\.groups sales_team\.group_sale_manager in this database: install the module sales_team, /,
      ),
    ]);
    expect(
      await said(
        creating(
          definition('mail', action('email', { template: 'x.y', method: 'email', autofollow: false }), { lines }),
        ),
      ),
    ).toEqual(['6 error kind_not_offered: The kind email needs the module mail (Discuss): install it.']);
    expect(
      await said(
        creating(
          definition(
            'typo',
            codeAction({ model: 'res.partnr', groups: ['base.group_nobody', 'odoo_steward.group_runner'] }),
            { lines },
          ),
        ),
      ),
    ).toEqual([
      expect.stringMatching(/^4 error model_missing: There is no model res\.partnr in this database: correct it, /),
      '8 error record_missing: There is no res.groups base.group_nobody in this database: correct it: the module base is installed and does not have it.',
      '8 error record_missing: There is no res.groups odoo_steward.group_runner in this database yet: run "odoo-steward bootstrap" for this instance first.',
    ]);
  });

  it('which kinds need a later version', async () => {
    const hook = definition('hook', action('webhook', { url: 'https://x.example', fields: ['name', 'nam'] }), {
      lines: { 'action.kind': 6, 'action.fields': 9 },
    });
    expect(await said(creating(hook))).toEqual(
      is14
        ? ['6 error kind_not_offered: The kind webhook needs Odoo 17 or later, and this is 14.0: use code.']
        : [expect.stringMatching(/^9 error field_missing: The model res\.partner has no field nam in this database/)],
    );
    const copy = definition(
      'copy',
      action('copy_record', { copies: 'res.partner', record: '#999999', link_field: null }),
      { lines: { 'action.kind': 6, 'action.record': 9 } },
    );
    expect(await said(creating(copy))).toEqual(
      is14
        ? ['6 error kind_not_offered: The kind copy_record needs Odoo 19 or later, and this is 14.0: use code.']
        : ['9 error record_missing: There is no res.partner with record ID 999999 in this database.'],
    );
  });

  it('what a field cannot be set to, at its line', async () => {
    const set = [
      { field: 'active', to: 'value', value: 'yes' },
      { field: 'color', to: 'value', value: 'red' },
      { field: 'country_id', to: 'record', record: 'base.main_partner' },
      { field: 'nothing', to: 'value', value: 1 },
      { field: 'ref', to: 'value', value: 5 },
      { field: 'user_id.login', to: 'value', value: 'x' },
    ];
    const lines = Object.fromEntries(set.map(({ field }, index) => [`action.set.${field}`, 10 + index]));
    const problems = await said(
      creating(definition('set', action('update_record', { set }), { lines: { ...lines, 'action.set': 9 } })),
    );
    expect(problems.filter((problem) => !problem.startsWith('9 '))).toEqual([
      '10 error wrong_assignment: active is true or false.',
      '11 error wrong_assignment: color is a number.',
      '12 error record_missing: base.main_partner is a res.partner, and a res.country is needed here.',
      expect.stringMatching(/^13 error field_missing: The model res\.partner has no field nothing /),
      '14 error wrong_assignment: ref is text (char): write it in quotes.',
      ...(is14
        ? [
            '15 error wrong_assignment: Odoo 14.0 sets fields of the record itself, not over a path (user_id.login): use code.',
          ]
        : []),
    ]);
    expect(problems.some((problem) => problem.startsWith('9 error several_assignments'))).toBe(!is14);
  });

  it('that a created record gets its name alone from 17 on', async () => {
    const values = [
      { field: 'color', to: 'value', value: 1 },
      { field: 'name', to: 'value', value: 'X' },
    ];
    const desired = definition(
      'make',
      action('create_record', { creates: 'res.partner.category', values, link_field: 'user_id' }),
      { lines: { 'action.values': 7, 'action.link_field': 8 } },
    );
    expect(await said(creating(desired))).toEqual([
      ...(is14
        ? []
        : [
            '7 error several_assignments: Odoo 19.0 gives a new record its name, a text, and nothing else: use code for more.',
          ]),
      '8 error field_missing: The field user_id of res.partner points to res.users, and must point to res.partner.category.',
    ]);
  });

  it('that an action without groups is open, and how wide on this version', async () => {
    expect(
      await said(creating(definition('open', codeAction({ groups: [] }), { lines: { 'action.groups': 5 } }))),
    ).toEqual([
      expect.stringMatching(
        is14
          ? /^5 warning no_groups: /
          : /^5 error no_groups: Without groups any user of Odoo 19\.0, portal users included/,
      ),
    ]);
  });

  it('that a schedule would fail because its user is in none of the groups, which Odoo confirms', async () => {
    const schedule = { action: 'house.denied', every: '1 day', user: 'base.user_root', priority: 5, active: true };
    const denied = definition('denied', codeAction({ groups: ['base.group_portal'] }), {
      schedule,
      lines: { 'schedule.user': 12 },
    });
    const expected = [
      expect.stringMatching(
        /^12 error user_not_in_groups: The schedule would fail each time: base\.user_root is in none of the action's groups \(base\.group_portal\)/,
      ),
    ];
    expect(await said(creating(denied), creating(denied, 'scheduled_action'))).toEqual(expected);
    expect(await said({ ...creating(denied), op: 'update', fields: ['groups'] })).toEqual(expected);
    expect(await said({ ...creating(denied), op: 'update', fields: ['code'] })).toEqual([]);
    // base.group_user is implied by the groups that base.user_root holds.
    expect(await said(creating({ ...denied, action: codeAction({ groups: ['base.group_user'] }) }))).toEqual([]);

    await world.writer.writeActions([create('denied', denied.action)]);
    const [made] = await world.writer.writeSchedules([
      {
        externalId: 'house.denied_schedule',
        recordId: null,
        actionExternalId: 'house.denied',
        actionRecordId: null,
        values: schedule,
        fields: [],
        firstRunAt: null,
        help: null,
      },
    ]);
    expect((await world.runner.runSchedule(made?.recordId ?? 0)).status).not.toBe('succeeded');
  });

  it('that the namespace is a module, installed or only known', async () => {
    expect(await said(creating(definition('x', codeAction(), { namespace: 'base' })))).toEqual([
      '- error namespace_is_module: "base" is a module of this Odoo, and installed: updating it would delete our records. Choose another namespace in steward.yaml.',
    ]);
    expect(await said(creating(definition('x', codeAction(), { namespace: 'stock' })))).toEqual([
      expect.stringMatching(/^- error namespace_is_module: "stock" is a module of this Odoo: /),
    ]);
  });

  it('that Odoo would run the actions of a multi in another order', async () => {
    const multi = definition('both', action('multi', { actions: ['house.late', 'house.early'] }), {
      lines: { 'action.actions': 7 },
    });
    const late = definition('late', codeAction({ name: 'A', sequence: 10 }));
    const early = definition('early', codeAction({ name: 'B', sequence: 5 }));
    expect(await said(creating(multi), creating(late), creating(early))).toEqual([
      '7 error order_of_actions: Odoo runs the actions of a multi by their sequence, then by their name, and would run house.early before house.late: give house.early a higher sequence than house.late.',
    ]);
    const sorted = { ...multi, action: { ...multi.action, actions: ['house.early', 'house.late', 'other.gone'] } };
    expect(await said(creating(sorted), creating(late), creating(early))).toEqual([
      '7 error record_missing: There is no server action other.gone in this database.',
    ]);
  });

  it('on 19, that a child belongs to another multi or differs from it, which Odoo confirms', async () => {
    await world.writer.writeActions([
      create('child', codeAction({ name: 'Child' })),
      create('first_parent', action('multi', { name: 'First parent', actions: ['house.child'] })),
    ]);
    const groups = ['base.group_system', 'base.group_user'];
    const multi = definition('second_parent', action('multi', { groups, actions: ['house.child'] }), {
      lines: { 'action.actions': 7 },
    });
    expect(await said(creating(multi))).toEqual(
      is14
        ? []
        : [
            '7 error action_differs: house.child has other groups than the multi that runs it, and Odoo 19 refuses to run it then: give both the same.',
            expect.stringMatching(
              /^7 error action_has_parent: On Odoo 19\.0 an action belongs to one multi, and house\.child belongs to "First parent" \(#\d+\): take it off there first\.$/,
            ),
          ],
    );
    const parent = (await liveActions(world)).get('first_parent');
    const again = definition('first_parent', action('multi', { actions: ['house.child'] }));
    expect(await said({ ...creating(again), op: 'update', fields: ['actions'] })).toEqual([]);
    if (is14) return;
    const wide = await world.writer.writeActions([
      { ...create('first_parent', { ...parent?.values, groups }), recordId: parent?.recordId ?? 0, fields: ['groups'] },
    ]);
    expect(only(wide).status).toBe('written');
    expect((await liveActions(world)).get('first_parent')?.warning).toMatch(/should have the same groups/);
  });
});
