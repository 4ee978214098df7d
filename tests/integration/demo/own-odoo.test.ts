import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOdoo, type TestDatabase } from '../../odoo/index.js';
import { DemoRun } from '../../support/demo-run.js';

const root = join(import.meta.dirname, '../../..');
const question = 'Apply these changes? Only "yes" does it: ';

/** util-linux's `script` gives it a terminal, whose keyboard is the test. */
const onTerminal = (command: readonly string[]): string[] => ['script', '-qec', command.join(' '), '/dev/null'];

/** The demo on an Odoo that is somebody's own, named by variables or by `.env`. */
describe.each(['19', '14'] as const)('npm run demo, with ODOO_URL of an Odoo %s', (version) => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'steward-own-odoo-'));
    database = await (await startOdoo(version)).createDatabase('account');
  }, 600_000);
  afterAll(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const variables = (): Record<string, string> => ({
    ODOO_URL: database.url,
    ODOO_DB: database.name,
    ODOO_LOGIN: database.admin.login,
    ODOO_API_KEY: database.admin.apiKey,
  });
  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    STEWARD_STATE: join(folder, 'state'),
    ...variables(),
    ...more,
  });
  const written = async (): Promise<number> =>
    Number((await database.sql("SELECT count(*) FROM ir_model_data WHERE module = 'acme'"))[0]?.['count']);

  async function expectPlanAndNoWrite(demo: DemoRun): Promise<void> {
    expect(demo.output).toContain(`What the sample definitions would change in ${database.url}`);
    expect(demo.output).toMatch(/Plan: \d+ to create, 0 to update, 0 to delete/);
    expect(demo.output).not.toContain('odoo-steward apply');
    expect(demo.output).toContain('Nothing was written');
    expect(await written()).toBe(0);
  }

  it('shows the plan and writes nothing where there is no terminal to ask on, and says what to do', async () => {
    const demo = new DemoRun({ env: env() });
    demo.endInput();
    expect(await demo.exited).toBe(1);
    await expectPlanAndNoWrite(demo);
    expect(demo.output.trimEnd().split('\n').at(-1)).toBe(
      'Nothing was written: there is no terminal to ask on. Look at the plan above, then "npm run demo -- --yes".',
    );
  });

  // What is asked and answered is the same before each version, so one of them will do.
  if (version === '19') {
    it.each([
      ['is answered with less than the word', 'y\n'],
      ['is answered with the end of the input', '\x04'],
      ['is answered with Ctrl-C', '\x03'],
    ])('writes nothing when it %s', async (_what, answer) => {
      const demo = new DemoRun({ env: env(), through: onTerminal });
      await demo.until(() => demo.output.includes(question));
      demo.type(answer);
      await demo.exited;
      await expectPlanAndNoWrite(demo);
    });

    it.each([
      ['an address where nothing listens', { ODOO_URL: 'http://127.0.0.1:9' }, [/^Error: .*got no connection/]],
      ['an unknown key', { ODOO_API_KEY: 'f'.repeat(40) }, [/^Error: .*does not accept the credential of admin/]],
      ['no credential', { ODOO_API_KEY: '' }, [/ODOO_API_KEY is not set/, /^Error: The settings have a mistake/]],
    ])('ends in a sentence, and no stack trace, when it is given %s', async (_what, more, says) => {
      const demo = new DemoRun({ env: env(more), args: ['--yes'] });
      expect(await demo.exited).toBe(1);
      const lines = demo.output.split('\n').filter((line) => line !== '' && !/^(▌|\$|Reading)/.test(line));
      expect(lines).toEqual(says.map((sentence) => expect.stringMatching(sentence) as unknown));
      expect(demo.output).not.toContain(database.admin.apiKey);
      expect(await written()).toBe(0);
    });
  }

  it('takes .env in place of variables, and applies the plan that it showed when it is answered yes', async () => {
    const checkout = join(folder, 'checkout');
    for (const name of ['src', 'tests', 'config', 'package.json', 'package-lock.json', 'tsconfig.json'])
      cpSync(join(root, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    const lines = Object.entries(variables()).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(checkout, '.env'), lines.join(''));
    const demo = new DemoRun({
      env: { STEWARD_STATE: join(folder, 'state') },
      cwd: checkout,
      through: onTerminal,
    });
    await demo.until(() => demo.output.includes(question));
    expect(await written()).toBe(0);
    demo.type('yes\n');
    expect([await demo.exited, demo.output]).toEqual([0, expect.stringMatching(/Applied: [1-9]\d* created/)]);
    expect(demo.output).toMatch(/No changes\. Odoo matches the definitions/);
    expect(demo.output).toMatch(/Done in \d+ s\.\s*$/);
    expect(await written()).toBeGreaterThan(0);
  });

  it('has nothing to ask once the plan is empty', async () => {
    const demo = new DemoRun({ env: env() });
    demo.endInput();
    expect([await demo.exited, demo.output]).toEqual([0, expect.stringContaining('No changes.')]);
    expect(demo.output).not.toContain(question);
  });
});
