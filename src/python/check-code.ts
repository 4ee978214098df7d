import type { Problem } from '../domain/problem.js';
import { checkNames, refusesName, reportName } from './check-names.js';
import { Cursor, NotUnderstood } from './cursor.js';
import { parseModule } from './parse-statement.js';
import type { Ruff } from './ruff.js';
import { checkSyntax } from './syntax.js';
import { parseTokens } from './tokens.js';
import { sinceOf } from './versions.js';
import type { PythonRules } from './versions.js';
import { Walk } from './walk.js';

/** Everything that Odoo would refuse in one piece of code, and what looks like a slip. */
export function checkCode(ruff: Ruff, path: string, code: string, rules: PythonRules): Problem[] {
  // Odoo compiles `code.strip()`: blank lines and the first line's indentation go.
  const skipped = code.length - code.trimStart().length;
  const stripped = code.trim();
  const problems: Problem[] = [];
  const lineStarts = startsOfLines(code);
  const report = (severity: 'error' | 'warning', name: string, message: string, at: number): void => {
    problems.push({ severity, code: name, message, at: { file: path, ...position(lineStarts, at + skipped) } });
  };

  const valid = checkSyntax(ruff, stripped, rules, report);
  if (valid) sketch(ruff, stripped, rules, report);
  return problems.sort((a, b) => offsetOf(a) - offsetOf(b));
}

/** Lines first, then columns. */
const offsetOf = ({ at }: Problem): number => (at === null ? 0 : at.line * 1_000_000 + at.column);

function sketch(
  ruff: Ruff,
  code: string,
  rules: PythonRules,
  report: (severity: 'error' | 'warning', name: string, message: string, at: number) => void,
): void {
  const walk = new Walk({
    refused: (message, at) => report('error', 'python_refused', message, at),
    since: (minor, what, instead, at) => {
      const outcome = sinceOf(minor, rules);
      if (outcome === 'error') report('error', 'python_refused', `Odoo refuses ${what}: ${instead}`, at);
      if (outcome === 'warning')
        report('warning', 'python_version', `With a Python before 3.${minor} Odoo refuses ${what}: ${instead}`, at);
    },
    fString: (at) => {
      if (rules.fStringsMayFail)
        report(
          'warning',
          'python_version',
          "Many builds of this Odoo refuse f-strings: use `'…' % …` or `.format(…)`",
          at,
        );
    },
    attribute: (id, at) => {
      if (refusesName(id, rules)) reportName(id, at, report);
    },
  });
  try {
    walk.block(parseModule(new Cursor(parseTokens(ruff.tokens(code), code), code)), walk.module);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    report(
      'warning',
      'python_not_checked',
      `Only the syntax of this file could be checked (${error.message}): please report it`,
      0,
    );
    return;
  }
  checkNames(walk.module, rules, report);
}

function startsOfLines(code: string): number[] {
  const starts = [0];
  for (let index = code.indexOf('\n'); index !== -1; index = code.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function position(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
