import { checkPython, loadDefinitions } from '../../app/load-definitions.js';
import { hasErrors, inOrder } from '../../domain/problem.js';
import { problemJson } from '../../domain/plan/render-json.js';
import { showSafeLine } from '../../domain/plan/render-safe.js';
import { renderProblems } from '../../domain/plan/render-text.js';
import type { DefinitionSet } from '../../domain/definitions/definition.js';
import type { DefinitionsSource } from '../../app/ports.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError } from '../failure.js';
import { writeJson } from '../io.js';
import { paletteFor } from '../palette.js';
import { withProgress } from '../progress.js';
import type { Workspace } from '../workspace.js';

export interface ValidateOptions {
  readonly source?: string;
  readonly environment?: string;
  readonly odooVersion?: string;
  readonly json?: boolean;
}

/** `validate`: finds every mistake in the definitions; no Odoo is asked. */
export async function validateCommand({ io, workspace }: Deps, options: ValidateOptions): Promise<ExitCode> {
  const space = await workspace({ needsInstance: false });
  const serie = options.odooVersion === undefined ? null : toSerie(options.odooVersion);
  const { source, environment } = await chooseSource(space, options);
  const { tree, set, problems } = await withProgress(io, 'Reading the definitions', async () => {
    const loaded = await loadDefinitions({ source }, environment);
    if (loaded.set === null) return loaded;
    const python = await checkPython(space, loaded.set.definitions, serie);
    return { ...loaded, problems: inOrder([...loaded.problems, ...python]) };
  });
  const valid = set !== null && !hasErrors(problems);
  if (options.json === true) {
    writeJson(io, {
      valid,
      source: tree.description,
      revision: tree.revision,
      environment,
      definitions: set?.definitions.length ?? null,
      problems: problems.map(problemJson),
    });
    return valid ? 0 : 1;
  }
  const palette = paletteFor(io.stdout);
  for (const line of renderProblems(problems, palette)) io.stdout.write(`${line}\n`);
  if (valid) io.stdout.write(palette.bold(`Valid: ${countAll(set)} in ${showSafeLine(tree.description)}.\n`));
  else {
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    io.stderr.write(
      `${errors === 1 ? 'A mistake' : `${errors} mistakes`} in ${showSafeLine(tree.description)}: mend what is listed above.\n`,
    );
  }
  return valid ? 0 : 1;
}

async function chooseSource(
  space: Workspace,
  { source: folder, environment }: ValidateOptions,
): Promise<{ source: DefinitionsSource; environment: string | null }> {
  const [only] = space.instances.length === 1 ? space.instances : [];
  const wanted = environment ?? (folder === undefined ? only?.environment : null) ?? null;
  const source = await space.definitions(
    folder !== undefined
      ? { folder }
      : only !== undefined && only.definitions !== null
        ? { instance: only.name }
        : 'default',
  );
  if (source !== null) return { source, environment: wanted };
  throw new CliError(
    'definitions_missing',
    'Which definitions? Name their folder with --source, or set STEWARD_DEFINITIONS, or run this in the folder that holds steward.yaml.',
  );
}

function toSerie(version: string): string {
  const match = /^(?:saas~)?(\d{2})(?:\.(\d{1,2}))?$/.exec(version);
  if (match === null)
    throw new CliError('wrong_option', `--odoo-version is "${showSafeLine(version)}": write it as 19.0.`);
  return `${match[1] ?? ''}.${match[2] ?? '0'}`;
}

function countAll({ definitions }: DefinitionSet): string {
  const schedules = definitions.filter((one) => one.schedule !== null).length;
  const triggers = definitions.filter((one) => one.trigger !== null).length;
  const noun = definitions.length === 1 ? 'definition' : 'definitions';
  return `${definitions.length} ${noun} (${schedules} with a schedule, ${triggers} with a trigger)`;
}
