import { dirname, join } from 'node:path';
import { exportDefinitions, type Export } from '../../app/export-definitions.js';
import { loadDefinitions } from '../../app/load-definitions.js';
import type { ExportFilter } from '../../app/ports.js';
import { problemJson } from '../../domain/plan/render-json.js';
import { renderProblems } from '../../domain/plan/render-text.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError, fileError } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import { withProgress } from '../progress.js';
import type { InstanceCard, Workspace } from '../workspace.js';

export interface ExportOptions {
  readonly to: string;
  readonly namespace?: string;
  readonly model?: readonly string[];
  readonly module?: readonly string[];
  readonly kind?: readonly string[];
  readonly name?: string;
  readonly ids?: string;
  readonly scheduled?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `export`: turns what lives in Odoo into definition files. Odoo is only read. */
export async function exportCommand(
  { io, workspace }: Deps,
  name: string | undefined,
  options: ExportOptions,
): Promise<ExitCode> {
  const space = await workspace();
  const card = chooseInstance(space, name);
  const namespace = options.namespace ?? (await knownNamespace(space, card));
  const session = await space.open(card.name, 'sync');
  try {
    const exported = await withProgress(io, `Reading ${card.name}`, () =>
      exportDefinitions(session, toFilter(options), namespace),
    );
    const written = await writeFiles(io, exported, namespace, options);
    if (options.json === true)
      writeJson(io, {
        instance: card.name,
        folder: options.to,
        files: written,
        exported: exported.exported,
        withSchedule: exported.withSchedule,
        problems: exported.problems.map(problemJson),
      });
    else {
      for (const line of renderProblems(exported.problems, paletteFor(io.stdout))) io.stdout.write(`${line}\n`);
      const noun = exported.exported === 1 ? 'action' : 'actions';
      io.stdout.write(
        `Exported ${exported.exported} ${noun} (${exported.withSchedule} with a schedule) to ${options.to}, ${exported.problems.length} left out. Next: look through the files, then "odoo-steward adopt".\n`,
      );
    }
    return 0;
  } finally {
    session.close();
  }
}

async function knownNamespace(space: Workspace, card: InstanceCard): Promise<string> {
  const source = await space.definitions({ instance: card.name });
  const set = source === null ? null : (await loadDefinitions({ source }, card.environment)).set;
  if (set !== null) return set.namespace;
  throw new CliError(
    'namespace_missing',
    'Under which namespace? Name your own with --namespace, such as --namespace acme.',
  );
}

function toFilter({ model, module, kind, name, ids, scheduled }: ExportOptions): ExportFilter {
  if (ids !== undefined && !/^\d{1,10}(,\d{1,10})*$/.test(ids))
    throw new CliError(
      'wrong_option',
      '--ids takes record IDs of server actions with commas between them, such as 57,60.',
    );
  return {
    ...(model === undefined ? {} : { models: model }),
    ...(module === undefined ? {} : { modules: module.map((one) => (one === 'none' ? '' : one)) }),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(name === undefined ? {} : { name }),
    ...(ids === undefined ? {} : { recordIds: ids.split(',').map(Number) }),
    ...(scheduled === undefined ? {} : { scheduled }),
  };
}

/** Nothing that is there is written over without --force: it may hold a person's work. */
async function writeFiles(io: Io, { files }: Export, namespace: string, options: ExportOptions): Promise<string[]> {
  const paths = files.map((file) => ({ ...file, path: join(options.to, file.path) }));
  if (options.force !== true) {
    const there: string[] = [];
    for (const { path } of paths) if (await io.files.exists(path)) there.push(path);
    if (there.length > 0) {
      const more = there.length > 3 ? ` and ${there.length - 3} more` : '';
      throw new CliError(
        'files_exist',
        `${there.slice(0, 3).join(', ')}${more} ${there.length === 1 ? 'is' : 'are'} there already: give another folder, or --force to write over ${there.length === 1 ? 'it' : 'them'}.`,
      );
    }
  }
  const steward = join(options.to, 'steward.yaml');
  const all = (await io.files.exists(steward))
    ? paths
    : [{ path: steward, text: `namespace: ${namespace}\n` }, ...paths];
  for (const { path, text } of all) {
    try {
      await io.files.write(path, text);
    } catch (error) {
      throw fileError(dirname(path), error);
    }
  }
  return all.map(({ path }) => path);
}
