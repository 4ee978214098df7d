import { didYouMean } from './did-you-mean.js';
import type { Path } from './read-yaml.js';
import { setKey } from './yaml-data.js';

export type VariableValue = string | number | boolean;

/** The variables of one environment, and the names that only other environments give a value. */
export interface Variables {
  readonly environment: string | null;
  readonly values: ReadonlyMap<string, VariableValue>;
  readonly elsewhere: ReadonlySet<string>;
}

export type ReportAt = (code: string, message: string, path: Path) => void;

const token = /\$\$\{|\$\{([^}\n]*)(\}?)/g;
const whole = /^\$\{([a-z][a-z0-9_]*)\}$/;

/** Identity and environments decide what exists, so they are the same everywhere. */
const fixed = new Set(['id', 'environments']);

/** Fills in `${name}` in every text; a text that is nothing else takes the variable's type. `$${` stands for `${`. */
export function fillIn(value: unknown, variables: Variables, report: ReportAt): unknown {
  const fill = (node: unknown, path: Path): unknown => {
    if (typeof node === 'string') return node.includes('${') ? fillText(node, path) : node;
    if (Array.isArray(node)) return node.map((item, index) => fill(item, [...path, index]));
    if (typeof node !== 'object' || node === null) return node;
    const filled: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(node)) {
      const next = path.length === 0 && fixed.has(key) ? refuse(item, [key]) : fill(item, [...path, key]);
      setKey(filled, key, next);
    }
    return filled;
  };

  const refuse = (node: unknown, path: Path): unknown => {
    if (Array.isArray(node)) return node.map((item, index) => refuse(item, [...path, index]));
    if (typeof node === 'string' && node.includes('${')) {
      report(
        'unknown_variable',
        `\`${String(path[0])}\` cannot hold a variable: it is the same in every environment`,
        path,
      );
    }
    return node;
  };

  const lookUp = (name: string, path: Path): VariableValue | null => {
    const found = variables.values.get(name);
    if (found !== undefined) return found;
    report('unknown_variable', explainUnknown(name, variables), path);
    return null;
  };

  const fillText = (text: string, path: Path): unknown => {
    const only = whole.exec(text)?.[1];
    if (only !== undefined) return lookUp(only, path) ?? text;
    return text.replace(token, (found, name: string | undefined, close: string | undefined) => {
      if (found === '$${') return '${';
      if (close !== '}' || name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
        report(
          'unknown_variable',
          `\`${found}\` is no variable: write \`\${name}\`, or \`$\${\` for the characters themselves`,
          path,
        );
        return found;
      }
      return String(lookUp(name, path) ?? found);
    });
  };

  return holdsVariable(value) ? fill(value, []) : value;
}

function holdsVariable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsVariable);
}

function explainUnknown(name: string, { environment, values, elsewhere }: Variables): string {
  if (elsewhere.has(name)) {
    const where = environment === null ? 'without an environment' : `in environment \`${environment}\``;
    return `\`\${${name}}\` has no value ${where}: give it one under \`variables\` in steward.yaml`;
  }
  const names = [...new Set([...values.keys(), ...elsewhere])].sort();
  if (names.length === 0) return `\`\${${name}}\` is no variable: add it under \`variables\` in steward.yaml`;
  return `\`\${${name}}\` is no variable of steward.yaml: ${didYouMean(name, names)}`;
}

/** Text that reads back as itself. */
export const escapeVariables = (text: string): string => text.replaceAll('${', () => '$${');
