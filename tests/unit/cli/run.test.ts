import { beforeEach, describe, expect, it } from '@jest/globals';
import { CliHarness, tidy } from '../../support/cli-harness.js';
import { describeResult } from '../../../src/cli/describe-result.js';

let cli: CliHarness;
const trigger = (body: string): Record<string, string> => tidy({ extra: `trigger:\n  roles: [support]\n${body}` });
const withRecords = '  records:\n    domain: [["is_company", "=", true]]\n    max: 3\n';

beforeEach(async () => {
  cli = new CliHarness();
  cli.files = trigger(withRecords + '  reason: optional\n');
  await cli.run('apply', '--yes');
  cli.odoo.found = [1, 2];
});

const refusal = async (...argv: string[]): Promise<string> => {
  const { code, err } = await cli.run('run', ...argv);
  expect(code).toBe(1);
  expect(cli.odoo.runs).toEqual([]);
  return err;
};

describe('run', () => {
  it('runs the action on records that Odoo finds in the domain, and says what it returned', async () => {
    cli.odoo.outcome = {
      status: 'succeeded',
      result: { type: 'ir.actions.client', tag: 'display_notification', params: { message: '2 tidied' } },
      message: null,
    };
    const { code, out } = await cli.run('run', 'tidy', '--ids', '2,1,2');
    expect(out).toBe('succeeded: tidy on 2 records of res.partner\nIt says: 2 tidied\n');
    expect(code).toBe(0);
    expect(cli.odoo.runs).toEqual([{ actionId: 100, recordIds: [2, 1] }]);
    expect(cli.odoo.searches).toEqual([
      {
        model: 'res.partner',
        domain: [
          ['is_company', '=', true],
          ['id', 'in', [2, 1]],
        ],
      },
    ]);
  });

  it('refuses records outside the domain, too many of them, and none at all', async () => {
    expect(await refusal('tidy', '--ids', '1,9')).toContain('may not run on res.partner 9');
    expect(await refusal('tidy', '--ids', '1,2,3,4')).toContain('may run on 3 records at a time, and these are 4');
    expect(await refusal('tidy')).toContain('On which records of res.partner?');
    cli.odoo.found = [1, 2, 3, 4];
    expect(await refusal('tidy', '--domain', '[]', '--yes')).toContain('these are more than 3');
    cli.odoo.found = [];
    expect(await refusal('tidy', '--domain', '[]', '--yes')).toContain('No record of res.partner matches');
  });

  it('asks how many records a domain may mean', async () => {
    expect(await refusal('tidy', '--domain', '[["id", ">", 0]]')).toBe(
      'Error: 2 records of res.partner would be run on, and nobody can be asked here: add --yes to this command, or name the records with --ids.\n',
    );
    cli.answers = ['no', 'yes'];
    expect(await refusal('tidy', '--domain', '[]')).toContain('Nothing was run');
    expect((await cli.run('run', 'tidy', '--domain', '[]')).code).toBe(0);
    expect(cli.questions.at(-1)).toContain('Run "tidy" on 2 records of res.partner of prod?');
  });

  it.each([
    [['--ids', 'all'], '--ids takes record IDs'],
    [['--domain', '[1]'], '--domain takes an Odoo domain as JSON'],
    [['--domain', "[('a', '=', 1)]"], '--domain takes an Odoo domain as JSON'],
    [['--ids', '1', '--domain', '[]'], 'not both'],
  ])('refuses %j', async (options, message) => {
    expect(await refusal('tidy', ...options)).toContain(message);
  });

  it('refuses what the trigger does not allow', async () => {
    expect(await refusal('tidi', '--ids', '1')).toContain('did you mean tidy?');
    cli.files = trigger('  reason: required\n');
    expect(await refusal('tidy')).toContain('wants a reason');
    expect(await refusal('tidy', '--reason', 'x', '--ids', '1')).toContain('runs without records');
    cli.files = trigger('  mode: enqueue\n');
    expect(await refusal('tidy', '--reason', 'x')).toContain("Odoo's own worker");
    cli.files = tidy();
    expect(await refusal('tidy')).toContain('has no trigger');
  });

  it('refuses in a copy of the database, and before the action was applied', async () => {
    cli.odoo.identity = { ...cli.odoo.identity, database: 'copy' };
    expect(await refusal('tidy', '--ids', '1')).toContain('This is not the database that prod is bound to');
    cli = new CliHarness();
    cli.files = trigger(withRecords + '  reason: optional\n');
    expect(await refusal('tidy', '--ids', '1')).toContain('run "odoo-steward apply prod" first');
  });

  it.each(['failed', 'refused', 'unknown'] as const)('exits 1 when the outcome is %s, and says why', async (status) => {
    cli.odoo.outcome = { status, result: false, message: 'Because.' };
    const { code, out } = await cli.run('run', 'tidy', '--ids', '1');
    expect({ code, out }).toEqual({ code: 1, out: `${status}: tidy on 1 record of res.partner\nBecause.\n` });
    expect(JSON.parse((await cli.run('run', 'tidy', '--ids', '1', '--json')).out)).toMatchObject({
      status,
      message: 'Because.',
      recordIds: [1],
    });
  });
});

describe('describeResult', () => {
  it.each([
    [false, 'It returned nothing.'],
    [42, 'It returned 42.'],
    [
      { type: 'ir.actions.act_window', res_model: 'sale.order', name: 'Orders' },
      'In Odoo it would open a view of sale.order "Orders".',
    ],
    [{ type: 'ir.actions.act_window', res_model: 'sale.order', res_id: 7 }, 'In Odoo it would open sale.order #7.'],
    [{ type: 'ir.actions.act_url', url: 'https://x.example' }, 'In Odoo it would open https://x.example.'],
    [{ type: 'ir.actions.report', name: 'Invoice' }, 'In Odoo it would print the report "Invoice".'],
    [{ type: 'ir.actions.client', tag: 'reload' }, 'In Odoo it would start reload.'],
    [{ type: 'ir.actions.act_window_close' }, 'It ended without anything to show.'],
  ])('%j', (result, words) => {
    expect(describeResult(result)).toBe(words);
  });
});
