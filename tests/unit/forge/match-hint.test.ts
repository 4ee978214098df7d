import { describe, expect, it } from '@jest/globals';
import { apiAddressOf, matches, planMarker, readHint, type Hint } from '../../../src/domain/forge/index.js';
import * as payloads from './payloads.js';

function hintOf(forge: 'github' | 'gitlab' | 'gitea', event: 'push' | 'pull_request' | 'ping', payload: unknown): Hint {
  const hint = readHint({ forge, event }, payloads.bytes(payload), null);
  if (hint === null) throw new Error('the payload is not read');
  return hint;
}
const push = hintOf('github', 'push', payloads.githubPush);
const gitea = hintOf('gitea', 'push', payloads.giteaPush);

describe('matches', () => {
  it.each([
    'https://github.com/acme/definitions.git',
    'https://github.com/acme/definitions',
    'https://github.com/acme/definitions/',
    'https://GitHub.com/Acme/definitions.git',
    'https://x-access-token:secret@github.com/acme/definitions.git',
    'https://github.com:443/acme/definitions.git',
    'git@github.com:acme/definitions.git',
    'github.com:acme/definitions',
    'ssh://git@github.com/acme/definitions.git',
    'ssh://git@github.com:22/acme/definitions.git',
  ])('knows the repository by %s', (url) => {
    expect(matches(push, { url, ref: 'main' })).toBe(true);
  });

  it.each([
    'https://github.com/acme/definitions-2.git',
    'https://github.com/other/definitions.git',
    'https://github.com.evil.example/acme/definitions.git',
    'https://evil.example/github.com/acme/definitions.git',
    'https://github.com/acme/x/../definitions.git/..',
    '/srv/git/acme/definitions.git',
    'file:///acme/definitions.git',
    'not an address',
    '',
  ])('does not take %s for it', (url) => {
    expect(matches(push, { url, ref: 'main' })).toBe(false);
  });

  it('does not look at protocol and port, which are others behind a proxy', () => {
    const ref = 'develop';
    expect(matches(gitea, { url: 'http://git.acme.example:3000/acme/definitions', ref })).toBe(true);
    expect(matches(gitea, { url: 'ssh://git@git.acme.example:2222/acme/definitions', ref })).toBe(true);
    expect(matches(gitea, { url: 'git@git.acme.example:acme/definitions', ref })).toBe(true);
    expect(matches(gitea, { url: 'http://git.acme.example:3001/acme/definitions', ref })).toBe(true);
  });

  it('compares the ref, short or in full, and takes none for the default branch', () => {
    const url = 'https://github.com/acme/definitions';
    for (const ref of ['main', 'heads/main', 'refs/heads/main', null]) expect(matches(push, { url, ref })).toBe(true);
    for (const ref of ['production', 'refs/tags/main', 'mai', 'main/', payloads.after])
      expect(matches(push, { url, ref })).toBe(false);
    expect(matches(gitea, { url: 'http://git.acme.example:3000/acme/definitions', ref: null })).toBe(false);
  });

  it('knows a tag by its name', () => {
    const tag = hintOf('gitlab', 'push', payloads.gitlabTagPush);
    const url = 'git@gitlab.acme.example:erp/odoo/definitions.git';
    expect(matches(tag, { url, ref: 'v1.0.0' })).toBe(true);
    expect(matches(tag, { url, ref: null })).toBe(false);
  });

  it('takes any branch for the default one where the payload does not name it', () => {
    const { default_branch: _, ...repository } = payloads.githubPush.repository;
    const nameless = hintOf('github', 'push', { ...payloads.githubPush, repository });
    expect(matches(nameless, { url: 'https://github.com/acme/definitions', ref: null })).toBe(true);
  });

  it('matches a pull request by what it would be merged into, and a ping never', () => {
    const url = 'https://github.com/acme/definitions';
    const pull = hintOf('github', 'pull_request', payloads.githubPullRequest);
    expect(matches(pull, { url, ref: 'main' })).toBe(true);
    expect(matches(pull, { url, ref: 'calls' })).toBe(false);
    expect(matches(hintOf('github', 'ping', payloads.githubPing), { url, ref: null })).toBe(false);
  });
});

describe('apiAddressOf', () => {
  it.each([
    ['github', 'git@github.com:acme/definitions.git', 'https://api.github.com', 'acme/definitions'],
    ['github', 'https://ghe.acme.example/Acme/definitions', 'https://ghe.acme.example/api/v3', 'Acme/definitions'],
    ['gitlab', 'https://gitlab.com/a/b/c.git', 'https://gitlab.com/api/v4', 'a/b/c'],
    ['gitea', 'http://127.0.0.1:3000/acme/d.git', 'http://127.0.0.1:3000/api/v1', 'acme/d'],
    ['forgejo', 'ssh://git@codeberg.org:2222/acme/d.git', 'https://codeberg.org/api/v1', 'acme/d'],
  ] as const)('of %s at %s', (forge, url, baseUrl, repository) => {
    expect(apiAddressOf(forge, url)).toEqual({ baseUrl, repository });
  });

  it('is nowhere for a folder', () => {
    expect(apiAddressOf('gitea', '/srv/definitions')).toBeNull();
  });
});

describe('planMarker', () => {
  it('cannot be left by an odd name', () => {
    expect(planMarker('production')).toBe('<!-- odoo-steward:plan:production -->');
    expect(planMarker('a-->b\n')).not.toMatch(/-->[^$].|\n/);
  });
});
