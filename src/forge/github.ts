import type { ForgePoster } from '../app/service/forge-ports.js';
import { createGitHubFamilyPoster } from './github-family.js';
import type { ForgePosterOptions } from './options.js';

/** github.com and GitHub Enterprise Server (`https://HOST/api/v3`), with a personal, fine-grained or app token. */
export function createGithubPoster(options: ForgePosterOptions): ForgePoster {
  return createGitHubFamilyPoster(
    {
      forge: 'github',
      headers: (token) => ({
        Accept: 'application/vnd.github+json',
        'X-GitHub-Api-Version': '2022-11-28',
        Authorization: `Bearer ${token}`,
      }),
      perPage: 100,
      perPageName: 'per_page',
      maxCommentCharacters: 65_536,
      maxDescriptionCharacters: 140,
      commentScope: '"Pull requests: write" (classic: repo)',
      statusScope: '"Commit statuses: write" (classic: repo:status)',
    },
    options,
  );
}
