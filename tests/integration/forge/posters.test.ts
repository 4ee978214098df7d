import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ForgePoster } from '../../../src/app/service/forge-ports.js';
import { planMarker, type ForgeKind } from '../../../src/domain/forge/index.js';
import { createForgePoster } from '../../../src/forge/index.js';
import { startDouble, type ForgeDouble } from './double.js';

interface Surface {
  readonly forge: ForgeKind;
  readonly base: string;
  readonly repository: string;
  /** Pages of comments. */
  readonly list: (page: number) => string;
  readonly create: string;
  readonly update: (id: number) => string;
  readonly status: string;
  readonly authorisation: Readonly<Record<string, string>>;
  readonly statusBody: Readonly<Record<string, unknown>>;
}

const revision = 'bffeb74224043ba2feb48d137756c8a9331c449a';
const statusBody = {
  state: 'failure',
  context: 'odoo-steward/production',
  description: '2 to create',
  target_url: 'https://steward.acme.example/plans/1',
};
const issue = '/repos/acme/definitions/issues/7/comments';
const gitea = (forge: 'gitea' | 'forgejo'): Surface => ({
  forge,
  base: '/api/v1',
  repository: 'acme/definitions',
  list: (page) => `GET /api/v1${issue}?limit=50&page=${page}`,
  create: `POST /api/v1${issue}`,
  update: (id) => `PATCH /api/v1/repos/acme/definitions/issues/comments/${id}`,
  status: `POST /api/v1/repos/acme/definitions/statuses/${revision}`,
  authorisation: { authorization: 'token secret-token' },
  statusBody,
});
const notes = '/api/v4/projects/erp%2Fodoo%2Fdefinitions/merge_requests/7/notes';
const surfaces: readonly Surface[] = [
  {
    forge: 'github',
    base: '/api/v3',
    repository: 'acme/definitions',
    list: (page) => `GET /api/v3${issue}?per_page=100&page=${page}`,
    create: `POST /api/v3${issue}`,
    update: (id) => `PATCH /api/v3/repos/acme/definitions/issues/comments/${id}`,
    status: `POST /api/v3/repos/acme/definitions/statuses/${revision}`,
    authorisation: {
      authorization: 'Bearer secret-token',
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    statusBody,
  },
  {
    forge: 'gitlab',
    base: '/api/v4',
    repository: 'erp/odoo/definitions',
    list: (page) => `GET ${notes}?sort=asc&order_by=created_at&per_page=100&page=${page}`,
    create: `POST ${notes}`,
    update: (id) => `PUT ${notes}/${id}`,
    status: `POST /api/v4/projects/erp%2Fodoo%2Fdefinitions/statuses/${revision}`,
    authorisation: { 'private-token': 'secret-token' },
    statusBody: {
      state: 'failed',
      name: statusBody.context,
      description: statusBody.description,
      target_url: statusBody.target_url,
    },
  },
  gitea('gitea'),
  gitea('forgejo'),
];
const marker = planMarker('production');
const next = { link: '<http://elsewhere.example/?page=2>; rel="next", <http://elsewhere.example/?page=9>; rel="last"' };
const last = { link: '<http://elsewhere.example/?page=1>; rel="prev"' };
const comment = (id: number, body: string) => ({ id, body, html_url: `https://forge.example/c/${id}` });

describe.each(surfaces.map((surface) => [surface.forge, surface] as const))('the poster for %s', (forge, surface) => {
  let double: ForgeDouble;
  let poster: ForgePoster;
  const asked = () => double.requests.map(({ method, path }) => `${method} ${path}`);

  beforeEach(async () => {
    double = await startDouble();
    const { repository, base } = surface;
    poster = createForgePoster(forge, {
      baseUrl: `${double.url}${base}/`,
      repository,
      token: { reveal: () => 'secret-token' },
    });
  });
  afterEach(async () => {
    poster.close();
    await double.close();
  });

  it('writes the first comment, under its marker and with its own headers', async () => {
    double.answer(surface.list(1), { body: [comment(1, 'Looks good')] });
    double.answer(surface.create, { status: 201, body: comment(2, '') });
    await expect(poster.commentOnPullRequest(7, '### Plan', marker)).resolves.toMatchObject({
      outcome: 'created',
      id: 2,
      isCut: false,
    });
    expect(asked()).toEqual([surface.list(1), surface.create]);
    expect(double.requests[1]?.body).toEqual({ body: `${marker}\n### Plan` });
    for (const { headers } of double.requests)
      expect(headers).toMatchObject({ ...surface.authorisation, 'user-agent': 'odoo-steward' });
    expect(double.requests[1]?.headers['content-type']).toBe('application/json');
  });

  it('edits its comment, found on a later page, and never follows an address that an answer gives', async () => {
    double.answer(surface.list(1), { headers: next, body: [comment(1, 'Looks good')] });
    double.answer(surface.list(2), { headers: last, body: [comment(9, `${marker}\nan old plan`)] });
    double.answer(surface.update(9), { body: comment(9, '') });
    await expect(poster.commentOnPullRequest(7, '### Plan', marker)).resolves.toMatchObject({
      outcome: 'updated',
      id: 9,
    });
    expect(asked()).toEqual([surface.list(1), surface.list(2), surface.update(9)]);
    expect(double.requests[2]?.body).toEqual({ body: `${marker}\n### Plan` });
  });

  it('lets a comment be that says the same, and one of another instance', async () => {
    const others = comment(1, `${planMarker('staging')}\n### Plan`);
    double.answer(surface.list(1), { body: [others, comment(9, `${marker}\r\n### Plan\r\n`)] });
    await expect(poster.commentOnPullRequest(7, '### Plan', marker)).resolves.toMatchObject({
      outcome: 'unchanged',
      id: 9,
    });
    expect(asked()).toEqual([surface.list(1)]);
  });

  it('passes over a comment that quotes the marker, and one that it may not edit', async () => {
    const quoted = comment(1, `> ${marker}\nwhat is this?`);
    double.answer(surface.list(1), { body: [quoted, comment(2, `${marker}\nnot ours`)] });
    double.answer(surface.update(2), { status: 403, body: { message: 'Forbidden' } });
    double.answer(surface.create, { status: 201, body: comment(3, '') });
    await expect(poster.commentOnPullRequest(7, '### Plan', marker)).resolves.toMatchObject({
      outcome: 'created',
      id: 3,
    });
    expect(asked()).toEqual([surface.list(1), surface.update(2), surface.create]);
  });

  it('ends where a forge without pages gives the same comments again', async () => {
    const all = Array.from({ length: 120 }, (_, at) => comment(at + 1, 'text'));
    double.answer(surface.list(1), { body: all });
    double.answer(surface.list(2), { body: all });
    double.answer(surface.create, { status: 201, body: comment(200, '') });
    await poster.commentOnPullRequest(7, '### Plan', marker);
    expect(asked()).toEqual([surface.list(1), surface.list(2), surface.create]);
  });

  it('cuts a plan that is too long, and says so in it', async () => {
    double.answer(surface.list(1), { body: [] });
    double.answer(surface.create, { status: 201, body: comment(2, '') });
    const posted = await poster.commentOnPullRequest(7, 'one line of a plan\n'.repeat(50_000), marker);
    expect(posted.isCut).toBe(true);
    const { body } = double.requests[1]?.body as { body: string };
    expect(body.length).toBeLessThanOrEqual(forge === 'gitlab' ? 250_000 : 65_536);
    expect(body).toMatch(/^<!-- .*\none line[^]*This comment was cut/);
  });

  it('sets a status', async () => {
    double.answer(surface.status, { status: 201, body: {} });
    await poster.setStatus(revision, 'failure', statusBody.context, '2 to\ncreate', statusBody.target_url);
    expect(asked()).toEqual([surface.status]);
    expect(double.requests[0]?.body).toEqual(surface.statusBody);
    expect(double.requests[0]?.headers).toMatchObject(surface.authorisation);
  });

  it('sets a status without a link, and with a description that fits', async () => {
    double.answer(surface.status, { status: 201, body: {} });
    await poster.setStatus(revision, 'pending', 'c', 'x'.repeat(500), null);
    const body = double.requests[0]?.body as { description: string; state: string };
    expect(body).not.toHaveProperty('target_url');
    expect(body.state).toBe('pending');
    expect(body.description).toHaveLength(forge === 'github' ? 140 : 255);
  });

  it.each(['main', revision.slice(0, 39), `${revision}/../..`, ''])(
    'sends nothing for the revision "%s"',
    async (odd) => {
      await expect(poster.setStatus(odd, 'success', 'c', 'd', null)).rejects.toMatchObject({ code: 'forge_refused' });
      expect(double.requests).toEqual([]);
    },
  );

  it.each(['acme', '../definitions', 'acme/..', 'acme/defi nitions', 'acme//d', 'acme/d?x', ''])(
    'refuses the repository "%s"',
    (repository) => {
      const options = { baseUrl: double.url, repository, token: { reveal: () => 't' } };
      expect(() => createForgePoster(forge, options)).toThrow('write owner/name');
    },
  );
});

describe("GitLab's status", () => {
  it.each([
    ['pending', 'Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition)', true],
    ['success', 'Cannot transition status via :succeed from :success', true],
    ['pending', 'Cannot transition status via :enqueue from :running', false],
    ['success', 'target_url is blocked', false],
  ] as const)('%s, refused with "%s", stands already: %s', async (state, message, isFine) => {
    const double = await startDouble();
    const options = { baseUrl: `${double.url}/api/v4`, repository: 'erp/d', token: { reveal: () => 'secret-token' } };
    const poster = createForgePoster('gitlab', options);
    double.answer(`POST /api/v4/projects/erp%2Fd/statuses/${revision}`, { status: 400, body: { message } });
    try {
      const set = poster.setStatus(revision, state, 'c', 'd', null);
      await (isFine ? set : expect(set).rejects.toMatchObject({ code: 'forge_refused', status: 400 }));
    } finally {
      poster.close();
      await double.close();
    }
  });
});
