import { parseDefinitions } from '../domain/definitions/index.js';
import type { Definition, DefinitionSet } from '../domain/definitions/definition.js';
import type { Problem } from '../domain/problem.js';
import type { DefinitionsSource, PythonChecker, SourceTree } from './ports.js';

export interface LoadedDefinitions {
  readonly tree: SourceTree;
  /** null when there are errors among the problems. */
  readonly set: DefinitionSet | null;
  readonly problems: readonly Problem[];
}

/** Reads definitions at a revision and finds every mistake in them; Python is checked apart, when the version is known. */
export async function loadDefinitions(
  ports: { readonly source: DefinitionsSource },
  environment: string | null,
  signal?: AbortSignal,
): Promise<LoadedDefinitions> {
  const tree = await ports.source.read(signal);
  return { tree, ...parseDefinitions(tree.files, { environment }) };
}

/** Checks the code of definitions as Odoo's interpreter of that version would; null: by the rules of every version. */
export async function checkPython(
  ports: { readonly python: PythonChecker },
  definitions: readonly Definition[],
  serie: string | null,
): Promise<readonly Problem[]> {
  const files = new Map<string, string>();
  for (const { action } of definitions) {
    if (action.spec.kind === 'code') files.set(action.spec.codeFile, action.spec.code);
  }
  if (files.size === 0) return [];
  return ports.python.check(
    [...files].map(([path, code]) => ({ path, code })),
    serie,
  );
}
