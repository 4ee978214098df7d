import { createInterface } from 'node:readline/promises';
import { DemoStopped, heading, say, sayTotal, showPlan, steward } from './show.js';

/** The demo on somebody's own Odoo: shows the plan, and writes exactly that, once it is told to. */
export async function runExternalDemo(url: string, isAgreed: boolean): Promise<void> {
  const settings = {
    STEWARD_DEFINITIONS: process.env['STEWARD_DEFINITIONS'] ?? 'config/samples/definitions',
    STEWARD_ENVIRONMENT: process.env['STEWARD_ENVIRONMENT'] ?? 'development',
  };
  heading(`What the sample definitions would change in ${url}`);
  const digest = await showPlan(settings);
  if (digest !== null) {
    if (!isAgreed && !(await agree())) {
      say('Nothing was written.');
      return;
    }
    heading('Apply exactly that plan');
    await steward(['apply', '--yes', '--digest', digest], settings, [0]);
    heading('A second plan is empty');
    await steward(['plan'], settings, [0]);
  }
  heading('The schedules of this database');
  await steward(['crons'], settings, [0, 2]);
  say('\nThe service (API, syncs, drift checks) for this Odoo: npm run -s steward -- keys create, then npm start');
  say('To take the samples out again: remove their files, then npm run -s steward -- apply --prune');
  sayTotal();
}

/** Only the whole word counts; the end of the input and Ctrl-C are a no. */
async function agree(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new DemoStopped(
      'Nothing was written: there is no terminal to ask on. Look at the plan above, then "npm run demo -- --yes".',
    );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  try {
    const asked = terminal.question('Apply these changes? Only "yes" does it: ').catch(() => '');
    const answer = await Promise.race([asked, closed]);
    return answer.trim() === 'yes';
  } finally {
    terminal.close();
  }
}
