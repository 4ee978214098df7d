import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Problem } from '../../../src/domain/problem.js';
import { pythonChecker } from '../../../src/python/index.js';

interface Snippet {
  readonly name: string;
  readonly code: string;
  /** 'ok', or why it was refused. */
  readonly odoo14: string;
  readonly odoo19: string;
  readonly cpython: 'ok' | 'refused';
}

const fixture = new URL('../../fixtures/python/verdicts.json', import.meta.url);
const { snippets } = JSON.parse(readFileSync(fixture, 'utf8')) as { snippets: readonly Snippet[] };

/** Where we are stricter on purpose: code that can never run, and asserts that can never fail. */
const stricter: Readonly<Record<'14.0' | '19.0', readonly string[]>> = {
  '14.0': ['dunder in dead branch', 'debug dead', 'lambda dead', 'if str'],
  '19.0': [
    ...['assert', 'assert constant message', 'debug dead', 'lambda dead', 'while true else', 'while true after'],
    ...['if str', 'after raise', 'after raise with'],
  ],
};

const checker = pythonChecker();
const check = (code: string, serie: string | null) => checker.check([{ path: 'code.py', code }], serie);
const refuses = (problems: readonly Problem[]) => problems.some(({ severity }) => severity === 'error');

describe.each([
  ['14.0', 'odoo14'],
  ['19.0', 'odoo19'],
] as const)('the check for Odoo %s', (serie, key) => {
  const verdicts = new Map<string, readonly Problem[]>();
  beforeAll(async () => {
    for (const { name, code } of snippets) verdicts.set(name, await check(code, serie));
  });
  const of = (name: string) => verdicts.get(name) ?? [];

  it('lets nothing through that the recorded Odoo refuses, without at least a warning about versions', () => {
    const silent = snippets.filter(
      ({ name, [key]: odoo }) =>
        odoo !== 'ok' && !refuses(of(name)) && !of(name).some(({ code }) => code === 'python_version'),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('refuses outright what Odoo refuses, but for f-strings, which other builds of 14 take', () => {
    const warned = snippets.filter(({ name, [key]: odoo }) => odoo !== 'ok' && !refuses(of(name)));
    expect(warned.filter(({ code }) => !/\bf'/.test(code)).map(({ name }) => name)).toEqual([]);
  });

  it('refuses nothing that the recorded Odoo takes, but for code that can never run', () => {
    const wrong = snippets.filter(({ name, [key]: odoo }) => odoo === 'ok' && refuses(of(name)));
    expect(wrong.map(({ name }) => name)).toEqual(stricter[serie]);
  });

  it('looks closely at every piece of code that Python can read', () => {
    const unseen = snippets.filter(({ name }) => of(name).some(({ code }) => code === 'python_not_checked'));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});

describe('the syntax check', () => {
  /** CPython's own verdicts: of the python3 at hand when it has the recorded version, else as recorded. */
  function cpython(): Map<string, string> {
    const program = [
      'import json, sys, warnings',
      "warnings.simplefilter('ignore')",
      'def verdict(code):',
      '    try:',
      "        compile(code.strip(), '<code>', 'exec')",
      "        return 'ok'",
      '    except (SyntaxError, ValueError):',
      "        return 'refused'",
      'assert sys.version_info[:2] == (3, 11)',
      'print(json.dumps([verdict(s) for s in json.load(sys.stdin)]))',
    ].join('\n');
    const run = spawnSync('python3', ['-c', program], {
      input: JSON.stringify(snippets.map(({ code }) => code)),
      encoding: 'utf8',
    });
    const live = run.status === 0 ? (JSON.parse(run.stdout) as string[]) : null;
    return new Map(snippets.map(({ name, cpython: recorded }, index) => [name, live?.[index] ?? recorded]));
  }

  it('calls code readable exactly when CPython does', async () => {
    const real = cpython();
    const different: string[] = [];
    for (const { name, code } of snippets) {
      const problems = await check(code, '17.0');
      // What a later Python than 3.11 reads is a warning; here it counts as unreadable.
      const newer = problems.some(({ message }) => /^Needs Python 3\.1[2-9]/.test(message));
      const unreadable =
        newer ||
        problems.some(({ message }) => message.startsWith('Python cannot read this')) ||
        problems.some(({ code: c }) => c === 'python_syntax');
      if (unreadable !== (real.get(name) === 'refused')) different.push(name);
    }
    expect(different).toEqual([]);
  });
});
