import { ForgeError, forgeNames, type ForgeKind } from '../domain/forge/index.js';

/** The steps of `owner/name`; throws `ForgeError` where one would lead elsewhere in the API. */
export function repositorySteps(forge: ForgeKind, repository: string): readonly string[] {
  const steps = repository.split('/');
  const isRight = steps.every((step) => /^[\w.-]+$/.test(step) && !/^\.+$/.test(step));
  if (!isRight || steps.length < 2 || (forge !== 'gitlab' && steps.length > 2))
    throw new ForgeError(
      'forge_refused',
      `The repository's name on ${forgeNames[forge]} is not one: write owner/name`,
      { forge, status: null },
    );
  return steps;
}

/** Throws `ForgeError` for what is no full commit hash. */
export function checkRevision(forge: ForgeKind, revision: string): void {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision))
    throw new ForgeError('forge_refused', 'A status stands at a commit: give its full hash', { forge, status: null });
}

/** Throws `ForgeError` for what is no number of a pull request. */
export function checkNumber(forge: ForgeKind, pullRequest: number): void {
  if (!Number.isSafeInteger(pullRequest) || pullRequest < 1)
    throw new ForgeError('forge_refused', 'A pull request has a number from 1 on', { forge, status: null });
}
