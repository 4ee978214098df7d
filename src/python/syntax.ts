import type { Report } from './check-names.js';
import type { Ruff } from './ruff.js';
import { sinceOf } from './versions.js';
import type { PythonRules } from './versions.js';

/** Rules of ruff that CPython's compiler has as errors, besides plain syntax errors. */
const fatal = /^(?:invalid-syntax|E9\d\d|F404|F406|F622|F70[12467]|PLE0115|PLE0117|PLE0118)$/;
const newer = /\(.*(?:added|changed|relaxed|supported).* in Python 3\.(\d+)\)/i;

/** Reports what the compiler would not take; false when there is no use in looking closer. */
export function checkSyntax(ruff: Ruff, code: string, rules: PythonRules, report: Report): boolean {
  const starts = [0];
  for (let index = code.indexOf('\n'); index !== -1; index = code.indexOf('\n', index + 1)) starts.push(index + 1);
  let valid = true;
  for (const { code: rule, message, row, column } of ruff.check(code, `py3${Math.max(rules.python[0], 7)}`)) {
    const at = (starts[row - 1] ?? code.length) + column - 1;
    const sentence = message.replace(/^SyntaxError: /, '').replace(/\.$/, '');
    const since = newer.exec(message)?.[1];
    if (since !== undefined) {
      const outcome = sinceOf(Number(since), rules);
      if (outcome === 'error')
        report('error', 'python_syntax', `${sentence}: write it as older versions of Python do`, at);
      if (outcome === 'warning')
        report('warning', 'python_version', `Needs Python 3.${since} or later on the Odoo server: ${sentence}`, at);
      valid &&= outcome !== 'error';
    } else if (rule === null || fatal.test(rule)) {
      report('error', 'python_syntax', `Python cannot read this: ${sentence}`, at);
      // What follows a syntax error is mostly its consequence; CPython stops there, too.
      if (rule === null || rule === 'invalid-syntax') return false;
      valid = false;
    } else {
      report('warning', 'python_slip', sentence, at);
    }
  }
  return valid;
}
