import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildProgram } from '../../../src/cli/program.js';
import type { Deps } from '../../../src/cli/deps.js';

const path = join(import.meta.dirname, '../../../docs/command-line.md');
const begin = /<!-- generated: [^\n]*-->\n/;
const end = '<!-- end of generated -->';

/** Nothing is run, only printed. */
const unused = (): never => {
  throw new Error('no command is run here');
};
const deps = { io: { now: unused }, workspace: unused } as unknown as Deps;

/** What `odoo-steward help <command>` prints, for every command. */
function manual(): string {
  return buildProgram(deps, '0', unused)
    .commands.map((command) => sections(command, command.name()))
    .join('');
}

function sections(command: Command, name: string): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 100 });
  command.outputHelp();
  const own = `\n### ${name}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`;
  return own + command.commands.map((one) => sections(one, `${name} ${one.name()}`)).join('');
}

describe('docs/command-line.md', () => {
  // UPDATE_GENERATED=1 writes it anew.
  it('shows the help of every command as it is', () => {
    const text = readFileSync(path, 'utf8');
    const mark = begin.exec(text)?.[0] ?? '';
    const [before = '', rest = ''] = text.split(mark);
    const wanted = `${before}${mark}${manual()}\n${end}${rest.slice(rest.indexOf(end) + end.length)}`;
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, wanted);
    expect(readFileSync(path, 'utf8')).toBe(wanted);
  });

  it('has an example and the exit codes for every command', () => {
    for (const section of manual().split('\n### ').slice(1)) {
      expect(section).toMatch(/\nExamples?:\n {2}odoo-steward /);
      expect(section).toMatch(/\nExit codes:\n {2}0 {2}/);
    }
  });
});
