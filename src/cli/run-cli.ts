import { CommanderError, type Command } from 'commander';
import type { Deps, ExitCode } from './deps.js';
import { buildProgram } from './program.js';

export interface CliOptions extends Deps {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly version: string;
  /** Show where a failure came from. */
  readonly debug: boolean;
}

/** Runs one command line and gives its exit code; whatever fails is told in one place, for people or as JSON. */
export async function runCli({ argv, version, debug, ...deps }: CliOptions): Promise<ExitCode> {
  const { io } = deps;
  let code: ExitCode = 0;
  const program = buildProgram(deps, version, (finished) => {
    code = finished;
  });
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Told below, with every other failure.
      outputError: () => undefined,
      getOutHasColors: () => io.stdout.hasColor,
      getErrHasColors: () => io.stderr.hasColor,
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (
      error instanceof CommanderError &&
      ['commander.helpDisplayed', 'commander.version', 'commander.help'].includes(error.code)
    )
      return error.exitCode === 0 ? 0 : 1;
    await tell(deps, error, argv.includes('--json'), debug);
    return 1;
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

async function tell({ io }: Deps, error: unknown, asJson: boolean, debug: boolean): Promise<void> {
  const { CliError, toFailure } = await import('./failure.js');
  const failure = toFailure(
    error instanceof CommanderError ? new CliError('wrong_usage', usageSentence(error)) : error,
  );
  if (debug && error instanceof Error) io.stderr.write(`${error.stack ?? String(error)}\n`);
  if (asJson) {
    const { problemJson } = await import('../domain/plan/render-json.js');
    const { writeJson } = await import('./io.js');
    const { code, message, problems } = failure;
    const more = problems.length === 0 ? {} : { problems: problems.map(problemJson) };
    writeJson(io, { error: { code, message, ...more } });
    return;
  }
  const { renderProblems } = await import('../domain/plan/render-text.js');
  const { showSafeLine } = await import('../domain/plan/render-safe.js');
  const { paletteFor } = await import('./palette.js');
  const palette = paletteFor(io.stderr);
  for (const line of renderProblems(failure.problems, palette)) io.stderr.write(`${line}\n`);
  io.stderr.write(`${palette.error('Error:')} ${showSafeLine(failure.message)}\n`);
}

/** `error: unknown option '--jsn'\n(Did you mean --json?)` as one sentence. */
function usageSentence({ message }: CommanderError): string {
  const words = message
    .replace(/^error: /, '')
    .replace(/\.?\n\(/, ' (')
    .replace(/\.$/, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}; "odoo-steward help" lists the commands.`;
}
