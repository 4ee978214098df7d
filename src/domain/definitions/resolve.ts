import { hasErrors, inOrder, type Problem } from '../problem.js';
import type { Definition, DefinitionSet } from './definition.js';
import { didYouMean, nearest } from './did-you-mean.js';
import { checkDefinition } from './definition-rules.js';
import * as multiRules from './multi-rules.js';
import { resolveFrom } from './paths.js';
import type { Path, YamlFile } from './read-yaml.js';
import type { CodeFile, Repository } from './repository.js';
import { environmentsAreKnown, idsAreUnique, nothingIsAdoptedTwice } from './rules.js';
import type { Entry, Rule } from './rules.js';
import { checkSchema } from './schema-problems.js';
import { toDefinition } from './to-definition.js';
import { fillIn } from './variables.js';
import type { VariableValue, Variables } from './variables.js';
import { writtenDefinition } from './written-definition.js';
import type { WrittenDefinition } from './written-definition.js';
import type { WrittenSteward } from './written-steward.js';

export interface ParsedDefinitions {
  /** null when there are errors among the problems. */
  readonly set: DefinitionSet | null;
  /** Environments that definitions name which do not exist in this one. */
  readonly elsewhere: readonly string[];
  /** Every mistake of the repository, by place. */
  readonly problems: readonly Problem[];
}

const rules: readonly Rule[] = [
  idsAreUnique,
  environmentsAreKnown,
  nothingIsAdoptedTwice,
  multiRules.multiActionsExist,
  multiRules.multiActionsExistWhereTheyAreNeeded,
  multiRules.multiActionsShareTheModel,
  multiRules.multiActionsShareTheGroups,
  multiRules.multiActionsDoNotRunInCircles,
];

/** Stands in while steward.yaml itself is wrong, so that the definitions' own mistakes are shown in the same go. */
const unknownSteward: WrittenSteward = { namespace: 'unknown' };

/** Fills in the variables of one environment and checks everything. */
export function resolveRepository(repository: Repository, environment: string | null): ParsedDefinitions {
  const { steward } = repository;
  const problems: Problem[] = [...repository.problems];
  const declared = steward?.environments === undefined ? null : Object.keys(steward.environments);
  if (declared !== null && environment !== null && !declared.includes(environment)) {
    const message = `The environment \`${environment}\` is not among \`environments\`: ${didYouMean(environment, declared)}`;
    problems.push({
      severity: 'error',
      code: 'unknown_environment',
      message,
      at: repository.stewardYaml?.keyAt(['environments']) ?? null,
    });
  }

  const usedCode = new Set<string>();
  const variablesIn = rememberVariables(steward);
  const entries = repository.definitions.map((yaml) =>
    resolveFile(yaml, { repository, environment, variablesIn, usedCode, problems }),
  );
  for (const rule of rules) {
    rule({
      namespace: steward === null ? unknownSteward.namespace : steward.namespace,
      environments: declared,
      entries,
      isWhole: repository.unread.length === 0,
      report: (severity, code, message, entry, path) =>
        problems.push({ severity, code, message, at: entry.yaml.at(path) }),
    });
  }
  // A definition that cannot be read may be the one that uses it.
  if (repository.unread.length === 0) problems.push(...unusedCode(repository, usedCode));

  const sorted = inOrder(problems);
  const elsewhere = entries.flatMap(({ included, definition }) => (included ? [] : (definition?.environments ?? [])));
  const rest = { elsewhere: [...new Set(elsewhere)].sort(), problems: sorted };
  if (steward === null || hasErrors(sorted)) return { set: null, ...rest };
  const definitions = entries.flatMap((entry) =>
    entry.included && entry.definition !== null ? [entry.definition] : [],
  );
  return {
    set: { namespace: steward.namespace, definitions: definitions.sort((a, b) => (a.id < b.id ? -1 : 1)) },
    ...rest,
  };
}

interface Resolving {
  readonly repository: Repository;
  readonly environment: string | null;
  readonly variablesIn: (environment: string | null) => Variables;
  readonly usedCode: Set<string>;
  readonly problems: Problem[];
}

function resolveFile(yaml: YamlFile, { repository, environment, variablesIn, usedCode, problems }: Resolving): Entry {
  const wanted = writtenEnvironments(yaml);
  const included = wanted === null || (environment !== null && wanted.includes(environment));
  const variables = variablesIn(included ? environment : (wanted[0] ?? null));

  const own: Problem[] = [];
  const unresolved = new Set<string>();
  const filled = fillIn(yaml.value, variables, (code, message, path) => {
    unresolved.add(JSON.stringify(yaml.at(path)));
    // Without a readable steward.yaml nothing is known about variables.
    if (repository.steward !== null) own.push({ severity: 'error', code, message, at: yaml.at(path) });
  });
  const checked = checkSchema(writtenDefinition, filled, yaml);
  // What a variable without a value would have been, nobody knows: its place has its problem already.
  own.push(...checked.problems.filter((p) => !unresolved.has(JSON.stringify(p.at))));

  const codeFile = findCode(yaml, filled, repository.code, own);
  if (codeFile !== null && !usedCode.has(codeFile.file)) own.push(...codeFile.problems);
  if (codeFile !== null) usedCode.add(codeFile.file);
  else if (own.length > 0) for (const file of namedCode(filled, yaml, repository.code)) usedCode.add(file);

  let definition: Definition | null = null;
  if (checked.written !== null) {
    const error = (code: string, message: string, path: Path): void =>
      void own.push({ severity: 'error', code, message, at: yaml.at(path) });
    const written: WrittenDefinition = checked.written;
    definition = toDefinition(
      written,
      yaml,
      repository.steward ?? unknownSteward,
      codeFile ?? { text: '', file: '' },
      error,
    );
    own.push(...checkDefinition(definition, yaml));
  }
  problems.push(...own);
  const { id } = yaml.value;
  return { yaml, id: typeof id === 'string' ? id : null, definition, included };
}

function writtenEnvironments(yaml: YamlFile): string[] | null {
  const { environments } = yaml.value;
  return Array.isArray(environments) ? environments.filter((e) => typeof e === 'string') : null;
}

/** The same for every file, so that they are put together once for each environment. */
function rememberVariables(steward: WrittenSteward | null): Resolving['variablesIn'] {
  const known = new Map<string | null, Variables>();
  return (environment) => {
    const variables = known.get(environment) ?? variablesOf(steward, environment);
    known.set(environment, variables);
    return variables;
  };
}

function variablesOf(steward: WrittenSteward | null, environment: string | null): Variables {
  const values = new Map<string, VariableValue>(Object.entries(steward?.variables ?? {}));
  const elsewhere = new Set<string>();
  for (const [name, written] of Object.entries(steward?.environments ?? {})) {
    for (const [variable, value] of Object.entries(written?.variables ?? {})) {
      if (name === environment) values.set(variable, value);
      else elsewhere.add(variable);
    }
  }
  return { environment, values, elsewhere };
}

function findCode(
  yaml: YamlFile,
  filled: unknown,
  code: ReadonlyMap<string, CodeFile>,
  problems: Problem[],
): ({ readonly file: string } & CodeFile) | null {
  const { action } = filled as { action?: { kind?: unknown; code?: unknown } | null };
  const written = action?.kind === 'code' ? action.code : undefined;
  // The schema has said what is wrong with anything else.
  if (typeof written !== 'string' || !written.endsWith('.py') || written.includes('\\')) return null;
  const error = (name: string, message: string): null => {
    problems.push({ severity: 'error', code: name, message, at: yaml.at(['action', 'code']) });
    return null;
  };
  const file = resolveFrom(yaml.path, written);
  if (file === null)
    return error('code_outside', `\`${written}\` leads out of the definitions: move the file into their folder`);
  const found = code.get(file);
  if (found !== undefined) return { file, ...found };
  const near = nearest(file, [...code.keys()]);
  return error(
    'code_missing',
    `There is no file \`${file}\`: ${near === null ? 'write it, or mend the path' : `did you mean \`${near}\`?`}`,
  );
}

/** The code that a definition with mistakes may mean: every path in it, or the one that is nearest to it. */
function namedCode(value: unknown, yaml: YamlFile, code: ReadonlyMap<string, CodeFile>): string[] {
  if (typeof value === 'string') {
    const file = value.endsWith('.py') ? resolveFrom(yaml.path, value) : null;
    if (file === null) return [];
    return [code.has(file) ? file : (nearest(file, [...code.keys()]) ?? file)];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item) => namedCode(item, yaml, code));
}

const unusedCode = (repository: Repository, used: ReadonlySet<string>): Problem[] =>
  [...repository.code.keys()]
    .filter((file) => !used.has(file))
    .map((file) => ({
      severity: 'warning',
      code: 'code_unused',
      message: 'No definition uses this file: name it in one, or delete it',
      at: { file, line: 1, column: 1 },
    }));
