import { makePlan, type MadePlan } from '../../app/make-plan.js';
import { countDrift, renderDriftJson, renderDriftText, toDrift } from '../../domain/plan/render-drift.js';
import { problemJson } from '../../domain/plan/render-json.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError, toFailure, type Failure } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import { planErrors, sayErrors } from '../plan-options.js';
import { withProgress } from '../progress.js';
import type { Workspace } from '../workspace.js';

export interface DriftOptions {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly full?: boolean;
}

/** `drift`: what moved in Odoo since the last apply, and who moved it. */
export async function driftCommand(
  { io, workspace }: Deps,
  name: string | undefined,
  options: DriftOptions,
): Promise<ExitCode> {
  const space = await workspace();
  if (options.all !== true) {
    const made = await planOf(io, space, chooseInstance(space, name).name);
    if (options.json === true)
      writeJson(io, renderDriftJson(made.plan, toDrift(made.plan, made.live), { now: io.now() }));
    else showDrift(io, made, options);
    sayErrors(io, made.plan);
    return exitCode(made);
  }
  if (name !== undefined) throw new CliError('wrong_option', 'Name an instance, or give --all: not both.');
  return driftOfAll(io, space, options);
}

/** One instance that cannot be reached does not hide the others. */
async function driftOfAll(io: Io, space: Workspace, options: DriftOptions): Promise<ExitCode> {
  const documents: unknown[] = [];
  const codes = new Set<ExitCode>();
  for (const { name } of space.instances) {
    try {
      const made = await planOf(io, space, name);
      codes.add(exitCode(made));
      if (options.json === true)
        documents.push(renderDriftJson(made.plan, toDrift(made.plan, made.live), { now: io.now() }));
      else {
        showDrift(io, made, options);
        sayErrors(io, made.plan);
        io.stdout.write('\n');
      }
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'defect') throw error;
      codes.add(1);
      documents.push({ instance: name, error: errorJson(failure) });
      const message = failure.message.startsWith(`${name}:`) ? failure.message : `${name}: ${failure.message}`;
      io.stderr.write(`${message}\n`);
    }
  }
  if (options.json === true) writeJson(io, { instances: documents });
  return codes.has(1) ? 1 : codes.has(2) ? 2 : 0;
}

async function planOf(io: Io, space: Workspace, name: string): Promise<MadePlan> {
  const session = await space.open(name, 'sync');
  try {
    return await withProgress(io, `Reading ${name}`, () => makePlan(session, session.target));
  } finally {
    session.close();
  }
}

function showDrift(io: Io, { plan, live }: MadePlan, { full = false }: DriftOptions): void {
  const options = { palette: paletteFor(io.stdout), now: io.now(), full };
  io.stdout.write(renderDriftText(plan, toDrift(plan, live), options));
}

function exitCode({ plan, live }: MadePlan): ExitCode {
  if (countDrift(toDrift(plan, live)) > 0) return 2;
  return planErrors(plan) > 0 ? 1 : 0;
}

export const errorJson = ({ code, message, problems }: Failure) => ({
  code,
  message,
  ...(problems.length === 0 ? {} : { problems: problems.map(problemJson) }),
});
