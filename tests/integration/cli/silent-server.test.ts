import { afterEach, expect, it } from '@jest/globals';

import { startLineDouble, type Double } from '../../support/odoo-double/double.js';
import { CliProcess } from '../../support/cli-process.js';

let double: Double | undefined;
let cli: CliProcess | undefined;
afterEach(async () => {
  cli?.remove();
  await double?.stop();
});

it.each(['plan', 'drift'])(
  '%s ends with one sentence, within one time-out, before a server that accepts and never answers',
  async (command) => {
    double = await startLineDouble(() => undefined);
    const credential = { login: 'sync', apiKey: 'key', password: null, uid: 2 };
    cli = new CliProcess({ url: double.url, name: 'prod' }, credential);
    const written = cli.read('instances.yaml');
    cli.write({ 'instances.yaml': `${written}    limits:\n      timeout: 3s\n` });
    const startedAt = Date.now();
    const { code, err } = await cli.run(command);
    expect(code).toBe(1);
    // Trying four ways for 3 s each would take longer, whatever else the machine does.
    expect(Date.now() - startedAt).toBeLessThan(11_000);
    const said = err.split('\n').filter((line) => line !== '' && !/^(warning:|Reading prod …)/.test(line));
    expect(said).toEqual([expect.stringMatching(/within 3000 ms|after 3000 ms/)]);
  },
);
