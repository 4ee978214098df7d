import { expect, it } from '@jest/globals';

import { isOdooError, type AnyOdooError, type OdooErrorCode } from '../../../src/domain/odoo-error.js';
import type { CallEvent, CallRequest, Credential, OdooClient } from '../../../src/odoo/index.js';
import { describeEachWay, type Target } from './targets.js';

async function failureOf(work: Promise<unknown>): Promise<AnyOdooError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isOdooError(error)) throw error as Error;
  return error;
}

const count = (odoo: OdooClient): Promise<number> => odoo.searchCount('res.partner', []);

/** A server action of the test's own, run at once. */
async function run(target: Target, code: string, context: Record<string, unknown> = {}): Promise<unknown> {
  const { odoo } = target;
  const [model] = await odoo.search('ir.model', [['model', '=', 'res.partner']]);
  const ids = await odoo.create('ir.actions.server', [{ name: 'Test', model_id: model, state: 'code', code }]);
  return odoo.call('ir.actions.server', 'run', { ids, context, effect: 'write' });
}

function as(target: Target, credential: Partial<Credential>, onCall?: (event: CallEvent) => void): OdooClient {
  const { login } = target.database.admin;
  const base = { login, secret: 'no-such-secret', kind: target.kind };
  return target.open({ credential: { ...base, ...credential }, ...(onCall && { onCall }) });
}

describeEachWay('a credential is refused', (target) => {
  const refused = async (credential: Partial<Credential>): Promise<void> => {
    const error = await failureOf(count(as(target, credential)));
    expect([error.code, error.outcome]).toEqual(['odoo_credentials', 'not_done']);
    expect(error.message).toMatch(/does not accept the credential of .* Check the login/);
    expect(error.message).not.toContain(credential.secret ?? 'no-such-secret');
  };

  it('when the secret is wrong', () => refused({ secret: 'wrong' }));

  it('when nobody has that login', () => refused({ login: 'nobody@acme.example' }));

  it('when its user is archived', async () => {
    const { login, uid, password, apiKey } = target.database.plain;
    const credential = { login, secret: target.kind === 'password' ? (password ?? '') : apiKey };
    await count(as(target, credential));
    await target.odoo.write('res.users', [uid], { active: false });
    try {
      await refused(credential);
    } finally {
      await target.odoo.write('res.users', [uid], { active: true });
    }
  });

  it('once, and not asked about again for a minute, lest Odoo 14 lock the address out', async () => {
    const events: CallEvent[] = [];
    const odoo = as(target, {}, (event) => events.push(event));
    await failureOf(count(odoo));
    await failureOf(count(odoo));
    await failureOf(count(odoo));
    const logins = events.filter(({ outcome }) => outcome === 'odoo_credentials');
    expect(logins).toHaveLength(target.protocol === 'json2' ? 3 : 1);
  });
});

describeEachWay('what Odoo refuses is told apart', (target) => {
  it('a database that is not there', async () => {
    const error = await failureOf(count(target.open({ database: 'no_such_database' })));
    expect([error.code, error.outcome]).toEqual(['odoo_database', 'not_done']);
    expect(error.message).toMatch(/"no_such_database".*Check the instance's database name/);
  });

  it('a right that is missing, with the right and the model to give', async () => {
    const { plain } = target.database;
    const secret = target.kind === 'password' ? (plain.password ?? '') : plain.apiKey;
    const odoo = as(target, { login: plain.login, secret });
    const read = await failureOf(odoo.searchRead('ir.config_parameter', { domain: [], fields: ['key'] }));
    expect(read.code).toBe('odoo_access');
    expect(read.message).toContain(`refused for ${plain.login}`);
    expect(read.message).toContain('Give this user the right to read ir.config_parameter');
    const create = await failureOf(odoo.create('ir.cron', [{ name: 'x' }]));
    expect(create.message).toContain('Give this user the right to create ir.cron');
  });

  const writes: Record<
    string,
    readonly [OdooErrorCode, model: string, method: string, CallRequest['args'], overXml?: OdooErrorCode]
  > = {
    'a value that is not in the selection': [
      'odoo_validation',
      'res.partner',
      'create',
      { vals_list: [{ name: 'x', type: 'bogus' }] },
    ],
    'a field that does not exist': ['odoo_validation', 'res.partner', 'create', { vals_list: [{ nope: 1 }] }],
    'a required field that is left out': ['odoo_validation', 'ir.cron', 'create', { vals_list: [{}] }, 'odoo_user'],
    'a model that does not exist': ['odoo_user', 'no.such.model', 'create', { vals_list: [{}] }],
    'a private method': ['odoo_access', 'res.partner', '_search', {}],
  };

  it.each(Object.entries(writes))('%s', async (_what, [code, model, method, args, overXml]) => {
    const error = await failureOf(target.odoo.call(model, method, { effect: 'write', ...(args && { args }) }));
    const expected = target.protocol === 'xmlrpc' ? (overXml ?? code) : code;
    // The web session looks a model up by itself, and says KeyError or NotFound: a wrong name is a fault of ours anyway.
    const isLost = model === 'no.such.model' && target.protocol === 'session' && target.version === '14';
    expect([error.code, error.outcome]).toEqual([isLost ? 'odoo_validation' : expected, 'not_done']);
    expect(error.call).toMatchObject({ instance: 'acme', model, method, protocol: target.protocol });
  });

  it('an exception of an action, without the code that raised it', async () => {
    const error = await failureOf(run(target, 'secret_name = 1\nundefined_name'));
    expect([error.code, error.outcome]).toEqual(['odoo_server', 'not_done']);
    expect(error.detail).toMatch(/name 'undefined_name' is not defined/);
    expect(error.message).not.toContain('secret_name');
  });

  it('a word for the user, from an action', async () => {
    const error = await failureOf(run(target, "raise UserError('Stock is locked')"));
    expect([error.code, error.detail]).toEqual(['odoo_user', 'Stock is locked']);
  });

  // Odoo itself tries again for up to a minute and a half first: the quickest way it has is enough, the captured
  // replies stand for the others.
  if (target.version === '14' && target.protocol === 'xmlrpc') {
    it('a row that another transaction holds', async () => {
      const [id = 0] = await target.odoo.create('res.partner', [{ name: 'Held' }]);
      const held = await target.database.hold(`select id from res_partner where id = ${id} for update`);
      try {
        const code = `env.cr.execute('select id from res_partner where id = ${id} for update nowait')`;
        const error = await failureOf(run(target, code));
        expect([error.code, error.outcome]).toEqual(['odoo_concurrency', 'not_done']);
        expect(error.exceptionName).toBe('psycopg2.errors.LockNotAvailable');
      } finally {
        await held.release();
      }
    });
  }

  it('a scheduled action that is running', async () => {
    const [id = 0] = await target.odoo.search('ir.cron', [], { limit: 1 });
    const held = await target.database.hold(`select id from ir_cron where id = ${id} for update`);
    try {
      const error = await failureOf(target.odoo.write('ir.cron', [id], { priority: 6 }));
      expect([error.code, error.outcome]).toEqual(['odoo_busy', 'not_done']);
      expect(error.message).toMatch(/found the scheduled action running.*Try again when it has ended/);
    } finally {
      await held.release();
    }
  });

  it('a record that is gone, where the protocol can tell', async () => {
    const error = await failureOf(target.odoo.call('ir.actions.server', 'run', { ids: [999_999], effect: 'write' }));
    expect(error.code).toBe(target.protocol === 'xmlrpc' ? 'odoo_user' : 'odoo_missing');
  });
});
