import { describe, expect, it } from '@jest/globals';
import { toFailure } from '../../../src/cli/failure.js';
import { paletteFor } from '../../../src/cli/palette.js';
import { withProgress } from '../../../src/cli/progress.js';
import { CliHarness } from '../../support/cli-harness.js';

describe('the command line', () => {
  it('suggests the near command or option, in one sentence on stderr', async () => {
    expect(await new CliHarness().run('plna')).toEqual({
      code: 1,
      out: '',
      err: `Error: Unknown command 'plna' (Did you mean plan?); "odoo-steward help" lists the commands.\n`,
    });
    expect((await new CliHarness().run('plan', '--prnue')).err).toContain('(Did you mean --prune?)');
    expect((await new CliHarness().run('plan', 'prod', 'staging')).err).toContain('Too many arguments');
    expect((await new CliHarness().run('run')).err).toContain("Missing required argument 'definition'");
    expect((await new CliHarness().run('apply', '--override', 'all')).err).toContain('too_many_changes');
  });

  it('tells machines as JSON on stdout what went wrong', async () => {
    const { code, out, err } = await new CliHarness().run('plan', 'nowhere', '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'instance_unknown' } });
    expect(JSON.parse((await new CliHarness().run('plan', '--jsn', '--json')).out)).toMatchObject({
      error: { code: 'wrong_usage' },
    });
  });

  it('prints help to stdout, and the version', async () => {
    const help = await new CliHarness().run('help', 'apply');
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(/Example[s]?:\n {2}odoo-steward apply[\s\S]*Exit codes:\n {2}0 {2}/);
    expect(await new CliHarness().run('--version')).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    expect((await new CliHarness().run()).code).toBe(1);
  });

  it('calls a defect a defect, without a stack', () => {
    expect(toFailure(new TypeError('x is not a function'))).toMatchObject({
      code: 'defect',
      message: expect.stringContaining('a defect of odoo-steward: x is not a function'),
    });
  });
});

describe('paletteFor', () => {
  it('colours only where colour is wanted', () => {
    expect(paletteFor({ hasColor: false }).add('x')).toBe('x');
    expect(paletteFor({ hasColor: true }).add('x')).toBe('\u001b[32mx\u001b[39m');
  });
});

describe('withProgress', () => {
  it('says on stderr what takes longer than two seconds, and nothing of what does not', async () => {
    let err = '';
    const io = {
      stderr: { write: (text: string) => void (err += text), isTerminal: false, hasColor: false },
      now: Date.now,
    };
    expect(await withProgress(io, 'Reading', () => Promise.resolve(1))).toBe(1);
    expect(err).toBe('');
    await withProgress(io, 'Reading', () => new Promise((resolve) => setTimeout(resolve, 2300)));
    expect(err).toBe('Reading … 2 s\n');
  });
});
