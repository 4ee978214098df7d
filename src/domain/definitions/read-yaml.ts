import { isMap, LineCounter, parseDocument } from 'yaml';
import type { ParsedNode } from 'yaml';
import { showPlace } from '../problem.js';
import type { Place, Problem } from '../problem.js';
import type { SourceFile } from './definition.js';
import { limits } from './limits.js';
import { yamlToData } from './yaml-data.js';
import type { Path, Spot } from './yaml-data.js';
import { yamlErrorSentence } from './yaml-errors.js';

export type { Path } from './yaml-data.js';

/** A YAML file as plain data that still knows where each value stands. */
export interface YamlFile {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the value at a path stands; for a path that is not written, the key of the nearest thing around it. */
  at(path: Path): Place;
  /** Where the key of the last step of a path stands. */
  keyAt(path: Path): Place;
  /** Dotted path → place, of every value. */
  places(): Record<string, Place>;
}

/** Reads the one mapping that a file holds; null when it cannot be used. */
export function readYaml(file: SourceFile): { readonly yaml: YamlFile | null; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const error = (code: string, message: string, offset: number): null => {
    problems.push({ severity: 'error', code, message, at: placeAt(offset) });
    return null;
  };
  const refuse = (code: string, message: string, offset: number): { yaml: null; problems: Problem[] } => ({
    yaml: error(code, message, offset),
    problems,
  });

  const text = file.text.startsWith('\uFEFF') ? file.text.slice(1) : file.text;
  if (text.length > limits.yamlBytes)
    return refuse('file_too_large', 'This file is larger than 1 MiB: split it, or move text into a .py file', 0);

  // A repeated key is found by yamlToData, with both places; the library's own check is quadratic.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const [first] = document.errors;
  // Later syntax errors are mostly consequences of the first.
  if (first !== undefined) return refuse('yaml_syntax', yamlErrorSentence(first), first.pos[0]);
  const root = document.contents;
  if (!isMap<ParsedNode, ParsedNode | null>(root)) {
    const what = root === null ? 'This file is empty' : 'This file is not a mapping';
    return refuse('yaml_not_a_mapping', `${what}: write \`key: value\` lines, or delete it`, root?.range[0] ?? 0);
  }

  const { data, spot: whole } = yamlToData(root, { error, show: (offset) => showPlace(placeAt(offset)) });
  if (problems.length > 0) return { yaml: null, problems };

  const spot = (path: Path): Spot => {
    let found: Spot = whole;
    for (const step of path) {
      const next = found.inside?.get(step);
      if (next === undefined) return { ...found, value: found.key };
      found = next;
    }
    return found;
  };
  return {
    yaml: {
      path: file.path,
      value: data,
      at: (path) => placeAt(spot(path).value),
      keyAt: (path) => placeAt(spot(path).key),
      places: () => Object.fromEntries(placesIn(whole, '', placeAt)),
    },
    problems,
  };
}

function* placesIn(
  { inside }: Spot,
  prefix: string,
  placeAt: (offset: number) => Place,
): Generator<[path: string, place: Place]> {
  for (const [step, spot] of inside ?? []) {
    const path = `${prefix}${step}`;
    yield [path, placeAt(spot.value)];
    yield* placesIn(spot, `${path}.`, placeAt);
  }
}
