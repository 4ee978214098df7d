import { z } from 'zod';
import type { Place, Problem } from '../problem.js';
import { didYouMean } from './did-you-mean.js';
import type { Path, YamlFile } from './read-yaml.js';

type Issue = z.core.$ZodIssue;

/** What to write for a key that is missing. */
const examples: Readonly<Record<string, string>> = {
  namespace: 'namespace: your_company',
  id: 'id: close_old_quotes',
  name: 'name: Close old quotes',
  model: 'model: sale.order',
  action: 'action: {kind: code, code: close-old-quotes.py}',
  kind: 'kind: code',
  code: 'code: close-old-quotes.py',
  set: 'set: {state: done}',
  creates: 'creates: res.partner',
  values: 'values: {name: New}',
  copies: 'copies: project.task',
  record: 'record: base.main_partner',
  actions: 'actions: [first_id, second_id]',
  url: 'url: {secret: NAME}',
  template: 'template: module.name',
  type: 'type: mail.mail_activity_data_todo',
  every: 'every: 1 day',
  number: 'number: 1',
  unit: 'unit: days',
  in: 'in: 3',
  roles: 'roles: [support]',
  domain: 'domain: [[state, "=", draft]]',
  value: 'value: something',
  secret: 'secret: NAME',
};

const wanted: Readonly<Record<string, string>> = {
  string: 'write text',
  number: 'write a number',
  int: 'write a whole number',
  boolean: 'write true or false',
  object: 'write a mapping (`key: value`)',
  record: 'write a mapping (`key: value`)',
  array: 'write a list, such as [one, two]',
};

/** Checks a file against a schema; every mistake with its place, in our words. */
export function checkSchema<S extends z.ZodType>(
  schema: S,
  value: unknown,
  yaml: YamlFile,
): { written: z.output<S> | null; problems: Problem[] } {
  // zod's issues do not say which keys would have been right, only the schema does.
  const knownKeys = new WeakMap<readonly string[], readonly string[]>();
  const result = schema.safeParse(value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject)
        knownKeys.set(issue.keys, Object.keys(issue.inst.shape));
      return wording(issue);
    },
  });
  if (result.success) return { written: result.data, problems: [] };
  const toProblem = (code: string, message: string, at: Place): Problem => ({ severity: 'error', code, message, at });
  // A value that breaks several rules needs one sentence; unknown keys share the path of their mapping.
  const seen = new Set<string>();
  const issues = result.error.issues.filter((issue) => {
    const path = JSON.stringify(issue.path);
    const again = issue.code !== 'unrecognized_keys' && seen.has(path);
    if (issue.code !== 'unrecognized_keys') seen.add(path);
    return !again;
  });
  const problems = issues.flatMap((issue) => describe(issue, [], value, yaml, knownKeys, toProblem));
  return { written: null, problems };
}

/** The second half of a sentence, where the schema itself has none. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wanted[issue.expected] ?? `write ${issue.expected}`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'set'
        ? 'name at least one'
        : `write at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' ? `write at most ${issue.maximum} characters` : `write at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function describe(
  issue: Issue,
  prefix: Path,
  root: unknown,
  yaml: YamlFile,
  knownKeys: WeakMap<readonly string[], readonly string[]>,
  toProblem: (code: string, message: string, at: Place) => Problem,
): Problem[] {
  const path: Path = [...prefix, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const value = valueAt(root, path);
  const label = labelOf(path);

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        toProblem(
          'unknown_key',
          `\`${key}\` is not known here: ${didYouMean(key, knownKeys.get(issue.keys) ?? [])}`,
          yaml.keyAt([...path, key]),
        ),
      );
    case 'invalid_key':
      return [
        toProblem(
          'wrong_key',
          `\`${String(path.at(-1))}\` cannot be a key here: ${issue.issues[0]?.message ?? 'write another'}`,
          yaml.keyAt(path),
        ),
      ];
    case 'invalid_union': {
      if (value === undefined) return [missing(path, yaml, toProblem)];
      const kinds = (issue as { options?: readonly unknown[] }).options;
      if (kinds !== undefined) {
        return [
          toProblem(
            'wrong_value',
            `${label} is ${show(value)}: ${didYouMean(typeof value === 'string' ? value : '', kinds.map(String))}`,
            yaml.at(path),
          ),
        ];
      }
      // The variant that has the value's shape is the one that was meant.
      const meant = issue.errors.filter((errors) => !errors.some(isAnotherShape));
      if (meant.length === 1)
        return (meant[0] ?? []).flatMap((error) => describe(error, path, root, yaml, knownKeys, toProblem));
      return [toProblem('wrong_value', `${label} is ${show(value)}: ${issue.message}`, yaml.at(path))];
    }
    case 'invalid_type':
      if (value === undefined) return [missing(path, yaml, toProblem)];
      return [toProblem('wrong_type', `${label} is ${show(value)}: ${typeHint(value, issue)}`, yaml.at(path))];
    case 'invalid_value': {
      if (value === undefined) return [missing(path, yaml, toProblem)];
      const hint =
        typeof value === 'string'
          ? didYouMean(value, issue.values.map(String))
          : `write one of ${issue.values.map((v) => `\`${String(v)}\``).join(', ')}`;
      return [toProblem('wrong_value', `${label} is ${show(value)}: ${hint}`, yaml.at(path))];
    }
    default:
      if (isObject(value))
        return [
          toProblem('wrong_value', `${label}: ${issue.message}`, path.length === 0 ? yaml.at(path) : yaml.keyAt(path)),
        ];
      return [toProblem('wrong_value', `${label} is ${show(value)}: ${issue.message}`, yaml.at(path))];
  }
}

function missing(
  path: Path,
  yaml: YamlFile,
  toProblem: (code: string, message: string, at: Place) => Problem,
): Problem {
  const key = String(path.at(-1));
  const example = Object.hasOwn(examples, key) ? examples[key] : undefined;
  return toProblem(
    'missing_key',
    `\`${key}\` is missing: add it${example === undefined ? '' : `, for example \`${example}\``}`,
    yaml.keyAt(path.slice(0, -1)),
  );
}

function typeHint(value: unknown, issue: Issue & { code: 'invalid_type' }): string {
  if (issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return 'put it in quotes to make it text';
  if (issue.expected === 'string' && value === null)
    return `${issue.message} (what begins with \`#\` needs quotes, or YAML takes it for a comment)`;
  return issue.message;
}

/** `groups`, or `groups` item 2. */
function labelOf(path: Path): string {
  const step = path.at(-1);
  if (step === undefined) return 'This file';
  if (typeof step === 'string') return `\`${step}\``;
  const list = path.findLast((s) => typeof s === 'string');
  return list === undefined ? `Item ${step + 1}` : `\`${list}\` item ${step + 1}`;
}

function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') {
    const line = value.replaceAll('\n', '⏎');
    return `\`${line.length > 60 ? `${line.slice(0, 57)}…` : line}\``;
  }
  return `${typeof value === 'number' ? 'the number ' : ''}\`${JSON.stringify(value)}\``;
}

/** A variant of a union that is for quite another type of value. */
const isAnotherShape = (issue: Issue): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' ||
    (issue.code === 'invalid_union' && issue.errors.every((errors) => errors.some(isAnotherShape))));

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
