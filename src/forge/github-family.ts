import type { ForgePoster, RevisionState } from '../app/service/forge-ports.js';
import { cutLine } from '../domain/forge/index.js';
import { createForgeClient } from './http-client.js';
import { forgeLimits } from './limits.js';
import type { ForgeDialect, ForgePosterOptions } from './options.js';
import { readCommentPage, writeComment } from './read-comments.js';
import { checkNumber, checkRevision, repositorySteps } from './repository-path.js';
import { upsertComment } from './upsert-comment.js';

/** What GitHub's API and Gitea's, which is modelled on it, do not share. */
export interface GitHubFamily extends ForgeDialect {
  readonly perPage: number;
  /** The query's name for it. */
  readonly perPageName: string;
  readonly maxCommentCharacters: number;
  readonly maxDescriptionCharacters: number;
  readonly commentScope: string;
  readonly statusScope: string;
}

/** On both, a pull request is an issue, and its conversation is the comments. */
export function createGitHubFamilyPoster(family: GitHubFamily, options: ForgePosterOptions): ForgePoster {
  const { forge } = family;
  const repository = `/repos/${repositorySteps(forge, options.repository).join('/')}`;
  const client = createForgeClient(family, options);
  const maxPages = options.limits?.maxCommentPages ?? forgeLimits.maxCommentPages;

  return {
    async commentOnPullRequest(pullRequest, markdown, marker) {
      checkNumber(forge, pullRequest);
      const what = `comment on pull request ${pullRequest} of ${options.repository}`;
      const call = { what, scope: family.commentScope };
      const list = `${repository}/issues/${pullRequest}/comments`;
      return upsertComment(
        {
          readPage: (page) => {
            const path = `${list}?${family.perPageName}=${family.perPage}&page=${page}`;
            return readCommentPage(client, forge, { ...call, method: 'GET', path }, family.perPage);
          },
          create: (body) => writeComment(client, forge, { ...call, method: 'POST', path: list, body: { body } }),
          update: (id, body) => {
            const path = `${repository}/issues/comments/${id}`;
            return writeComment(client, forge, { ...call, method: 'PATCH', path, body: { body } });
          },
        },
        markdown,
        marker,
        { maxCharacters: family.maxCommentCharacters, maxPages },
      );
    },

    async setStatus(revision: string, state: RevisionState, context, description, targetUrl) {
      checkRevision(forge, revision);
      await client.send({
        method: 'POST',
        path: `${repository}/statuses/${revision}`,
        body: {
          state,
          context,
          description: cutLine(description, family.maxDescriptionCharacters),
          ...(targetUrl === null ? {} : { target_url: targetUrl }),
        },
        what: `set the status of ${revision.slice(0, 12)} in ${options.repository}`,
        scope: family.statusScope,
      });
    },

    close: () => client.close(),
  };
}
