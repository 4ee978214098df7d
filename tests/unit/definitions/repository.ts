import { parseDefinitions } from '../../../src/domain/definitions/index.js';
import type { Definition, SourceFile } from '../../../src/domain/definitions/definition.js';
import { showProblem } from '../../../src/domain/problem.js';

export type Files = Readonly<Record<string, string>>;

export const toFiles = (files: Files): SourceFile[] => Object.entries(files).map(([path, text]) => ({ path, text }));

/** `steward.yaml` and a definition that is right; each test states only its own difference. */
export const steward = 'namespace: acme\n';
export const minimal = `id: one
name: One
model: res.partner
action: { kind: update_record, set: { ref: x } }
`;

/** The problems of a repository, one line each. */
export function problemsOf(files: Files, environment: string | null = null): string[] {
  const all = 'steward.yaml' in files ? files : { 'steward.yaml': steward, ...files };
  return parseDefinitions(toFiles(all), { environment }).problems.map(showProblem);
}

/** The problems of one definition file, `a.yaml`. */
export const problemsIn = (yaml: string): string[] => problemsOf({ 'a.yaml': yaml });

/** The definitions of a repository that has no errors. */
export function definitionsOf(files: Files, environment: string | null = null): readonly Definition[] {
  const all = 'steward.yaml' in files ? files : { 'steward.yaml': steward, ...files };
  const { set, problems } = parseDefinitions(toFiles(all), { environment });
  if (set === null) throw new Error(problems.map(showProblem).join('\n'));
  return set.definitions;
}

export function definitionOf(yaml: string, more: Files = {}): Definition {
  const [definition] = definitionsOf({ 'a.yaml': yaml, ...more });
  if (definition === undefined) throw new Error('there is no definition');
  return definition;
}
