import { applyPlan, type ApplyReport } from '../../app/apply-plan.js';
import { ApplyRefused } from '../../app/apply-refused.js';
import { makePlan, type MadePlan, type PlanRequest } from '../../app/make-plan.js';
import { isApplied } from '../../domain/plan/change.js';
import type { ObjectionCode } from '../../domain/plan/guard.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { checkReactivate, planErrors, toRequest, type PlanOptions } from '../plan-options.js';
import { withProgress } from '../progress.js';
import { appliedDocument, showReport } from '../show-report.js';
import { stoppableWriter } from '../stoppable-writer.js';
import type { Session } from '../workspace.js';
import { planDocument, showPlan } from './plan.js';

export interface ApplyCommandOptions extends PlanOptions {
  readonly digest?: string;
  readonly yes?: boolean;
  readonly override?: readonly ObjectionCode[];
  readonly json?: boolean;
  readonly full?: boolean;
}

/** `apply` and `adopt`: shows the plan, asks, and carries it out. */
export async function applyCommand(
  { io, workspace }: Deps,
  name: string | undefined,
  options: ApplyCommandOptions,
  mode: 'sync' | 'adopt' = 'sync',
): Promise<ExitCode> {
  const verb = mode === 'sync' ? 'apply' : 'adopt';
  if (options.yes !== true && (io.ask === null || options.json === true)) {
    const nobody = options.json === true ? 'With --json nobody is asked' : 'Without a terminal nobody can be asked';
    throw new CliError(
      'yes_missing',
      options.digest === undefined
        ? `${nobody}: look at "odoo-steward plan" first, then add --yes to this command.`
        : `${nobody}, and --digest alone is no yes: add --yes to this command.`,
    );
  }
  const space = await workspace();
  const card = chooseInstance(space, name);
  const session = await space.open(card.name, 'sync');
  try {
    const request: PlanRequest = { ...toRequest(options), mode };
    const plan = () => withProgress(io, `Reading ${card.name}`, () => makePlan(session, session.target, request));
    // Where nothing can be recorded nothing is applied: said before anybody is asked.
    const [first, interrupted] = await Promise.all([plan(), session.journal.interrupted(card.name)]);
    let made = first;
    checkReactivate(options, made);
    let digest = options.digest === undefined ? null : fullDigest(options.digest, made);
    // Whoever names the digest has seen the plan; one that has moved since is shown before it is refused.
    const wasSeen = digest === made.plan.digest && options.full !== true;
    if (options.json !== true && !wasSeen) showPlan(io, made, interrupted, options.full ?? false);
    const pending = made.plan.changes.filter(isApplied);
    if (pending.length > 0 && options.yes !== true) {
      // What cannot be applied anyway is refused before anybody is asked.
      if (
        planErrors(made.plan) === 0 &&
        isAllowed(made, options) &&
        (digest ?? made.plan.digest) === made.plan.digest
      ) {
        await askYes(
          io,
          `\nDo you want to ${verb} ${pending.length === 1 ? 'this change' : `these ${pending.length} changes`} on ${card.name} (${card.url})?`,
        );
        digest = made.plan.digest;
        made = await plan();
      }
    }
    const report = await carryOut(io, session, made, digest, options);
    if (options.json === true)
      writeJson(io, { plan: planDocument(io, made, interrupted), applied: appliedDocument(report) });
    else if (pending.length > 0) showReport(io, report);
    return report.outcome === 'applied' ? 0 : 1;
  } finally {
    session.close();
  }
}

const isAllowed = ({ plan }: MadePlan, { override = [] }: ApplyCommandOptions): boolean =>
  plan.objections.every((objection) => override.includes(objection.code));

/** A beginning of the digest will do, as with git; what does not fit the plan is refused by apply itself. */
function fullDigest(digest: string, { plan }: MadePlan): string {
  if (!/^[0-9a-f]{8,64}$/.test(digest))
    throw new CliError(
      'wrong_option',
      '--digest takes at least the first 8 characters of what "plan --json" calls digest.',
    );
  return plan.digest.startsWith(digest) ? plan.digest : digest;
}

async function askYes(io: Io, question: string): Promise<void> {
  const answer = await io.ask?.(`${question} Only "yes" is accepted: `);
  if (answer?.trim() !== 'yes') throw new CliError('declined', 'Nothing was applied.');
}

/** The first Ctrl-C lets the batch in flight end and reports; the second cuts the line. */
async function carryOut(
  io: Io,
  session: Session,
  made: MadePlan,
  digest: string | null,
  options: ApplyCommandOptions,
): Promise<ApplyReport> {
  let interrupts = 0;
  const endInterrupts = io.onInterrupt((count) => {
    interrupts = count;
    io.stderr.write(
      count === 1
        ? '\nStopping after the batch in flight; Ctrl-C again cuts the line, and what Odoo is doing then goes on there.\n'
        : '\nCutting the line: "odoo-steward plan" shows what is left.\n',
    );
    if (count > 1) session.close();
  });
  const { reader, journal } = session;
  const writer = stoppableWriter(session.writer, () => interrupts > 0);
  let step = 'Beginning';
  try {
    return await withProgress(io, `Applying to ${session.target.instance}`, () =>
      applyPlan({ reader, writer, journal, now: io.now }, session.target, made, {
        digest,
        override: options.override ?? [],
        onProgress: (event) => {
          step = event.step;
          if (event.count > 50) io.stderr.write(`${step.replaceAll('_', ' ')}: ${event.count}\n`);
        },
      }),
    );
  } catch (error) {
    if (error instanceof ApplyRefused || interrupts === 0) throw error;
    throw new CliError('interrupted', `Stopped while at "${step}": "odoo-steward plan" shows what is left.`, [], {
      cause: error,
    });
  } finally {
    endInterrupts();
  }
}
