import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientFor, codeDefinition, steward } from '../../support/sync-harness.js';
import { startOdoo, type TestDatabase, type TestOdoo } from '../../odoo/index.js';
import { removeTempFolders } from '../git/temp-repository.js';
import { ServiceHarness } from './service-harness.js';

afterAll(removeTempFolders);

describe.each(['19', '14'] as const)('the service over Odoo %s', (version) => {
  let odoo: TestOdoo;
  let database: TestDatabase;
  let service: ServiceHarness;
  beforeAll(async () => {
    odoo = await startOdoo(version);
    database = await odoo.createDatabase('base');
    service = new ServiceHarness(database);
    service.repository.write({ 'steward.yaml': steward, ...codeDefinition('tidy', "log('tidy')\n") });
    service.repository.commit();
    await service.start();
  }, 600_000);
  afterAll(async () => {
    await service.dispose();
    await odoo.dispose();
  });

  it('plans, and applies the plan that was looked at', async () => {
    const plan = await service.post('/instances/odoo/plans', {});
    expect(plan).toMatchObject({ status: 201, body: { status: 'ready', plan: { counts: { create: 1 } } } });
    const apply = await service.apply();
    expect(apply).toMatchObject({ status: 200, body: { status: 'applied', report: { outcome: 'applied' } } });
    expect(apply.body['written']).toMatchObject([{ externalId: 'acme.tidy', status: 'written' }]);
    const history = await service.get('/instances/odoo/applies');
    expect(history.body).toMatchObject({ items: [{ id: apply.body['id'], origin: 'api', status: 'applied' }] });
  });

  it('shows a plan as Markdown and as a page', async () => {
    const plan = await service.post('/instances/odoo/plans', {});
    const path = `/plans/${String(plan.body['id'])}`;
    const markdown = await service.get(path, { Accept: 'text/markdown' });
    expect(markdown.body['text']).toContain('No changes');
    const page = await service.get(path, { Accept: 'text/html' });
    expect(page.body['text']).toContain('<h1>Plan for odoo</h1>');
  });

  it('refuses a digest that nobody was shown, and says so in the audit log', async () => {
    const apply = await service.post('/instances/odoo/applies', { digest: 'f'.repeat(64) }, { Prefer: 'wait=60' });
    expect(apply).toMatchObject({ status: 200, body: { status: 'refused', failure: { code: 'plan_stale' } } });
    const audit = await service.get('/audit?action=apply.end&outcome=refused');
    expect(audit.body).toMatchObject({ items: [{ instance: 'odoo', target: apply.body['id'] }] });
  });

  it('carries out one request with an idempotency key once, and refuses the key for another one', async () => {
    service.repository.write({ ...codeDefinition('tidy', "log('again')\n") });
    service.repository.commit();
    const { digest } = (await service.post('/instances/odoo/plans', {})).body;
    const send = (body: object) =>
      service.post('/instances/odoo/applies', body, { Prefer: 'wait=60', 'Idempotency-Key': 'once' });
    const first = await send({ digest });
    const second = await send({ digest });
    expect([first.body['id'], second.status]).toEqual([second.body['id'], 200]);
    expect(await send({ digest, reason: 'other' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('finds drift, lets it stand until a date, and shows it again when Odoo moves on', async () => {
    const admin = clientFor(database, database.admin, 'jsonrpc');
    const [tidy] = await admin.search('ir.actions.server', [['name', '=', 'tidy']]);
    const edit = (code: string) => admin.write('ir.actions.server', tidy === undefined ? [] : [tidy], { code });
    await edit("log('by hand')\n");
    const drifted = await service.post('/instances/odoo/drift/checks');
    expect(drifted).toMatchObject({ status: 200, body: { status: 'drifted', count: 1 } });
    expect((await service.get('/instances/odoo/definitions')).body).toMatchObject({
      items: [{ id: 'tidy', status: 'drifted' }],
    });

    const until = new Date(Date.now() + 86_400_000).toISOString();
    const what = { object: 'server_action', externalId: 'acme.tidy', field: 'code' };
    const accepted = await service.post('/instances/odoo/drift/acceptances', { ...what, until, reason: 'ticket 7' });
    expect(accepted).toMatchObject({ status: 201, body: { field: 'code', reason: 'ticket 7' } });
    expect((await service.post('/instances/odoo/drift/checks')).body).toMatchObject({ status: 'in_sync', count: 0 });
    expect((await service.apply()).body).toMatchObject({ status: 'applied', report: { results: [], held: 1 } });

    await edit("log('by hand again')\n");
    expect((await service.post('/instances/odoo/drift/checks')).body).toMatchObject({ status: 'drifted', count: 1 });
    admin.close();
  });

  it('rolls back to a revision, stays there through a sync, and follows the branch again when it is released', async () => {
    const first = service.repository.commit();
    service.repository.write({ ...codeDefinition('second', 'pass\n') });
    service.repository.commit();
    const sync = () => service.post('/instances/odoo/syncs', {}, { Prefer: 'wait=60' });
    expect((await sync()).body).toMatchObject({ status: 'applied' });

    const back = await service.post('/instances/odoo/rollbacks', { revision: first, reason: 'it broke' });
    expect(back).toMatchObject({ status: 202, body: { revision: first } });
    const applied = await service.get(`/applies/${String(back.body['applyId'])}/events`);
    expect(applied.body['text']).toContain('event: ended');
    expect((await sync()).body).toMatchObject({ revision: first });
    const held = await service.get('/instances/odoo');
    expect(held.body).toMatchObject({ pin: { revision: first, reason: 'it broke' } });

    const release = (etag: string) => service.send('DELETE', '/instances/odoo/pin', undefined, { 'If-Match': etag });
    expect((await release('"v0"')).status).toBe(412);
    expect((await release(held.headers.get('etag') ?? '')).status).toBe(204);
    expect((await service.get('/instances/odoo')).body).toMatchObject({ pin: null });
  });

  it('takes each delivery of a webhook once, and refuses a forged one', async () => {
    const revision = service.repository.commit();
    expect(await service.push(revision, 'delivery-1')).toMatchObject({ status: 202, body: { outcome: 'ignored' } });
    expect(await service.push(revision, 'delivery-1')).toMatchObject({ status: 202, body: { outcome: 'duplicate' } });
    expect(await service.push(revision, 'delivery-2', 'guessed')).toMatchObject({ status: 401 });
  });

  it('keeps what it knew when it is started again', async () => {
    const before = (await service.get('/instances/odoo/applies')).body;
    await service.stop();
    await service.start();
    expect((await service.get('/instances/odoo/applies')).body).toEqual(before);
  });
});
