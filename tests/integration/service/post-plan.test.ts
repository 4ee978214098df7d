import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { postPlan } from '../../../src/app/service/post-plan.js';
import type { ForgePoster } from '../../../src/app/service/forge-ports.js';
import type { ServiceRepository } from '../../../src/app/service/receive-delivery.js';
import type { Store } from '../../../src/app/service/store.js';
import { ForgeError } from '../../../src/domain/forge/index.js';
import { makePlace, type StorePlace } from '../../support/store-engines.js';
import { ServiceWorld, somebody } from '../../support/service-world.js';

type PullRequest = Parameters<typeof postPlan>[2];

describe('a plan for a pull request', () => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await makePlace('sqlite');
    store = await place.open();
  });
  afterAll(() => place.remove());

  async function post(over: Partial<PullRequest>, files: Record<string, string> = {}, failure: Error | null = null) {
    const world = new ServiceWorld(store);
    world.commit('head', { ...world.revisions.get('r1'), ...files });
    const posted: string[] = [];
    const poster: ForgePoster = {
      commentOnPullRequest: (number, markdown, marker) => {
        if (failure !== null) return Promise.reject(failure);
        posted.push(`#${number} ${marker} ${markdown}`);
        return Promise.resolve({ outcome: 'created', id: 1, url: 'https://git.test/7', isCut: false });
      },
      setStatus: (revision, state, context, description) => {
        posted.push(`${revision} ${state} ${context} ${description}`);
        return Promise.resolve();
      },
      close: () => undefined,
    };
    const repository: ServiceRepository = {
      ...{ name: 'acme-actions', url: 'https://git.test/acme/actions.git', forge: 'github', poster },
      webhookSecrets: () => [],
    };
    const hint: PullRequest = {
      ...{ kind: 'pull_request', number: 7, headRevision: 'head', headRef: 'next', baseRef: 'main' },
      ...{ isOpen: true, isFromFork: false, repository: { urls: [repository.url], defaultBranch: 'main' } },
      ...over,
    };
    await postPlan(world.process(), repository, hint, 'acme', somebody);
    return { posted, writes: world.odoo.actions.length };
  }
  const lastAudited = async () =>
    (await store.audit.list({ action: 'plan.post' }, { limit: 1, cursor: null })).items[0];

  it('is a comment under its marker and a status at its head, and writes nothing to Odoo', async () => {
    const { posted, writes } = await post({});
    expect(posted.map((text) => text.split('\n', 1)[0])).toEqual([
      'head pending odoo-steward/acme Planning what this would change in Odoo',
      expect.stringContaining('#7 <!-- odoo-steward:plan:acme -->'),
      'head success odoo-steward/acme 1 to create, 0 to update, 0 to delete, 0 held',
    ]);
    expect(writes).toBe(0);
    expect(await lastAudited()).toMatchObject({ outcome: 'succeeded', target: 'head', instance: 'acme' });
  });

  it('fails with every mistake and its place when the definitions have some', async () => {
    const { posted } = await post({}, { 'tidy.yaml': 'id: tidy\nnme: x\n' });
    expect(posted[1]).toContain('`tidy.yaml:2:1`');
    expect(posted[2]).toContain('head failure odoo-steward/acme');
  });

  it.each([
    ['from a fork, whose writer may not know what lives in Odoo', { isFromFork: true }],
    ['that is closed', { isOpen: false }],
  ])('is not posted for one %s', async (_, over) => {
    expect(await post(over)).toEqual({ posted: [], writes: 0 });
  });

  it('is in the audit log when the forge does not take it', async () => {
    const refused = new ForgeError('forge_unauthorised', 'The token is not known.', { forge: 'github', status: 401 });
    await post({}, {}, refused);
    expect(await lastAudited()).toMatchObject({ outcome: 'failed' });
  });
});
