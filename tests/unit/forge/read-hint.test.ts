import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHint, type DeliveryEvent, type ForgeKind } from '../../../src/domain/forge/index.js';
import * as payloads from './payloads.js';

const { after, before, bytes, zero } = payloads;
const json = 'application/json';
const read = (forge: ForgeKind, event: DeliveryEvent, payload: unknown) =>
  readHint({ forge, event }, bytes(payload), json);

describe('readHint', () => {
  it('reads a push to GitHub', () => {
    expect(read('github', 'push', payloads.githubPush)).toEqual({
      kind: 'push',
      repository: {
        urls: [
          'https://github.com/acme/definitions.git',
          'https://github.com/acme/definitions',
          'git@github.com:acme/definitions.git',
        ],
        defaultBranch: 'main',
      },
      ref: 'refs/heads/main',
      before,
      after,
      deleted: false,
    });
  });

  it('reads the form that GitHub sends unless it is told not to', () => {
    const form = Buffer.from(`payload=${encodeURIComponent(JSON.stringify(payloads.githubPush))}`);
    const hint = readHint({ forge: 'github', event: 'push' }, form, 'application/x-www-form-urlencoded; charset=utf-8');
    expect(hint).toEqual(read('github', 'push', payloads.githubPush));
  });

  it('tells a new ref and a deleted one', () => {
    expect(read('github', 'push', { ...payloads.githubPush, before: zero })).toMatchObject({ before: null, after });
    expect(read('github', 'push', { ...payloads.githubPush, after: zero, deleted: true })).toMatchObject({
      before,
      after: null,
      deleted: true,
    });
    expect(read('gitea', 'push', { ...payloads.giteaPush, after: zero })).toMatchObject({ after: null, deleted: true });
  });

  it('recognises a ping, with and without a repository', () => {
    expect(read('github', 'ping', payloads.githubPing)).toMatchObject({
      kind: 'ping',
      repository: { defaultBranch: 'main' },
    });
    expect(read('github', 'ping', { zen: 'Keep it logically awesome.' })).toEqual({ kind: 'ping', repository: null });
  });

  it.each(['gitea', 'forgejo'] as const)('reads a push to %s', (forge) => {
    expect(read(forge, 'push', payloads.giteaPush)).toMatchObject({
      kind: 'push',
      ref: 'refs/heads/develop',
      repository: {
        urls: expect.arrayContaining(['ssh://git@git.acme.example:2222/acme/definitions.git']),
      },
    });
  });

  it('reads pushes of branches and tags to GitLab', () => {
    expect(read('gitlab', 'push', payloads.gitlabPush)).toMatchObject({ ref: 'refs/heads/main', before, after });
    expect(read('gitlab', 'push', payloads.gitlabTagPush)).toMatchObject({ ref: 'refs/tags/v1.0.0', before: null });
  });

  it.each([
    ['github', payloads.githubPullRequest, { number: 7, isOpen: true, isFromFork: false }],
    ['gitea', payloads.giteaPullRequest, { number: 3, isOpen: false, isFromFork: true }],
    ['gitlab', payloads.gitlabMergeRequest, { number: 5, isOpen: true, isFromFork: false }],
  ] as const)('reads a pull request of %s', (forge, payload, expected) => {
    expect(read(forge, 'pull_request', payload)).toMatchObject({
      kind: 'pull_request',
      headRevision: after,
      headRef: 'calls',
      baseRef: 'main',
      ...expected,
    });
  });

  it('takes a pull request whose repository is gone for one from a fork', () => {
    const { pull_request: one, ...rest } = payloads.githubPullRequest;
    const gone = { ...rest, pull_request: { ...one, head: { ...one.head, repo: null } } };
    expect(read('github', 'pull_request', gone)).toMatchObject({ isFromFork: true });
    const { object_attributes: attributes, ...merge } = payloads.gitlabMergeRequest;
    const fork = { ...merge, object_attributes: { ...attributes, source_project_id: null } };
    expect(read('gitlab', 'pull_request', fork)).toMatchObject({ isFromFork: true });
  });

  it.each([
    ['a name of something else as its ref', { ref: 'main' }],
    ['a ref with a line break', { ref: 'refs/heads/a\nb' }],
    ['a revision that is none', { after: '--upload-pack=evil' }],
    ['a short revision', { after: 'bffeb74' }],
    ['no repository', { repository: undefined }],
    ['a repository without addresses', { repository: { clone_url: null } }],
  ])('gives nothing for a push with %s', (_, change) => {
    expect(read('github', 'push', { ...payloads.githubPush, ...change })).toBeNull();
  });

  it('gives nothing for a payload of another event than its header says', () => {
    expect(read('github', 'pull_request', payloads.githubPush)).toBeNull();
    expect(read('gitlab', 'push', payloads.gitlabMergeRequest)).toBeNull();
    expect(read('gitlab', 'ping', {})).toBeNull();
  });

  it('gives nothing for a body that was cut off, wherever', () => {
    const body = bytes(payloads.gitlabPush);
    fc.assert(
      fc.property(fc.nat(body.length - 1), (length) => {
        expect(readHint({ forge: 'gitlab', event: 'push' }, body.subarray(0, length), json)).toBeNull();
      }),
    );
  });

  it('never throws, whatever the body', () => {
    const forge = fc.constantFrom<ForgeKind>('github', 'gitlab', 'gitea', 'forgejo');
    const event = fc.constantFrom<DeliveryEvent>('push', 'pull_request');
    const body = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(
        forge,
        event,
        body,
        fc.constantFrom(json, 'application/x-www-form-urlencoded', null),
        (f, e, b, t) => {
          expect(readHint({ forge: f, event: e }, b, t)).toBeNull();
        },
      ),
    );
    const deep = Buffer.from('['.repeat(1_000_000));
    expect(readHint({ forge: 'github', event: 'push' }, deep, json)).toBeNull();
  });
});
