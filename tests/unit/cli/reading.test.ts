import { beforeEach, describe, expect, it } from '@jest/globals';
import { planJson } from '../../../src/domain/plan/render-json-schema.js';
import { card, CliHarness, tidy } from '../../support/cli-harness.js';
import { liveAction, liveSchedule, scheduleValues } from '../../support/plan-states.js';

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
});

describe('plan', () => {
  it('exits 2 with changes, 0 without, 1 when it cannot be applied', async () => {
    expect((await cli.run('plan')).code).toBe(2);
    await cli.run('apply', '--yes');
    expect((await cli.run('plan')).code).toBe(0);
    cli.files = tidy({ extra: 'adopts: "#99"\n' });
    cli.odoo.actions = [];
    expect(await cli.run('plan')).toMatchObject({
      code: 1,
      out: expect.stringContaining('cannot be applied'),
    });
  });

  it('writes Markdown or JSON to a file besides', async () => {
    await cli.run('plan', '--out', 'plan.md');
    await cli.run('plan', '--out', 'plan.json');
    expect(cli.written.get('plan.md')).toMatch(/^### Plan for `prod`/);
    expect(planJson.parse(JSON.parse(cli.written.get('plan.json') ?? ''))).toMatchObject({ instance: 'prod' });
  });

  it('lists what it found in the order of files and lines, wherever it was found', async () => {
    cli.files = {
      ...tidy({ extra: 'adopts: "#99"\n' }),
      'a.yaml': 'id: a\nname: A\nmodel: res.partner\naction: { kind: webhook, url: { secret: HOOK } }\n',
      'z.py': 'pass\n',
    };
    const { out } = await cli.run('plan');
    expect(out.match(/^\S+:\d+:\d+ {2}(?:error|warning)/gm)).toEqual([
      'a.yaml:1:5  error',
      'tidy.yaml:5:9  error',
      'z.py:1:1  warning',
    ]);
  });

  it('lists every mistake of the definitions above one sentence', async () => {
    cli.files = { 'a.yaml': 'id: A\nnmae: x\n' };
    const { code, out, err } = await cli.run('plan');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^a\.yaml:1:1 {2}error: [\s\S]*a\.yaml:2:1 {2}error: .*did you mean `name`\?/);
    expect(err).toMatch(/\nError: The definitions in defs have \d+ mistakes: mend what is listed and try again\.\n$/);
  });
});

describe('a folder without definitions', () => {
  const nowhere =
    'warning: There is no definition in defs: every .yaml file beside or below its steward.yaml is one, but for what `ignore` names. Check the folder and the branch.';

  it('is one warning that names it, for validate, plan and apply alike', async () => {
    cli.files = {};
    const validated = await cli.run('validate', '--source', 'defs');
    expect(validated).toMatchObject({ code: 0, out: expect.stringContaining(`${nowhere}\nValid: 0 definitions`) });
    expect(await cli.run('plan')).toMatchObject({ code: 0, out: expect.stringContaining(nowhere) });
    expect(await cli.run('apply', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining(nowhere) });
  });

  it('deletes nothing of ours without a word', async () => {
    cli.files = {};
    cli.odoo.actions = [liveAction(7, { externalId: 'acme.tidy' })];
    expect(await cli.run('apply', '--yes', '--prune')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--override empty_desired_state'),
    });
    expect(cli.odoo.actions).toHaveLength(1);
  });

  it('is told from one whose definitions are all for other environments', async () => {
    cli.files = tidy({ extra: 'environments: [staging]\n' });
    expect((await cli.run('plan')).out).toContain(
      'warning: None of the definitions in defs exists without an environment: they name staging.',
    );
  });
});

describe('the instance', () => {
  it('has to be named when there are two', async () => {
    cli.cards = [card('prod'), card('staging')];
    expect((await cli.run('plan')).err).toBe(
      'Error: Which instance? instances.yaml names prod, staging: add one of them.\n',
    );
    expect((await cli.run('plan', 'stagin')).err).toBe(
      'Error: There is no instance "stagin" in instances.yaml: did you mean staging?\n',
    );
    expect((await cli.run('plan', 'staging')).code).toBe(2);
  });
});

describe('drift', () => {
  it('exits 2 when something moved in Odoo, and 0 for what only git changed', async () => {
    await cli.run('apply', '--yes');
    cli.files = tidy({ name: 'Tidier' });
    expect(await cli.run('drift')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 more: new or changed in git'),
    });
    cli.odoo.actions = cli.odoo.actions.map((one) => ({
      ...one,
      values: { ...one.values, code: 'pass\n' },
    }));
    const drifted = await cli.run('drift');
    expect(drifted.code).toBe(2);
    expect(drifted.out).toContain('changed in Odoo by Mitchell Admin, 7 minutes ago');
    expect(drifted.out).not.toContain('Tidier');
    expect(drifted.out).toContain('+pass');
  });

  it('looks at all, and one that is down does not hide the others', async () => {
    cli.cards = [card('down'), card('prod')];
    cli.odoo.actions = [liveAction(1, { externalId: 'acme.stray' })];
    const { code, out, err } = await cli.run('drift', '--all', '--json');
    expect({ code, err }).toEqual({ code: 1, err: 'down: nobody answers.\n' });
    expect(JSON.parse(out)).toMatchObject({
      instances: [
        { instance: 'down', error: { code: 'odoo_unreachable' } },
        { instance: 'prod', drift: true, unknown: [{ recordId: 1, externalId: 'acme.stray' }] },
      ],
    });
    cli.cards = [card('prod')];
    expect((await cli.run('drift', '--all')).code).toBe(2);
  });
});

describe('crons', () => {
  it('lists every schedule with relative times, and marks ours, late and failing ones', async () => {
    cli.odoo.schedules = [
      liveSchedule(1, 10, {
        externalIds: ['acme.tidy_schedule'],
        values: scheduleValues('tidy'),
        lastRunAt: '2026-11-19T10:00:00Z',
        nextRunAt: '2026-11-20T10:00:00Z',
      }),
      liveSchedule(2, 11, {
        externalIds: ['base.gc'],
        nextRunAt: '2026-11-20T11:07:00Z',
        failureCount: 3,
        firstFailureAt: '2026-11-18T10:00:00Z',
      }),
      liveSchedule(3, 12, {
        values: scheduleValues('x', { active: false }),
        lastRunAt: null,
      }),
    ];
    expect((await cli.run('crons')).out).toMatchInlineSnapshot(`
     "   SCHEDULED ACTION  EVERY  LAST RUN                         NEXT RUN                          STATE
     *  Schedule 1        1 day  2026-11-19 11:00 (24 hours ago)  2026-11-20 11:00 (7 minutes ago)  7 minutes late
        Schedule 2        1 day  2026-11-22 02:00 (in 38 hours)   2026-11-20 12:07 (in 1 hour)      3 failures in a row, the first 2 days ago
        Schedule 3        1 day  never                                                              off

     3 scheduled actions, 2 active, 1 late; 1 ours (*). Times are in Europe/Brussels.
     "
    `);
    expect(JSON.parse((await cli.run('crons', '--json')).out)).toMatchObject({
      namespace: 'acme',
      schedules: [
        { owned: true, lateSeconds: 420, name: 'Schedule 1' },
        { owned: false, failureCount: 3 },
        { active: false },
      ],
    });
  });
});

describe('validate', () => {
  it('says that all is well, or lists every mistake with its place', async () => {
    expect(await cli.run('validate', '--source', 'defs')).toMatchObject({
      code: 0,
      out: 'Valid: 1 definition (1 with a schedule, 0 with a trigger) in defs.\n',
    });
    cli.files = {
      ...tidy(),
      'b.yaml': 'id: b\nname: B\nmodel: res.partner\naction: { kind: code, code: gone.py }\n',
    };
    const wrong = await cli.run('validate', '--source', 'defs');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^b\.yaml:4:\d+ {2}error: .*gone\.py/);
    expect(wrong.err).toBe('A mistake in defs: mend what is listed above.\n');
    expect(JSON.parse((await cli.run('validate', '--source', 'defs', '--json')).out)).toMatchObject({
      valid: false,
      problems: [{ severity: 'error', at: { file: 'b.yaml' } }],
    });
  });

  it('knows a version when it sees one', async () => {
    expect((await cli.run('validate', '--source', 'defs', '--odoo-version', '19')).code).toBe(0);
    expect((await cli.run('validate', '--source', 'defs', '--odoo-version', 'latest')).err).toContain(
      'write it as 19.0',
    );
  });
});

describe('instances', () => {
  it('lists them, and checks each', async () => {
    cli.cards = [card('prod'), card('down')];
    const { code, out, err } = await cli.run('instances', '--check');
    expect(code).toBe(1);
    expect(out).toContain('Odoo 19.0 over json2; not bound yet');
    expect(out).toContain('down: nobody answers');
    expect(err).toContain('warning: prod: run uses the sync credential');
  });

  it('warns of a login that is not the one whose key was given, which JSON-2 does not notice', async () => {
    const credential = { login: 'someone@acme', kind: 'api_key', isFallback: false } as const;
    const credentials = { ...card('prod').credentials, monitor: credential };
    cli.cards = [card('prod', { credentials })];
    const { code, err } = await cli.run('instances', '--check');
    expect(code).toBe(0);
    expect(err).toContain(
      'warning: prod: the key of monitor belongs to sync@acme, not to someone@acme; JSON-2 goes by the key alone, so mend the login or the key.\n',
    );
    expect(err).not.toContain('the key of sync');
    cli.cards = [card('prod', { credentials: { ...credentials, monitor: { ...credential, login: '' } } })];
    expect((await cli.run('instances', '--check')).err).not.toContain('the key of');
  });

  it('binds a database only when a person says so', async () => {
    cli.odoo.identity = { ...cli.odoo.identity, uuid: 'u-2' };
    cli.odoo.binding = {
      uuid: 'u-1',
      database: 'prod',
      baseUrl: 'http://odoo.test',
      boundAt: '2026-10-20T10:00:00Z',
    };
    expect((await cli.run('instances', '--bind', 'prod')).err).toContain('nobody can be asked here');
    cli.answers = ['no', 'yes'];
    expect((await cli.run('instances', '--bind', 'prod')).err).toBe('Error: Nothing was bound.\n');
    expect(cli.odoo.binding).toMatchObject({ uuid: 'u-1' });
    const bound = await cli.run('instances', '--bind', 'prod');
    expect(bound.out).toContain('It was bound 31 days ago to "prod" at http://odoo.test (UUID u-1).');
    expect(cli.odoo.binding).toEqual({
      uuid: 'u-2',
      database: 'prod',
      baseUrl: 'http://odoo.test',
      boundAt: '2026-11-20T10:07:00.000Z',
    });
    expect((await cli.run('instances', '--bind', 'prod', '--yes')).out).toContain('bound to this database already');
  });

  it('does not bind a neutralized database', async () => {
    cli.odoo.identity = { ...cli.odoo.identity, neutralized: true };
    expect((await cli.run('instances', '--bind', 'prod', '--yes')).err).toContain('This database is neutralized');
    expect(cli.odoo.binding).toBeNull();
  });
});

describe('export', () => {
  it('writes definition files, and none over another', async () => {
    cli.odoo.actions = [
      liveAction(7, {
        values: {
          name: 'By hand',
          model: 'res.partner',
          kind: 'code',
          sequence: 5,
          groups: [],
          binding: null,
          code: 'pass\n',
        },
      }),
    ];
    const exported = await cli.run('export', '--to', 'out');
    expect(exported.code).toBe(0);
    expect(exported.out).toContain('Exported 1 action (0 with a schedule) to out, 0 left out.');
    expect([...cli.written.keys()].sort()).toEqual([
      'out/custom/by-hand.py',
      'out/custom/by-hand.yaml',
      'out/steward.yaml',
    ]);
    expect(await cli.run('export', '--to', 'out')).toMatchObject({
      code: 1,
      err: expect.stringContaining('are there already'),
    });
    expect((await cli.run('export', '--to', 'out', '--force', '--json')).code).toBe(0);
  });
});
