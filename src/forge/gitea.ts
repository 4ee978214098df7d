import type { ForgePoster } from '../app/service/forge-ports.js';
import { createGitHubFamilyPoster } from './github-family.js';
import type { ForgePosterOptions } from './options.js';

/** Gitea, and Forgejo, whose API is the same here (`https://HOST/api/v1`). */
export function createGiteaPoster(options: ForgePosterOptions, forge: 'gitea' | 'forgejo' = 'gitea'): ForgePoster {
  return createGitHubFamilyPoster(
    {
      forge,
      headers: (token) => ({ Authorization: `token ${token}` }),
      // A server gives 50 at most unless it is told otherwise.
      perPage: 50,
      perPageName: 'limit',
      // Neither says a limit; what GitHub's readers bear is enough for theirs.
      maxCommentCharacters: 65_536,
      maxDescriptionCharacters: 255,
      commentScope: 'the scope write:issue, and the right to read the repository',
      statusScope: 'the scope write:repository, and the right to write to the repository',
    },
    options,
  );
}
