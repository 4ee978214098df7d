import type { ForgePoster, RevisionState } from '../app/service/forge-ports.js';
import { cutLine, ForgeError } from '../domain/forge/index.js';
import { createForgeClient } from './http-client.js';
import { forgeLimits } from './limits.js';
import type { ForgePosterOptions } from './options.js';
import { readCommentPage, writeComment } from './read-comments.js';
import { checkNumber, checkRevision, repositorySteps } from './repository-path.js';
import { upsertComment } from './upsert-comment.js';

const PER_PAGE = 100;
/** GitLab's own limit of a note is 1,000,000; nobody reads that much. */
const MAX_COMMENT_CHARACTERS = 250_000;
const MAX_DESCRIPTION_CHARACTERS = 255;
const SCOPE = 'the scope api and the role Developer';
const states: Readonly<Record<RevisionState, string>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failed',
  error: 'failed',
};

/** gitlab.com and self-managed GitLab (`https://HOST/api/v4`), with a personal, project or group access token. */
export function createGitlabPoster(options: ForgePosterOptions): ForgePoster {
  const forge = 'gitlab';
  const project = `/projects/${repositorySteps(forge, options.repository).join('%2F')}`;
  const client = createForgeClient({ forge, headers: (token) => ({ 'PRIVATE-TOKEN': token }) }, options);
  const maxPages = options.limits?.maxCommentPages ?? forgeLimits.maxCommentPages;

  return {
    async commentOnPullRequest(pullRequest, markdown, marker) {
      checkNumber(forge, pullRequest);
      const call = { what: `comment on merge request ${pullRequest} of ${options.repository}`, scope: SCOPE };
      const notes = `${project}/merge_requests/${pullRequest}/notes`;
      return upsertComment(
        {
          readPage: (page) => {
            const path = `${notes}?sort=asc&order_by=created_at&per_page=${PER_PAGE}&page=${page}`;
            return readCommentPage(client, forge, { ...call, method: 'GET', path }, PER_PAGE);
          },
          create: (body) => writeComment(client, forge, { ...call, method: 'POST', path: notes, body: { body } }),
          update: (id, body) =>
            writeComment(client, forge, { ...call, method: 'PUT', path: `${notes}/${id}`, body: { body } }),
        },
        markdown,
        marker,
        { maxCharacters: MAX_COMMENT_CHARACTERS, maxPages },
      );
    },

    async setStatus(revision, state, context, description, targetUrl) {
      checkRevision(forge, revision);
      const body = {
        state: states[state],
        name: context,
        description: cutLine(description, MAX_DESCRIPTION_CHARACTERS),
        ...(targetUrl === null ? {} : { target_url: targetUrl }),
      };
      const what = `set the status of ${revision.slice(0, 12)} in ${options.repository}`;
      try {
        await client.send({ method: 'POST', path: `${project}/statuses/${revision}`, body, what, scope: SCOPE });
      } catch (error) {
        if (!isThereAlready(error, states[state])) throw error;
      }
    },

    close: () => client.close(),
  };
}

/**
 * GitLab refuses to set a state that stands already: "Cannot transition status via :enqueue from :pending". Refusals of
 * any other change are errors.
 */
function isThereAlready(error: unknown, state: string): boolean {
  if (!(error instanceof ForgeError) || error.status !== 400) return false;
  return /^Cannot transition status via :\w+ from :(\w+)/.exec(error.detail ?? '')?.[1] === state;
}
