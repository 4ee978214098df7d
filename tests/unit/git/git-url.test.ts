import { describe, expect, it } from '@jest/globals';
import { parseGitUrl, redact } from '../../../src/git/git-url.js';

describe('parseGitUrl', () => {
  it.each([
    ['https://user:pa%3Ass@git.example.com/a/b.git?private_token=xyz', 'https://git.example.com/a/b.git', false],
    ['https://ghp_token@github.com/a/b', 'https://github.com/a/b', false],
    ['ssh://git@git.example.com:2222/a.git', 'ssh://git@git.example.com:2222/a.git', false],
    ['git@git.example.com:team/a.git', 'git@git.example.com:team/a.git', false],
    ['/srv/git/a.git', '/srv/git/a.git', true],
    ['../a', '../a', true],
    ['file:///srv/git/a.git', 'file:///srv/git/a.git', true],
  ])('shows %s as %s', (url, shown, isPath) => {
    expect(parseGitUrl(url)).toMatchObject({ shown, isPath });
  });
});

describe('redact', () => {
  it.each([
    [
      'https://user:pa%3Ass@h.example/x',
      'fatal: unable to access https://user:pa%3Ass@h.example/x/: no',
      'fatal: unable to access https://h.example/x/: no',
    ],
    ['https://user:pa%3Ass@h.example/x', 'wrong password pa:ss', 'wrong password ***'],
    ['https://ghp_token@h.example/x', 'remote: ghp_token is expired', 'remote: *** is expired'],
    ['git@h.example:x', 'see https://somebody:else@h.example/', 'see https://***@h.example/'],
  ])('of %s takes every secret out of %j', (url, text, expected) => {
    expect(redact(text, parseGitUrl(url))).toBe(expected);
  });
});
