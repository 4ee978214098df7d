import type { Problem } from '../problem.js';
import type { DefinitionSet, SourceFile } from './definition.js';
import { readRepository } from './repository.js';
import { resolveRepository } from './resolve.js';

export interface ParsedDefinitions {
  /** null when there are errors among the problems. */
  readonly set: DefinitionSet | null;
  /** Every mistake of the repository, by place. */
  readonly problems: readonly Problem[];
}

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
