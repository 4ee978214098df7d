import { OdooError } from '../domain/odoo-error.js';
import { isApplied, type Change } from '../domain/plan/change.js';
import { judgeIdentity } from '../domain/plan/identity.js';
import type { ObjectionCode } from '../domain/plan/guard.js';
import { nextRun } from '../domain/plan/next-run.js';
import { prepareWrites, type PreparedAction, type PreparedSchedule } from '../domain/plan/prepare-writes.js';
import type { DesiredAction, LiveAction, LiveSchedule, ObjectKind } from '../domain/plan/state.js';
import { unverifiedFields } from '../domain/plan/verify.js';
import { ApplyRefused } from './apply-refused.js';
import type { MadePlan, PlanTarget } from './make-plan.js';
import type { ApplyJournal, ApplyRecord, LiveReader, LiveWriter, WriteResult, WriteStatus } from './ports.js';

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

export interface ApplyProgress {
  readonly step: 'bind' | 'server_actions' | 'schedules' | 'deletes' | 'adopt' | 'verify';
  readonly count: number;
}

/** `unverified`: Odoo said yes, and reading back shows otherwise. */
export type AppliedStatus = WriteStatus | 'unverified';

export interface AppliedChange {
  readonly change: Change;
  readonly status: AppliedStatus;
  readonly recordId: number | null;
  readonly message: string | null;
}

export interface ApplyReport {
  readonly digest: string;
  readonly results: readonly AppliedChange[];
  /** Changes that were left alone on purpose (prune, reactivate). */
  readonly held: readonly Change[];
  readonly outcome: 'applied' | 'partly' | 'failed';
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
  const { plan, live } = made;
  const changes = plan.changes.filter(isApplied);
  const held = plan.changes.filter((change) => !isApplied(change));
  if (changes.length === 0) return { digest: plan.digest, results: [], held, outcome: 'applied' };

  const record = await ports.journal.begin({ instance: target.instance, digest: plan.digest, total: changes.length });
  const results = new Map<string, AppliedChange>();
  let outcome: ApplyReport['outcome'] = 'failed';
  try {
    if (judgeIdentity(live.binding, live.identity, target.url).kind === 'unbound') {
      options.onProgress?.({ step: 'bind', count: 1 });
      const { uuid, database, baseUrl } = live.identity;
      await ports.writer.bind({ uuid, database, baseUrl, boundAt: new Date(ports.now()).toISOString() });
    }
    await writeAll(ports, made, changes, record, results, options);
    outcome = outcomeOf([...results.values()]);
  } finally {
    await record.end(outcome);
  }
  return { digest: plan.digest, results: changes.flatMap((change) => results.get(keyOf(change)) ?? []), held, outcome };
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

async function writeAll(
  ports: ApplyPorts,
  made: MadePlan,
  changes: readonly Change[],
  record: ApplyRecord,
  results: Map<string, AppliedChange>,
  options: ApplyOptions,
): Promise<void> {
  const wanted = new Map<string, DesiredAction>(made.desired.actions.map((action) => [action.id, action]));
  const prepared = prepareWrites(changes, wanted, made.live, made.plan.revision);
  let stopped: string | null = null;
  const step: Step = async (name, object, batch, write) => {
    if (batch.length === 0) return;
    options.onProgress?.({ step: name, count: batch.length });
    const answers = await attempt(write, stopped);
    stopped ??= answers.stoppedBy;
    await record.wrote(answers.results);
    const byId = new Map(answers.results.map((answer) => [answer.externalId, answer] as const));
    for (const { change } of batch) {
      const answer = byId.get(change.externalId);
      results.set(`${object}|${change.externalId}`, {
        change,
        status: answer?.status ?? answers.otherwise.status,
        recordId: answer?.recordId ?? null,
        message: answer === undefined ? answers.otherwise.message : answer.message,
      });
    }
  };

  const adopts = changes.filter((change) => change.op === 'adopt');
  for (const object of ['server_action', 'scheduled_action'] as const) {
    const batch = adopts.filter((change) => change.object === object);
    await step(
      'adopt',
      object,
      batch.map((change) => ({ change })),
      () => ports.writer.adopt(batch.map(({ externalId, recordId }) => ({ object, externalId, recordId }))),
    );
  }
  await step('server_actions', 'server_action', prepared.actions, () =>
    ports.writer.writeActions(prepared.actions.map(toActionWrite)),
  );
  // A schedule over an action that could not be written would run something else than git says.
  const ready = prepared.schedules.filter(
    ({ change }) => (results.get(`server_action|${actionOf(change, wanted)}`)?.status ?? 'written') === 'written',
  );
  for (const { change } of prepared.schedules.filter((schedule) => !ready.includes(schedule))) {
    results.set(keyOf(change), {
      change,
      status: 'failed',
      recordId: null,
      message: 'Left alone, because its server action could not be written.',
    });
  }
  await step('schedules', 'scheduled_action', ready, () =>
    ports.writer.writeSchedules(ready.map((item) => toScheduleWrite(item, ports.now()))),
  );
  await deleteAll(ports, made, changes, step);
  await verify(ports, prepared, results, options);
}

interface Attempt {
  readonly results: readonly WriteResult[];
  /** What became of records that the answer does not mention. */
  readonly otherwise: { readonly status: WriteStatus; readonly message: string };
  readonly stoppedBy: string | null;
}

/** Once Odoo cannot be reached, nothing further is tried; what was written until then stands and is reported. */
async function attempt(write: () => Promise<readonly WriteResult[]>, stopped: string | null): Promise<Attempt> {
  if (stopped !== null) {
    return {
      results: [],
      otherwise: { status: 'failed', message: `Not tried, because of an earlier error: ${stopped}` },
      stoppedBy: stopped,
    };
  }
  try {
    const results = await write();
    const message = 'The writer did not tell what became of it: plan again to see.';
    return { results, otherwise: { status: 'unknown', message }, stoppedBy: null };
  } catch (error) {
    if (!(error instanceof OdooError)) throw error;
    const status = error.outcome === 'unknown' ? 'unknown' : 'failed';
    return { results: [], otherwise: { status, message: error.message }, stoppedBy: error.message };
  }
}

type Step = (
  name: ApplyProgress['step'],
  object: ObjectKind,
  batch: readonly { readonly change: Change }[],
  write: () => Promise<readonly WriteResult[]>,
) => Promise<void>;

async function deleteAll(ports: ApplyPorts, made: MadePlan, changes: readonly Change[], step: Step): Promise<void> {
  const deletes = changes.filter((change) => change.op === 'delete');
  const schedules = deletes.filter((change) => change.object === 'scheduled_action');
  const actions = deletes.filter((change) => change.object === 'server_action');
  const actionIds = new Map(made.live.schedules.map((schedule) => [schedule.recordId, schedule.actionId] as const));
  const doomed = new Set(actions.map((change) => change.recordId));
  await step(
    'deletes',
    'scheduled_action',
    schedules.map((change) => ({ change })),
    () =>
      ports.writer.deleteSchedules(
        schedules.map(({ externalId, recordId }) => {
          const actionId = actionIds.get(recordId) ?? null;
          return { externalId, recordId, keptActionId: actionId === null || doomed.has(actionId) ? null : actionId };
        }),
      ),
  );
  await step(
    'deletes',
    'server_action',
    actions.map((change) => ({ change })),
    () => ports.writer.deleteActions(actions.map(({ externalId, recordId }) => ({ externalId, recordId }))),
  );
}

async function verify(
  ports: ApplyPorts,
  prepared: { readonly actions: readonly PreparedAction[]; readonly schedules: readonly PreparedSchedule[] },
  results: Map<string, AppliedChange>,
  options: ApplyOptions,
): Promise<void> {
  const written = (items: readonly (PreparedAction | PreparedSchedule)[]) =>
    items.flatMap((item) => {
      const result = results.get(keyOf(item.change));
      return result?.status === 'written' && result.recordId !== null ? [{ item, id: result.recordId }] : [];
    });
  const actions = written(prepared.actions);
  const schedules = written(prepared.schedules);
  if (actions.length + schedules.length === 0) return;
  options.onProgress?.({ step: 'verify', count: actions.length + schedules.length });
  let live: Awaited<ReturnType<LiveReader['reread']>>;
  try {
    live = await ports.reader.reread(
      actions.map(({ id }) => id),
      schedules.map(({ id }) => id),
    );
  } catch (error) {
    if (!(error instanceof OdooError)) throw error;
    for (const { item } of [...actions, ...schedules]) {
      const result = results.get(keyOf(item.change));
      const message = `Written, but it could not be read back: ${error.message}`;
      if (result !== undefined) results.set(keyOf(item.change), { ...result, status: 'unverified', message });
    }
    return;
  }
  const check = (entries: ReturnType<typeof written>, records: readonly (LiveAction | LiveSchedule)[]): void => {
    const byId = new Map(records.map((one) => [one.recordId, one] as const));
    for (const { item, id } of entries) {
      const wrong = unverifiedFields(item.values, item.fields, byId.get(id));
      const result = results.get(keyOf(item.change));
      if (wrong.length === 0 || result === undefined) continue;
      const message = byId.has(id)
        ? `Odoo accepted it, but ${wrong.join(', ')} reads back otherwise: plan again to see the difference.`
        : 'Odoo accepted it, but the record is not there: somebody deleted it meanwhile. Plan again.';
      results.set(keyOf(item.change), { ...result, status: 'unverified', message });
    }
  };
  check(actions, live.actions);
  check(schedules, live.schedules);
}

function outcomeOf(results: readonly AppliedChange[]): ApplyReport['outcome'] {
  if (results.every((result) => result.status === 'written')) return 'applied';
  return results.every((result) => result.status === 'failed' || result.status === 'busy') ? 'failed' : 'partly';
}

const toActionWrite = ({ change, values, fields, help }: PreparedAction) => ({
  externalId: change.externalId,
  recordId: change.op === 'update' ? change.recordId : null,
  values,
  fields,
  help,
});

const toScheduleWrite = ({ change, wanted, values, fields, help }: PreparedSchedule, now: number) => ({
  externalId: change.externalId,
  recordId: change.op === 'update' ? change.recordId : null,
  actionExternalId: wanted.externalId,
  values,
  fields,
  firstRunAt: wanted.firstRunAt === null ? null : nextRun(wanted.firstRunAt, everyOf(wanted), wanted.timezone, now),
  help,
});

const actionOf = (change: Change, wanted: ReadonlyMap<string, DesiredAction>): string =>
  wanted.get(change.id)?.externalId ?? change.externalId;

const keyOf = (change: Change): string => `${change.object}|${change.externalId}`;
const short = (digest: string): string => digest.slice(0, 12);

const everyOf = (wanted: DesiredAction): string => {
  const every = wanted.schedule?.['every'];
  return typeof every === 'string' ? every : '';
};
