import type { Problem } from '../problem.js';
import type { SourceFile } from './definition.js';
import { readRepository } from './repository.js';
import { resolveRepository, type ParsedDefinitions } from './resolve.js';

/**
 * The definitions of a repository for one environment; null: for an instance that has none, where definitions that
 * name environments are left out.
 */
export function parseDefinitions(
  files: readonly SourceFile[],
  options: { readonly environment: string | null },
): ParsedDefinitions {
  return resolveRepository(readRepository(files), options.environment);
}

/** Every mistake of a repository in any of its environments, for `validate`, which has no instance in view. */
export function checkDefinitions(files: readonly SourceFile[]): readonly Problem[] {
  const repository = readRepository(files);
  const declared = Object.keys(repository.steward?.environments ?? {});
  const environments = declared.length === 0 ? [null] : declared;
  const seen = new Map<string, Problem>();
  for (const environment of environments) {
    for (const problem of resolveRepository(repository, environment).problems)
      seen.set(JSON.stringify(problem), problem);
  }
  return [...seen.values()];
}
