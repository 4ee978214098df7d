import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Deps } from '../../../src/cli/deps.js';
import { buildProgram } from '../../../src/cli/program.js';
import { variableNames } from '../../../src/settings/variables.js';

const root = join(import.meta.dirname, '../../..');
const list = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const pages = ['README.md', ...list('docs'), ...list('docs/decisions')].map((path): [path: string, text: string] => [
  path,
  readFileSync(join(root, path), 'utf8'),
]);
const unused = (): never => {
  throw new Error('nothing is run here');
};
const program = buildProgram({ io: { now: unused }, workspace: unused } as unknown as Deps, '0', unused);
const commandNames = program.commands.map((command) => command.name());
const ours = ['docs/api.md', 'docs/deployment.md', 'docs/service.md'].map((path): [path: string, text: string] => [
  path,
  pages.find(([name]) => name === path)?.[1] ?? '',
]);

describe('the documentation', () => {
  it.each(pages)('%s links to what is there', (path, text) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^(https?:|#)/.test(link)).map((link) => link.split('#')[0] ?? '');
    expect(local.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
  });

  it('numbers its decisions one after the other, each in the same form', () => {
    const decisions = pages.filter(([path]) => path.startsWith('docs/decisions/'));
    decisions.forEach(([path, text], index) => {
      expect(path).toContain(`/${String(index + 1).padStart(4, '0')}-`);
      expect(text).toMatch(new RegExp(`^# ${index + 1}\\. `));
      for (const part of ['Context', 'Choice', 'Consequence']) expect(text).toContain(`**${part}.**`);
    });
  });

  it.each(ours)('%s names variables that are read', (_path, text) => {
    const named = [...text.matchAll(/\b(?:STEWARD|ODOO)_[A-Z_]+\b|\bDATABASE_URL\b/g)].map(([name]) => name);
    const known: readonly string[] = variableNames;
    expect(named.filter((name) => !known.includes(name) && !name.startsWith('STEWARD_SECRET_'))).toEqual([]);
  });

  it.each(ours)('%s shows commands that there are', (_path, text) => {
    const shown = [...text.matchAll(/(?:^|[`"' ])odoo-steward ([a-z]+)\b/gm)].map(([, name = '']) => name);
    const words = ['odoo-steward', 'listens'];
    expect(shown.filter((name) => !commandNames.includes(name) && !words.includes(name))).toEqual([]);
  });

  it.each(ours)('%s has YAML and JSON that can be read', (_path, text) => {
    for (const [, json = ''] of text.matchAll(/^```json\n([\s\S]*?)^```/gm))
      expect(() => JSON.parse(json) as unknown).not.toThrow();
    for (const [, yaml = ''] of text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)) expect(parse(yaml)).toBeTruthy();
  });
});
