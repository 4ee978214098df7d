import { nearest } from '../domain/definitions/index.js';
import { alternativeTo, pythonBuiltIns } from './alternatives.js';
import { allScopes, resolve } from './scope.js';
import type { Scope } from './scope.js';
import { sinceOf } from './versions.js';
import type { PythonRules } from './versions.js';

export type Report = (severity: 'error' | 'warning', code: string, message: string, at: number) => void;

const closure = 'pass it to the function, as a parameter with a default (`def f(x, limit=limit)`)';

/** Whether safe_eval refuses a name for what it is called. */
export function refusesName(id: string, rules: PythonRules): boolean {
  return (id.includes('__') && id !== '__debug__') || rules.unsafeNames.has(id);
}

export function reportName(id: string, at: number, report: Report): void {
  const message = id.includes('__')
    ? `Odoo refuses \`${id}\`: no name may hold two underscores`
    : `Odoo refuses the name \`${id}\`, which leads into Python itself: choose another`;
  report('error', 'python_refused', message, at);
}

/** Judges every name by where it is bound. */
export function checkNames(module: Scope, rules: PythonRules, report: Report): void {
  const scopes = [...allScopes(module)];
  const defined = new Set(module.bound.keys());
  for (const scope of scopes) for (const id of scope.globals.keys()) if (scope.bound.has(id)) defined.add(id);
  // `import *` and `exec` are refused anyway, so what is bound here is all there is.
  const suggestions = [...rules.names, ...defined].filter((name) => name.length > 2);

  for (const scope of scopes) {
    for (const [id, at] of scope.globals) {
      if (defined.has(id))
        report(
          'error',
          'python_refused',
          `Odoo refuses \`global ${id}\`: return the value, or keep it in a dictionary`,
          at,
        );
    }
    for (const { id, at } of scope.stores) {
      const isPlain = scope.kind === 'module' || scope.kind === 'class' || scope.globals.has(id);
      if (isPlain && refusesName(id, rules)) reportName(id, at, report);
    }
    const seen = new Set<string>();
    for (const { id, at } of scope.uses) checkUse(id, at, scope, seen);
  }

  function checkUse(id: string, at: number, scope: Scope, seen: Set<string>): void {
    const owner = resolve(id, scope);
    if (owner === 'local') return;
    if (owner === 'global') {
      if (refusesName(id, rules)) reportName(id, at, report);
      else if (!defined.has(id) && !rules.names.has(id) && id !== '__debug__') reportUndefined(id, at);
      return;
    }
    // One report a name and scope: the rest is mended with it.
    if (seen.has(id)) return;
    seen.add(id);
    if (owner === 'closure') {
      report('error', 'python_refused', `Odoo refuses to use \`${id}\` of the function around: ${closure}`, at);
      return;
    }
    const outcome = sinceOf(12, rules);
    if (outcome === 'ok') return;
    const where = outcome === 'error' ? 'Odoo refuses' : 'With a Python before 3.12 Odoo refuses';
    report(
      outcome,
      outcome === 'error' ? 'python_refused' : 'python_version',
      `${where} to use \`${id}\` from outside in this comprehension: use a \`for\` loop`,
      at,
    );
  }

  function reportUndefined(id: string, at: number): void {
    const alternative = alternativeTo(id);
    if (pythonBuiltIns.has(id)) {
      report(
        'warning',
        'python_unavailable',
        `Not available in Odoo's server actions: \`${id}\`, ${alternative ?? 'do without it'}`,
        at,
      );
      return;
    }
    const near = nearest(id, suggestions);
    const hint = alternative ?? (near === null ? 'give it a value first' : `did you mean \`${near}\`?`);
    report('warning', 'python_undefined', `\`${id}\` is not defined here: ${hint}`, at);
  }
}
