import { makePlan, type MadePlan } from '../../app/make-plan.js';
import type { InterruptedApply } from '../../app/ports.js';
import { renderJson } from '../../domain/plan/render-json.js';
import type { PlanJson } from '../../domain/plan/render-json-schema.js';
import { renderMarkdown } from '../../domain/plan/render-markdown.js';
import { renderText } from '../../domain/plan/render-text.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { fileError } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import {
  checkReactivate,
  interruptedSentence,
  lastInterrupted,
  planErrors,
  sayErrors,
  toRequest,
  type PlanOptions,
} from '../plan-options.js';
import { withProgress } from '../progress.js';

export interface PlanCommandOptions extends PlanOptions {
  readonly json?: boolean;
  readonly out?: string;
  readonly full?: boolean;
}

/** `plan`: shows what apply would change. */
export async function planCommand(
  { io, workspace }: Deps,
  name: string | undefined,
  options: PlanCommandOptions,
): Promise<ExitCode> {
  const space = await workspace();
  const session = await space.open(chooseInstance(space, name).name, 'sync');
  try {
    const { target } = session;
    const [made, interrupted] = await Promise.all([
      withProgress(io, `Reading ${target.instance}`, () => makePlan(session, target, toRequest(options))),
      lastInterrupted(io, session),
    ]);
    checkReactivate(options, made);
    if (options.out !== undefined) await writePlan(io, options.out, made, interrupted);
    if (options.json === true) writeJson(io, planDocument(io, made, interrupted));
    else showPlan(io, made, interrupted, options.full ?? false);
    sayErrors(io, made.plan);
    return planErrors(made.plan) > 0 ? 1 : made.plan.changes.length > 0 ? 2 : 0;
  } finally {
    session.close();
  }
}

/** The plan as text on stdout, with a word on an apply that was cut short. */
export function showPlan(io: Io, { plan }: MadePlan, interrupted: InterruptedApply | null, full: boolean): void {
  const palette = paletteFor(io.stdout);
  const now = io.now();
  if (interrupted !== null && plan.changes.length > 0)
    io.stdout.write(`${palette.warning(interruptedSentence(interrupted, now))}\n\n`);
  io.stdout.write(renderText(plan, { palette, now, full }));
}

export const planDocument = (
  { now }: Pick<Io, 'now'>,
  { plan }: MadePlan,
  interrupted: InterruptedApply | null,
): PlanJson => ({
  ...renderJson(plan, { now: now() }),
  interrupted: interrupted === null ? null : { ...interrupted, written: [...interrupted.written] },
});

async function writePlan(io: Io, path: string, made: MadePlan, interrupted: InterruptedApply | null): Promise<void> {
  const text = path.endsWith('.json')
    ? `${JSON.stringify(planDocument(io, made, interrupted), null, 2)}\n`
    : renderMarkdown(made.plan, { now: io.now() });
  try {
    await io.files.write(path, text);
  } catch (error) {
    throw fileError(path, error);
  }
}
