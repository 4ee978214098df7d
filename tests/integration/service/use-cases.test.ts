import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { acceptDrift, endAcceptance } from '../../../src/app/service/accept-drift.js';
import { applyLease, requestApply, type ApplyWish } from '../../../src/app/service/apply-by-digest.js';
import { checkDrift } from '../../../src/app/service/check-drift.js';
import { Background } from '../../../src/app/service/background.js';
import { createPlan, planInstance } from '../../../src/app/service/create-plan.js';
import type { ServiceDeps } from '../../../src/app/service/deps.js';
import { readPlanBody } from '../../../src/app/service/plan-body.js';
import { receiveDelivery } from '../../../src/app/service/receive-delivery.js';
import { recoverInterrupted } from '../../../src/app/service/recover.js';
import { releasePin, rollBack } from '../../../src/app/service/roll-back.js';
import { syncInstance } from '../../../src/app/service/sync-instance.js';
import { pollGit, SyncQueue } from '../../../src/app/service/sync-queue.js';
import type { OdooError } from '../../../src/domain/odoo-error.js';
import { odooErrorKinds } from '../../../src/domain/odoo-error.js';
import { SourceError } from '../../../src/domain/source-error.js';
import { WEEKDAYS, type SyncWindow } from '../../../src/domain/sync/windows.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { ServiceWorld, somebody } from '../../support/service-world.js';
import { codeDefinition } from '../../support/sync-harness.js';

const asked = { cause: 'api', byPerson: true, overrideWindow: false, reason: null } as const;
const byItself = { ...asked, cause: 'poll', byPerson: false } as const;
const shut: SyncWindow = { kind: 'deny', days: [...WEEKDAYS], fromMinute: 0, toMinute: 0, timezone: 'UTC' };

describe.each(engineNames)('the service on %s', (engine) => {
  const places: StorePlace[] = [];
  let world: ServiceWorld;
  let deps: ServiceDeps;
  beforeEach(async () => {
    const place = await makePlace(engine);
    places.push(place);
    world = new ServiceWorld(await place.open());
    deps = world.process();
  }, 120_000);
  afterAll(async () => {
    await Promise.all(places.map((place) => place.remove()));
  });

  const wishFor = async (own: Partial<ApplyWish> = {}): Promise<ApplyWish> => {
    const options = { ref: null, prune: false, reactivate: [], ...own };
    const { plan } = await planInstance(deps, world.instance, options);
    return { ...options, digest: plan.digest, override: [], reason: null, ...own };
  };
  const apply = async (own: Partial<ApplyWish> = {}, by = deps) => {
    const request = { wish: await wishFor(own), origin: 'api', idempotencyKey: null } as const;
    return requestApply(by, somebody, 'acme', request);
  };
  const sync = async (wish: Parameters<typeof syncInstance>[3]) => {
    const { entry, done } = await syncInstance(deps, somebody, 'acme', wish);
    await done;
    return deps.store.syncs.get(entry.id);
  };
  const audited = async (action: string) =>
    (await deps.store.audit.list({ action }, { limit: 50, cursor: null })).items.map(({ outcome }) => outcome);

  it('lets one of two applies at once write, and refuses the other, also from another process', async () => {
    const gate = gateOf();
    world.odoo.beforeWrite = () => gate.passed;
    const first = await apply();
    await expect(apply()).rejects.toMatchObject({ code: 'apply_running' });
    await expect(apply({}, world.process())).rejects.toMatchObject({ code: 'apply_running' });
    expect(await audited('apply.refuse')).toEqual(['refused', 'refused']);
    gate.open();
    await first.done;
    expect(await deps.store.applies.get(first.entry.id)).toMatchObject({ status: 'applied' });
    await (
      await apply()
    ).done;
  });

  it('writes nothing more once it was frozen for longer than its lease', async () => {
    world.commit('r2', {
      ...codeDefinition('tidy', "log('tidy')\n", 'schedule:\n  every: 1 day\n'),
    });
    world.odoo.beforeWrite = async (batch) => {
      if (batch !== 'server_actions') return;
      const lease = await deps.store.leases.holder(applyLease('acme'));
      if (lease !== null) await deps.store.leases.release(lease);
      await deps.store.leases.take(applyLease('acme'), 'another process', 60_000);
    };
    const { entry, done } = await apply();
    await done;
    const ended = await deps.store.applies.get(entry.id);
    expect(ended).toMatchObject({ status: 'partly' });
    expect(ended?.report).toContain('another one may have taken over');
    expect(world.odoo.schedules).toEqual([]);
  });

  it('says of an apply whose process is gone what is known, and takes the next one', async () => {
    const [hang, reached] = [gateOf(), gateOf()];
    world.odoo.beforeWrite = () => {
      reached.open();
      return hang.passed;
    };
    const dead = world.process();
    const { entry } = await apply({}, dead);
    await reached.passed;
    expect(await recoverInterrupted(deps)).toEqual([]);
    // Its heart stops: nobody renews the lease any more.
    const lease = await deps.store.leases.holder(applyLease('acme'));
    if (lease !== null) await deps.store.leases.release(lease);
    expect((await recoverInterrupted(deps)).map(({ id }) => id)).toEqual([entry.id]);
    const report = (await deps.store.applies.get(entry.id))?.report ?? '';
    expect(JSON.parse(report)).toMatchObject({ code: 'interrupted' });
    expect(await audited('apply.end')).toEqual(['unknown']);
    hang.open();
    await dead.background.drain(10_000);
    expect((await deps.store.applies.get(entry.id))?.status).toBe('interrupted');
    expect(await audited('apply.end_late')).toHaveLength(1);
  });

  it('ends plans and syncs that no living process can still be at', async () => {
    const { entry } = await createPlan({ ...deps, background: new Background(() => undefined) }, somebody, 'acme', {
      ...{ ref: 'gone', prune: false, reactivate: [] },
    });
    const stuck = { ...entry, id: 'stuck', createdAt: Date.now() - 3_600_000 };
    await deps.store.plans.add(stuck);
    await recoverInterrupted(deps);
    const ended = await deps.store.plans.get('stuck');
    expect(ended).toMatchObject({ status: 'failed' });
    expect(ended === null ? null : readPlanBody(ended).failure).toMatchObject({ code: 'interrupted' });
  });

  it('carries out the same request with an idempotency key once, at the same time, too', async () => {
    const request = { wish: await wishFor(), origin: 'api', idempotencyKey: 'k' } as const;
    const send = () => requestApply(deps, somebody, 'acme', request);
    const first = await send();
    const again = await Promise.all([send(), send()]);
    expect(new Set(again.map(({ entry }) => entry.id))).toEqual(new Set([first.entry.id]));
    await first.done;
    const other = { ...request, wish: { ...request.wish, reason: 'other' } };
    await expect(requestApply(deps, somebody, 'acme', other)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it.each([
    ['automatic', [], byItself, 'applied'],
    ['manual', [], byItself, 'planned'],
    ['manual', [], asked, 'applied'],
    ['automatic', [shut], byItself, 'outside_window'],
    ['automatic', [shut], asked, 'outside_window'],
    ['automatic', [shut], { ...asked, overrideWindow: true }, 'applied'],
  ] as const)(
    'with policy %s and windows %j, a sync asked for as %j ends as %s',
    async (policy, windows, wish, ended) => {
      world.rules = { policy, windows };
      deps = world.process();
      expect(await sync(wish)).toMatchObject({ status: ended });
      expect(world.odoo.actions).toHaveLength(ended === 'applied' ? 1 : 0);
    },
  );

  it('prunes by itself only where the policy says so', async () => {
    await sync(byItself);
    world.commit('r2', codeDefinition('other', 'pass\n'));
    expect(await sync(byItself)).toMatchObject({ status: 'applied' });
    expect(world.odoo.actions.map((action) => action.externalId)).toEqual(['acme.tidy', 'acme.other']);
    world.rules = { policy: 'automatic_prune', windows: [] };
    deps = world.process();
    await sync(byItself);
    expect(world.odoo.actions.map((action) => action.externalId)).toEqual(['acme.other']);
  });

  it('stays at the revision that it was rolled back to until it is released', async () => {
    await sync(asked);
    world.commit('r2', codeDefinition('tidy', "log('new')\n"));
    await sync(asked);
    const back = await rollBack(deps, somebody, 'acme', {
      revision: 'r1',
      reason: 'x',
      override: [],
      idempotencyKey: null,
    });
    await back.done;
    expect(await sync(byItself)).toMatchObject({ status: 'unchanged', revision: 'r1' });
    await releasePin(deps, somebody, 'acme', null);
    expect(await sync(byItself)).toMatchObject({ status: 'applied', revision: 'r2' });
    await expect(releasePin(deps, somebody, 'acme', null)).rejects.toMatchObject({ code: 'not_pinned' });
    expect([await audited('instance.pin'), await audited('instance.unpin')]).toEqual([['succeeded'], ['succeeded']]);
  });

  it('pins nothing when the apply of a roll-back cannot begin, and once for an idempotency key', async () => {
    await sync(asked);
    world.commit('r2', codeDefinition('tidy', "log('new')\n"));
    await sync(asked);
    const wish = { revision: 'r1', reason: 'x', override: [], idempotencyKey: 'k' };
    const held = await deps.store.leases.take(applyLease('acme'), 'another process', 60_000);
    await expect(rollBack(deps, somebody, 'acme', wish)).rejects.toMatchObject({ code: 'apply_running' });
    expect(await deps.store.instances.get('acme')).toMatchObject({ pinnedRevision: null });
    if (held !== null) await deps.store.leases.release(held);
    const back = await rollBack(deps, somebody, 'acme', wish);
    await back.done;
    await releasePin(deps, somebody, 'acme', null);
    expect(await rollBack(deps, somebody, 'acme', wish)).toMatchObject({
      ...{ isRepeat: true, revision: 'r1', entry: { id: back.entry.id } },
    });
    expect(await deps.store.instances.get('acme')).toMatchObject({ pinnedRevision: null });
    await expect(rollBack(deps, somebody, 'acme', { ...wish, reason: 'y' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await audited('apply.refuse')).toEqual(['refused', 'refused']);
    expect(await audited('instance.pin')).toEqual(['succeeded']);
  });

  it('asks for one sync, not one at each poll, while a pin holds it', async () => {
    await sync(asked);
    world.commit('r2', codeDefinition('tidy', "log('new')\n"));
    await sync(asked);
    const back = await rollBack(deps, somebody, 'acme', {
      ...{ revision: 'r1', reason: 'x', override: [], idempotencyKey: null },
    });
    await back.done;
    const poll = async () => {
      const isAsked = await pollGit(deps, new SyncQueue(deps), somebody, 'acme');
      await deps.background.drain(20_000);
      return isAsked;
    };
    expect([await poll(), await poll()]).toEqual([true, false]);
    await releasePin(deps, somebody, 'acme', null);
    expect([await poll(), await poll()]).toEqual([true, false]);
    expect(await deps.store.instances.get('acme')).toMatchObject({ seenRevision: 'r2' });
  });

  it('takes an apply whose end cannot be stored for interrupted, and never for failed', async () => {
    const { store } = deps;
    const gone = new Error('the database went away');
    const broken: ServiceDeps = {
      ...deps,
      store: new Proxy(store, {
        get(target, name) {
          if (name !== 'transact') {
            const value: unknown = Reflect.get(target, name);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          }
          return (work: Parameters<typeof store.transact>[0]) =>
            world.odoo.actions.length === 0 ? target.transact(work) : Promise.reject(gone);
        },
      }),
    };
    const { entry, done } = await apply({}, broken);
    await done;
    expect(await store.applies.get(entry.id)).toMatchObject({ status: 'running' });
    expect((await recoverInterrupted(deps)).map(({ id }) => id)).toEqual([entry.id]);
    expect(world.defects).toEqual([gone]);
  });

  it('tries a revision again whose apply was refused because something moved meanwhile', async () => {
    const source = world.instance.source.bind(world.instance);
    let reads = 0;
    const moving = {
      ...world.instance,
      source: (ref: string | null) => ({
        read: async () => {
          reads += 1;
          if (reads === 2) world.commit('r2', codeDefinition('tidy', "log('new')\n"));
          return source(ref).read();
        },
      }),
    };
    deps = { ...deps, instances: new Map([['acme', moving]]) };
    expect(await sync(byItself)).toMatchObject({ status: 'refused' });
    expect(await deps.store.instances.get('acme')).toMatchObject({ seenRevision: null });
  });

  it('runs the sync that waits also when the one before it broke', async () => {
    const { store } = deps;
    let breaks = 1;
    const flaky: ServiceDeps = {
      ...deps,
      store: new Proxy(store, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (name === 'transact' && breaks > 0) {
            breaks -= 1;
            return () => Promise.reject(new Error('the database went away'));
          }
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      }),
    };
    const queue = new SyncQueue(flaky);
    queue.request('acme', somebody, byItself);
    queue.request('acme', somebody, byItself);
    await deps.background.drain(20_000);
    const { items } = await store.syncs.list('acme', { limit: 50, cursor: null });
    expect(items.map(({ status }) => status)).toEqual(['applied']);
    expect(world.defects).toHaveLength(1);
  });

  it('does not refuse a plan because there is much to say of it', async () => {
    const reactivate = Array.from({ length: 1_000 }, (_, index) => `${'x'.repeat(100)}${index}`);
    const { done } = await createPlan(deps, somebody, 'acme', { ref: null, prune: false, reactivate });
    await done;
    expect(await audited('plan.create')).toEqual(['succeeded']);
  });

  it('calls an Odoo that is away unreachable, keeps what it saw last, and recovers by itself', async () => {
    await sync(asked);
    expect(await checkDrift(deps, somebody, 'acme')).toMatchObject({ status: 'in_sync' });
    world.odoo.beforeRead = () => {
      throw unreachable();
    };
    const away = await checkDrift(deps, somebody, 'acme');
    expect(away).toMatchObject({ status: 'unreachable', problem: { code: 'odoo_unreachable' } });
    expect(away.definitions).toHaveLength(1);
    expect(await sync(byItself)).toMatchObject({ status: 'failed' });
    world.odoo.beforeRead = () => undefined;
    expect(await checkDrift(deps, somebody, 'acme')).toMatchObject({ status: 'in_sync', problem: null });
    expect(await audited('drift.check')).toEqual(['succeeded', 'failed', 'succeeded']);
  });

  it('syncs once for each revision that a poll sees, and again when git came back', async () => {
    const queue = new SyncQueue(deps);
    const poll = () => pollGit(deps, queue, somebody, 'acme');
    expect(await poll()).toBe(true);
    await deps.background.drain(20_000);
    expect(await poll()).toBe(false);
    world.gitError = new SourceError('source_unreachable', 'git is away');
    await expect(poll()).rejects.toMatchObject({ code: 'source_unreachable' });
    world.gitError = null;
    world.commit('r2', codeDefinition('tidy', "log('new')\n"));
    expect(await poll()).toBe(true);
    await deps.background.drain(20_000);
    const syncs = (await deps.store.syncs.list('acme', { limit: 50, cursor: null })).items;
    expect(syncs.map(({ status, cause }) => `${cause} ${status}`)).toEqual(['poll applied', 'poll applied']);
  });

  it('tries a revision again whose sync failed, or found the window shut', async () => {
    const poll = async () => {
      const isAsked = await pollGit(deps, new SyncQueue(deps), somebody, 'acme');
      await deps.background.drain(20_000);
      return isAsked;
    };
    world.odoo.beforeRead = () => {
      throw unreachable();
    };
    expect([await poll(), await poll()]).toEqual([true, true]);
    world.odoo.beforeRead = () => undefined;
    world.rules = { policy: 'automatic', windows: [shut] };
    deps = world.process();
    expect(await poll()).toBe(false);
    world.rules = { policy: 'automatic', windows: [] };
    deps = world.process();
    expect([await poll(), await poll()]).toEqual([true, false]);
    expect(world.odoo.actions).toHaveLength(1);
  });

  it('makes one sync of all pushes that come while one runs', async () => {
    const queue = new SyncQueue(deps);
    for (let count = 0; count < 10; count += 1) queue.request('acme', somebody, { ...byItself, cause: 'webhook' });
    await deps.background.drain(20_000);
    expect((await deps.store.syncs.list('acme', { limit: 50, cursor: null })).items).toHaveLength(2);
  });

  it('syncs for a signed push to its branch, once a delivery', async () => {
    const queue = new SyncQueue(deps);
    const repository = {
      ...{ name: 'acme-actions', url: 'https://git.test/acme/actions.git', forge: 'github' as const, poster: null },
      webhookSecrets: () => ['s3cret'],
    };
    const body = Buffer.from(
      JSON.stringify({
        ...{ ref: 'refs/heads/main', before: '1'.repeat(40), after: '2'.repeat(40) },
        repository: { clone_url: repository.url, html_url: 'https://git.test/acme/actions', default_branch: 'main' },
      }),
    );
    const headers = {
      'x-github-event': 'push',
      'x-github-delivery': 'one',
      'x-hub-signature-256': `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`,
    };
    const receive = (over: Record<string, string> = {}) =>
      receiveDelivery(
        { ...deps, queue, repositories: new Map([[repository.name, repository]]), onPullRequest: () => undefined },
        {
          repository: repository.name,
          headers: { ...headers, ...over },
          body,
          contentType: 'application/json',
          requestId: 'r',
        },
      );
    expect(await receive()).toEqual({ outcome: 'accepted', instances: ['acme'] });
    expect(await receive()).toEqual({ outcome: 'duplicate', instances: [] });
    await expect(receive({ 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` })).rejects.toMatchObject({
      code: 'signature_invalid',
    });
    await deps.background.drain(20_000);
    expect(world.odoo.actions).toHaveLength(1);
  });

  it('lets accepted drift stand until its date, and no longer than it is as it was accepted', async () => {
    await sync(asked);
    const edit = (code: string): void => {
      world.odoo.actions = world.odoo.actions.map((one) => ({ ...one, values: { ...one.values, code } }));
    };
    edit('by hand\n');
    const wish = { object: 'server_action', externalId: 'acme.tidy', field: 'code', reason: 'x' } as const;
    const until = Date.now() + 3_600_000;
    const accepted = await acceptDrift(deps, somebody, 'acme', { ...wish, until });
    expect(await checkDrift(deps, somebody, 'acme')).toMatchObject({ status: 'in_sync', driftCount: 0 });
    expect(await sync(byItself)).toMatchObject({ status: 'unchanged' });
    world.nowMs = until + 1;
    expect(await checkDrift(deps, somebody, 'acme')).toMatchObject({ status: 'drifted', driftCount: 1 });
    world.nowMs = null;
    await endAcceptance(deps, somebody, 'acme', accepted.id);
    expect(await checkDrift(deps, somebody, 'acme')).toMatchObject({ status: 'drifted' });
    await expect(acceptDrift(deps, somebody, 'acme', { ...wish, field: 'name', until })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

/** What waits for it goes on when it is opened. */
function gateOf(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

function unreachable(): OdooError {
  return new odooErrorKinds.odoo_unreachable({
    call: { instance: 'acme', model: 'ir.actions.server', method: 'search_read', protocol: 'json2' },
    ...{ happened: 'did not get through', next: 'Try again.', outcome: 'not_done' },
  });
}
