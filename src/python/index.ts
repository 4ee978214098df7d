import { createHash } from 'node:crypto';
import type { PythonChecker, PythonFile } from '../app/ports.js';
import type { Problem } from '../domain/problem.js';
import { checkCode } from './check-code.js';
import { loadRuff } from './ruff.js';
import type { Ruff } from './ruff.js';
import { rulesOf } from './versions.js';
import type { PythonRules } from './versions.js';

/** Answers that are kept; a repository is checked again and again, and most of its code stays the same. */
const kept = 20_000;

/** Checks server-action code as the safe_eval of a version of Odoo would, with positions. Loads ruff with the first code. */
export function pythonChecker(): PythonChecker {
  let ruff: Promise<Ruff> | null = null;
  const answers = new Map<string, readonly Problem[]>();
  return {
    async check(files: readonly PythonFile[], serie: string | null): Promise<readonly Problem[]> {
      const rules = rulesOf(serie);
      const problems: Problem[] = [];
      for (const { path, code } of files) {
        const key = createHash('sha256')
          .update(JSON.stringify([serie, path, code]))
          .digest('base64');
        let answer = answers.get(key);
        if (answer === undefined) {
          answer = checkSafely(await (ruff ??= loadRuff()), path, code, rules);
          if (answers.size >= kept) answers.clear();
          answers.set(key, answer);
        }
        problems.push(...answer);
      }
      return problems;
    },
  };
}

/** A fault of the checker itself must not stop a deployment: Odoo checks the code again. */
function checkSafely(ruff: Ruff, path: string, code: string, rules: PythonRules): readonly Problem[] {
  try {
    return checkCode(ruff, path, code, rules);
  } catch (error) {
    const message = `This file could not be checked (${error instanceof Error ? error.message : String(error)}): please report it`;
    return [{ severity: 'warning', code: 'python_not_checked', message, at: { file: path, line: 1, column: 1 } }];
  }
}
