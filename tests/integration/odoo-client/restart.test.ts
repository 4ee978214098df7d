import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { CallEvent, OdooClient } from '../../../src/odoo/index.js';
import { connect } from '../../../src/odoo/index.js';
import { startOdoo, type TestOdoo } from '../../odoo/index.js';
import { optionsOf } from './targets.js';

describe.each(['19', '14'] as const)('an Odoo %s that is killed and started again', (version) => {
  let server: TestOdoo;
  let odoo: OdooClient;
  const events: CallEvent[] = [];
  let action = 0;

  beforeAll(async () => {
    server = await startOdoo(version, { exclusive: true });
    const database = await server.createDatabase('base');
    const options = optionsOf(database, { protocol: 'jsonrpc', kind: 'api_key' });
    const limits = { retries: 6, circuitFailures: 100 };
    odoo = connect({ ...options, limits, onCall: (event) => events.push(event) });
    const [model] = await odoo.search('ir.model', [['model', '=', 'res.partner']]);
    const values = { name: 'Slow', model_id: model, state: 'code', code: "env.cr.execute('select pg_sleep(20)')" };
    [action = 0] = await odoo.create('ir.actions.server', [values]);
  });

  afterAll(async () => {
    odoo.close();
    await server.dispose();
  });

  it('leaves a run that it was in the middle of unknown, and never sends it again', async () => {
    const run = odoo
      .call('ir.actions.server', 'run', { ids: [action], effect: 'write' })
      .catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await server.stop('killed');
    expect(await run).toMatchObject({ code: 'odoo_unreachable', outcome: 'unknown' });
    expect(events.filter(({ method }) => method === 'run')).toHaveLength(1);
  });

  it('refuses a write while it is down, with nothing done', async () => {
    const write = odoo.write('res.partner', [1], { name: 'x' }, { timeoutMs: 500 });
    await expect(write).rejects.toMatchObject({ code: 'odoo_unreachable', outcome: 'not_done' });
  });

  it('answers a read that waited for it to come back', async () => {
    const read = odoo.searchCount('res.users', [['id', '=', 2]]);
    await server.start();
    expect(await read).toBe(1);
  });
});
