import { InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from './deps.js';

/** What a command's help teaches besides its options. */
export interface CommandHelp {
  readonly examples: readonly string[];
  readonly exits: Readonly<Partial<Record<ExitCode, string>>>;
}

export const INSTANCE = 'name of the instance; may be left out when there is one';

export function after({ examples, exits }: CommandHelp): string {
  const codes = ([0, 2, 1] as const).flatMap((code) =>
    exits[code] === undefined ? [] : [`  ${code}  ${exits[code]}`],
  );
  return `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((example) => `  ${example}`).join('\n')}\n\nExit codes:\n${codes.join('\n')}`;
}

export const json = (): Option => new Option('--json', 'print JSON for machines');
export const full = (): Option => new Option('--full', 'show long code as a whole');
export const yes = (): Option => new Option('--yes', 'do not ask; needed where nobody can be asked');
export const prune = (): Option => new Option('--prune', 'delete records of ours that no definition asks for');
export const digest = (): Option =>
  new Option('--digest <digest>', 'refuse any other plan than the one that was looked at (first 8 characters or more)');
export const reactivate = (): Option =>
  new Option(
    '--reactivate <id>',
    'switch this schedule on again although it was switched off in Odoo; all: every one (repeatable)',
  ).argParser(collect);

export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** A list, and not commander's variadic option, which would take the instance's name for one more value. */
export function collectOneOf(choices: readonly string[]) {
  return (value: string, before: readonly string[] | undefined): readonly string[] => {
    if (!choices.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return collect(value, before);
  };
}
