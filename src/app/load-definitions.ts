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
  const { set, elsewhere, problems } = parseDefinitions(tree.files, { environment });
  if (set === null || set.definitions.length > 0) return { tree, set, problems };
  return { tree, set, problems: [nothingFound(tree, elsewhere, environment), ...problems] };
}

/** A wrong folder or branch looks just like this, so that it is said where the definitions were looked for. */
function nothingFound({ description }: SourceTree, elsewhere: readonly string[], environment: string | null): Problem {
  const message =
    elsewhere.length === 0
      ? `There is no definition in ${description}: every .yaml file beside or below its steward.yaml is one, but for what \`ignore\` names. Check the folder and the branch.`
      : `None of the definitions in ${description} exists ${environment === null ? 'without an environment' : `in ${environment}`}: they name ${elsewhere.join(', ')}.`;
  return { severity: 'warning', code: 'no_definitions', message, at: null };
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
