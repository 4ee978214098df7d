import { isApplied, type Change } from '../domain/plan/change.js';
import type { ObjectionCode } from '../domain/plan/guard.js';
import { judgeIdentity } from '../domain/plan/identity.js';
import { prepareWrites } from '../domain/plan/prepare-writes.js';
import { ApplyRefused } from './apply-refused.js';
import { outcomeOf, type ApplyProgress, type ApplyReport } from './apply-report.js';
import { ApplySteps } from './apply-steps.js';
import type { MadePlan, PlanTarget } from './make-plan.js';
import type { ApplyJournal, LiveReader, LiveWriter } from './ports.js';
import { rememberApplied } from './remember-applied.js';
import { reportJson } from './service/report-json.js';
import { verifyWrites } from './verify-writes.js';
import { adoptAndWriteActions, writeSchedulesAndDelete } from './write-changes.js';

export type { AppliedChange, AppliedStatus, ApplyProgress, ApplyReport } from './apply-report.js';

export interface ApplyPorts {
  readonly reader: LiveReader;
  readonly writer: LiveWriter;
  readonly journal: ApplyJournal;
  /** UTC, milliseconds. */
  readonly now: () => number;
}

export interface ApplyOptions {
  /** The digest that was shown to whoever agreed; null: what was just planned. */
  readonly digest: string | null;
  readonly override: readonly ObjectionCode[];
  readonly onProgress?: (event: ApplyProgress) => void;
}

/**
 * Carries out a plan that was just made: writes in batches, then reads back what it wrote. Throws `ApplyRefused` before
 * the first write; after it, every change is reported with what became of it.
 */
export async function applyPlan(
  ports: ApplyPorts,
  target: PlanTarget,
  made: MadePlan,
  options: ApplyOptions,
): Promise<ApplyReport> {
  refuse(made, options);
  const { plan } = made;
  const changes = plan.changes.filter(isApplied);
  const held = plan.changes.filter((change) => !isApplied(change));
  if (changes.length === 0)
    return {
      digest: plan.digest,
      results: [],
      held,
      warnings: [],
      outcome: 'applied',
    };

  const record = await ports.journal.begin({
    instance: target.instance,
    digest: plan.digest,
    total: changes.length,
    revision: plan.revision,
  });
  const steps = new ApplySteps(record, options.onProgress ?? (() => undefined));
  const results = () => changes.flatMap((change) => steps.resultOf(change) ?? []);
  let outcome: ApplyReport['outcome'] = 'failed';
  let report: ApplyReport | null = null;
  try {
    const warning = await writeAndVerify(ports, made, changes, steps, bindUnbound(ports, target, made, steps));
    outcome = outcomeOf(results());
    const warnings = warning === null ? [] : [warning];
    report = { digest: plan.digest, results: results(), held, warnings, outcome };
    return report;
  } finally {
    await record.end(outcome, report === null ? null : reportJson(report));
  }
}

/** At first contact, before anything else is written (clone guard). */
async function bindUnbound(
  { writer, now }: ApplyPorts,
  target: PlanTarget,
  { live }: MadePlan,
  steps: ApplySteps,
): Promise<void> {
  if (judgeIdentity(live.binding, live.identity, target.url).kind !== 'unbound') return;
  steps.progress('bind', 1);
  const { uuid, database, baseUrl } = live.identity;
  await writer.bind({ uuid, database, baseUrl, boundAt: new Date(now()).toISOString() });
}

/**
 * Server actions that stand by themselves, without schedule or children, are read back while schedules are written.
 * Returns what should be known beside the results, or null.
 */
async function writeAndVerify(
  ports: ApplyPorts,
  made: MadePlan,
  changes: readonly Change[],
  steps: ApplySteps,
  bound: Promise<void>,
): Promise<string | null> {
  const wanted = new Map(made.desired.actions.map((action) => [action.id, action] as const));
  // While Odoo is told whose it is.
  const prepared = prepareWrites(changes, wanted, made.live, made.plan.revision);
  await bound;
  await adoptAndWriteActions(ports.writer, prepared, changes, steps);
  const scheduled = new Set(prepared.schedules.map(({ change }) => change.id));
  const [early, late] = partition(
    prepared.actions,
    ({ change }) => !scheduled.has(change.id) && change.after['kind'] !== 'multi',
  );
  const aside = prepared.schedules.length > 0 ? early : [];
  await Promise.all([
    verifyWrites(ports.reader, { actions: aside, schedules: [] }, steps),
    writeSchedulesAndDelete(ports, made, prepared, changes, steps),
  ]);
  const written = changes.flatMap((change) => steps.resultOf(change) ?? []);
  const verified = verifyWrites(
    ports.reader,
    {
      actions: aside === early ? late : prepared.actions,
      schedules: prepared.schedules,
    },
    steps,
  );
  const [warning] = await Promise.all([rememberApplied(ports.writer, made, written), verified]);
  return warning;
}

function refuse({ plan }: MadePlan, options: ApplyOptions): void {
  if (options.digest !== null && options.digest !== plan.digest) {
    throw new ApplyRefused(
      'plan_stale',
      `The plan ${short(options.digest)} is out of date: git or Odoo moved since it was made. Look at the new plan (${short(plan.digest)}) and apply that.`,
    );
  }
  const errors = plan.problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    throw new ApplyRefused(
      'plan_has_errors',
      `The plan has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}: nothing was written.`,
      errors,
    );
  }
  const objections = plan.objections.filter((objection) => !options.override.includes(objection.code));
  if (objections.length > 0) {
    throw new ApplyRefused(
      'guard',
      `${objections.map((objection) => objection.message).join(' ')} Nothing was written. If that is what you want, apply again with ${objections.map((objection) => `--override ${objection.code}`).join(' ')}.`,
    );
  }
}

const short = (digest: string): string => digest.slice(0, 12);

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
