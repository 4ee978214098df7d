import { beforeEach, describe, expect, it } from '@jest/globals';
import { OdooUnreachableError } from '../../../src/domain/odoo-error.js';
import { StoreError } from '../../../src/domain/store-error.js';
import { CliHarness, tidy } from '../../support/cli-harness.js';
import { liveAction } from '../../support/plan-states.js';

let cli: CliHarness;
beforeEach(() => {
  cli = new CliHarness();
});

const codeFiles = (id: string): Record<string, string> => ({
  [`${id}.yaml`]: `id: ${id}\nname: ${id}\nmodel: res.partner\naction: { kind: code, code: ${id}.py, groups: [base.group_system] }\n`,
  [`${id}.py`]: 'pass\n',
});

const digestOf = async (): Promise<string> =>
  (JSON.parse((await cli.run('plan', '--json')).out) as { digest: string }).digest;

describe('apply', () => {
  it('shows the plan, asks, applies, and a plan after it is empty', async () => {
    cli.answers = ['yes'];
    const applied = await cli.run('apply');
    expect(applied.code).toBe(0);
    expect(cli.questions).toEqual([
      '\nDo you want to apply these 2 changes on prod (http://odoo.test)? Only "yes" is accepted: ',
    ]);
    expect(applied.out).toContain('Plan: 2 to create, 0 to update, 0 to delete. 0 unchanged.\n');
    expect(applied.out).toContain(
      '  ✓ + server action acme.tidy (#100)\n  ✓ + scheduled action acme.tidy_schedule (#101)\n',
    );
    expect(applied.out).toMatch(/\nApplied: 2 created, 0 updated, 0 deleted\.\n$/);
    expect(cli.journaled).toEqual(['begin 2', 'wrote 1', 'wrote 1', 'end applied']);
    expect(await cli.run('plan')).toMatchObject({ code: 0, out: expect.stringContaining('No changes.') });
    expect(await cli.run('apply', '--yes')).toMatchObject({ code: 0 });
  });

  it.each(['no', 'y', '', 'YES'])('writes nothing after the answer "%s"', async (answer) => {
    cli.answers = [answer];
    expect(await cli.run('apply')).toMatchObject({ code: 1, err: 'Error: Nothing was applied.\n' });
    expect(cli.odoo.actions).toEqual([]);
  });

  it('refuses where nobody can be asked, unless --yes is given', async () => {
    for (const verb of ['apply', 'adopt']) {
      expect(await cli.run(verb)).toMatchObject({
        code: 1,
        out: '',
        err: 'Error: Without a terminal nobody can be asked: look at "odoo-steward plan" first, then add --yes to this command.\n',
      });
      expect(await cli.run(verb, '--digest', await digestOf())).toMatchObject({
        code: 1,
        out: '',
        err: 'Error: Without a terminal nobody can be asked, and --digest alone is no yes: add --yes to this command.\n',
      });
    }
    expect(cli.odoo.actions).toEqual([]);
    expect((await cli.run('apply', '--digest', await digestOf(), '--yes')).code).toBe(0);
  });

  it('refuses when something moved between the look and the answer', async () => {
    cli.answers = ['yes'];
    cli.onAsk = () => {
      cli.files = tidy({ name: 'Moved' });
    };
    expect(await cli.run('apply')).toMatchObject({ code: 1, err: expect.stringContaining('is out of date') });
    expect(cli.odoo.actions).toEqual([]);
  });

  it('applies the plan whose digest was looked at, by its beginning, and no other', async () => {
    const digest = await digestOf();
    expect(await cli.run('apply', '--yes', '--digest', 'f'.repeat(64))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is out of date'),
    });
    expect((await cli.run('apply', '--yes', '--digest', digest.slice(0, 12))).code).toBe(0);
    expect(await cli.run('apply', '--yes', '--digest', 'abc')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--digest takes at least the first 8 characters'),
    });
  });

  it('asks nobody about what a guard refuses, and names the option that overrides it', async () => {
    cli.answers = ['yes'];
    cli.odoo.actions = Array.from({ length: 12 }, (_, i) => liveAction(i + 1, { externalId: `acme.old${i}` }));
    const refused = await cli.run('apply', '--prune');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('--override too_many_changes') });
    expect(cli.questions).toEqual([]);
    expect(cli.odoo.actions).toHaveLength(12);
    expect((await cli.run('apply', '--prune', '--override', 'too_many_changes')).code).toBe(0);
    expect(cli.odoo.actions.map((one) => one.externalId)).toEqual(['acme.tidy']);
  });

  it('says what failed, what was left alone, and counts', async () => {
    const call = { instance: 'prod', model: 'ir.actions.server', method: 'load', protocol: null } as const;
    cli.odoo.beforeWrite = (batch) => {
      if (batch === 'schedules')
        throw new OdooUnreachableError({
          call,
          happened: 'could not be reached',
          next: 'Try again.',
          outcome: 'not_done',
        });
    };
    const partly = await cli.run('apply', '--yes');
    expect(partly.code).toBe(1);
    expect(partly.out).toContain(
      '  ✗ + scheduled action acme.tidy_schedule: prod: ir.actions.server.load could not be reached',
    );
    expect(partly.out).toMatch(/Applied: 1 created, 0 updated, 0 deleted\. 1 failed: run "odoo-steward plan"/);
    expect(cli.journaled.at(-1)).toBe('end partly');
  });

  it('remembers what it made, so that a deletion in Odoo is told from a new definition', async () => {
    await cli.run('apply', '--yes');
    expect((await cli.run('drift')).code).toBe(0);
    cli.odoo.schedules = [];
    cli.files = { ...cli.files, ...codeFiles('fresh') };
    const planned = await cli.run('plan');
    expect(planned.out).toContain(
      '+ scheduled action acme.tidy_schedule  # deleted in Odoo since the last apply; apply makes it again\n',
    );
    expect(planned.out).toContain('+ server action acme.fresh\n');
    const drifted = await cli.run('drift');
    expect(drifted.code).toBe(2);
    expect(drifted.out).toContain('Drift: 0 changed, 1 deleted, 0 in no definition, 0 left behind (1 more: ');
    await cli.run('apply', '--yes');
    expect((await cli.run('drift')).code).toBe(0);
  });

  it('remembers also when it was stopped, and writes nothing when the set is as it was', async () => {
    const remembered: string[] = [];
    cli.odoo.beforeWrite = (batch) => {
      if (batch === 'server_actions') cli.interrupt(1);
      if (batch === 'remember') remembered.push(batch);
    };
    await cli.run('apply', '--yes');
    expect(remembered).toHaveLength(1);
    cli.odoo.beforeWrite = (batch) => {
      if (batch === 'remember') remembered.push(batch);
    };
    await cli.run('apply', '--yes');
    expect(remembered).toHaveLength(2);
    cli.files = tidy({ name: 'Tidier' });
    await cli.run('apply', '--yes');
    expect(remembered).toHaveLength(2);
  });

  it('has succeeded, with a warning, when it could not remember', async () => {
    const call = { instance: 'prod', model: 'ir.config_parameter', method: 'create', protocol: null } as const;
    cli.odoo.beforeWrite = (batch) => {
      if (batch === 'remember')
        throw new OdooUnreachableError({
          call,
          happened: 'could not be reached',
          next: 'Try again.',
          outcome: 'not_done',
        });
    };
    const applied = await cli.run('apply', '--yes');
    expect(applied).toMatchObject({
      code: 0,
      err: expect.stringContaining('warning: Which records stand in Odoo now could not be remembered there'),
    });
    expect((await cli.run('plan')).out).toContain('No changes.');
    cli.files = tidy({ name: 'Tidier' });
    const again: unknown = JSON.parse((await cli.run('apply', '--yes', '--json')).out);
    expect(again).toMatchObject({ applied: { outcome: 'applied', warnings: [expect.stringContaining('remembered')] } });
  });

  it('finishes the batch in flight after Ctrl-C, begins no other, and reports', async () => {
    cli.odoo.beforeWrite = (batch) => {
      if (batch === 'server_actions') cli.interrupt(1);
    };
    const stopped = await cli.run('apply', '--yes');
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain('Stopping after the batch in flight');
    expect(stopped.out).toContain('✓ + server action acme.tidy');
    expect(stopped.out).toContain('✗ + scheduled action acme.tidy_schedule: Not written: Ctrl-C came before its turn.');
    expect(cli.odoo.schedules).toEqual([]);
  });

  it('tells machines the plan and what became of it', async () => {
    const { code, out } = await cli.run('apply', '--yes', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      plan: { format: 1, counts: { create: 2 }, interrupted: null },
      applied: {
        outcome: 'applied',
        results: [{ op: 'create', status: 'written', recordId: 100 }, { status: 'written' }],
      },
    });
    cli.answers = ['yes'];
    expect(JSON.parse((await cli.run('apply', '--json')).out)).toMatchObject({
      error: {
        code: 'yes_missing',
        message: 'With --json nobody is asked: look at "odoo-steward plan" first, then add --yes to this command.',
      },
    });
  });

  it('says that the last one was interrupted', async () => {
    cli.interrupted = {
      startedAt: '2026-11-20T09:55:00Z',
      digest: 'ab'.repeat(32),
      total: 7,
      written: ['a', 'b', 'c'],
    };
    expect((await cli.run('plan')).out).toContain(
      'The last apply (12 minutes ago, plan abababababab) was interrupted after 3 of 7 changes; this plan shows what is left.',
    );
  });

  it('plans without the store, with a warning, and applies nothing where nothing can be recorded', async () => {
    cli.storeError = new StoreError('store_unavailable', 'The database steward.db cannot be opened: mend it.');
    expect(await cli.run('plan')).toMatchObject({
      code: 2,
      err: 'warning: Whether the last apply was interrupted is not known. The database steward.db cannot be opened: mend it.\n',
    });
    for (const command of ['drift', 'crons', 'validate'])
      expect((await cli.run(command)).err).not.toContain('steward.db');
    cli.answers = ['yes'];
    expect(await cli.run('apply')).toMatchObject({
      code: 1,
      err: 'Error: The database steward.db cannot be opened: mend it.\n',
    });
    expect(cli.questions).toEqual([]);
    expect(cli.odoo.actions).toEqual([]);
  });

  it('names a near definition for a misspelled --reactivate', async () => {
    expect(await cli.run('apply', '--yes', '--reactivate', 'tidi')).toMatchObject({
      code: 1,
      err: 'Error: --reactivate: there is no definition "tidi": did you mean tidy?\n',
    });
  });
});

describe('adopt', () => {
  it('takes over what definitions name, and changes nothing of it', async () => {
    cli.odoo.actions = [liveAction(7, { values: { name: 'By hand' } })];
    cli.files = tidy({ extra: 'adopts: "#7"\n' });
    const adopted = await cli.run('adopt', '--yes');
    expect(adopted.code).toBe(0);
    expect(adopted.out).toContain('✓ ↻ server action acme.tidy (#7)');
    expect(adopted.out).toContain('Applied: 1 adopted, 0 created');
    expect(cli.odoo.actions).toMatchObject([{ recordId: 7, externalId: 'acme.tidy', values: { name: 'By hand' } }]);
  });
});
