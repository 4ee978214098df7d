import type { Hint, HintedRepository } from './read-hint.js';
import { isSameRepository, parseRepositoryUrl } from './repository-url.js';

/** Where an instance's definitions come from. */
export interface DefinitionsAddress {
  readonly url: string;
  /** A branch or tag, short or in full; null: the repository's default branch. */
  readonly ref: string | null;
}

/**
 * Whether a delivery is about these definitions: a push to their ref (its deletion included), or a pull request against
 * it. A ping is about none. Where the payload does not name the default branch, any branch counts as it: a fetch too
 * many does no harm.
 */
export function matches(hint: Hint, { url, ref }: DefinitionsAddress): boolean {
  switch (hint.kind) {
    case 'ping':
      return false;
    case 'push':
      return isIn(hint.repository, url) && isRef(hint.ref, ref, hint.repository);
    case 'pull_request':
      return isIn(hint.repository, url) && isRef(`refs/heads/${hint.baseRef}`, ref, hint.repository);
  }
}

/** Whether one of the repository's addresses is this one. */
export function isIn(repository: HintedRepository, url: string): boolean {
  const wanted = parseRepositoryUrl(url);
  if (wanted === null) return false;
  return repository.urls.some((one) => {
    const hinted = parseRepositoryUrl(one);
    return hinted !== null && isSameRepository(hinted, wanted);
  });
}

function isRef(hinted: string, wanted: string | null, { defaultBranch }: HintedRepository): boolean {
  if (wanted === null)
    return defaultBranch === null ? hinted.startsWith('refs/heads/') : hinted === `refs/heads/${defaultBranch}`;
  return [wanted, `refs/${wanted}`, `refs/heads/${wanted}`, `refs/tags/${wanted}`].includes(hinted);
}
