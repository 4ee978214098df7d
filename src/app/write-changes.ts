import type { Change, Delete } from '../domain/plan/change.js';
import { nextRun } from '../domain/plan/next-run.js';
import type { PreparedAction, PreparedSchedule, PreparedWrites } from '../domain/plan/prepare-writes.js';
import type { DesiredAction, LiveSchedule } from '../domain/plan/state.js';
import type { ApplySteps } from './apply-steps.js';
import type { MadePlan } from './make-plan.js';
import type { ActionWrite, LiveWriter, ScheduleWrite } from './ports.js';

/** Adoptions, then server actions: what schedules stand on comes before them. */
export async function adoptAndWriteActions(
  writer: LiveWriter,
  prepared: Pick<PreparedWrites, 'actions'>,
  changes: readonly Change[],
  steps: ApplySteps,
): Promise<void> {
  await adoptRecords(writer, changes, steps);
  await steps.run('server_actions', prepared.actions.map(changeOf), () =>
    writer.writeActions(prepared.actions.map(toActionWrite)),
  );
}

/** Schedules over actions that were written, then deletes (schedules before their actions, facts 6.3). */
export async function writeSchedulesAndDelete(
  ports: { readonly writer: LiveWriter; readonly now: () => number },
  made: Pick<MadePlan, 'live'>,
  prepared: Pick<PreparedWrites, 'schedules'>,
  changes: readonly Change[],
  steps: ApplySteps,
): Promise<void> {
  const actionIds = new Map(made.live.actions.map((action) => [action.externalId, action.recordId] as const));
  const idOf = ({ externalId }: DesiredAction): number | null =>
    steps.resultOf({ object: 'server_action', externalId })?.recordId ?? actionIds.get(externalId) ?? null;
  const ready = schedulesWithAction(prepared.schedules, steps);
  await steps.run('schedules', ready.map(changeOf), () =>
    ports.writer.writeSchedules(ready.map((item) => toScheduleWrite(item, idOf(item.wanted), ports.now()))),
  );
  await deleteRecords(ports.writer, made.live.schedules, changes, steps);
}

async function adoptRecords(writer: LiveWriter, changes: readonly Change[], steps: ApplySteps): Promise<void> {
  const adopts = changes.filter((change) => change.op === 'adopt');
  for (const object of ['server_action', 'scheduled_action'] as const) {
    const batch = adopts.filter((change) => change.object === object);
    await steps.run('adopt', batch, () =>
      writer.adopt(batch.map(({ externalId, recordId }) => ({ object, externalId, recordId }))),
    );
  }
}

/** A schedule over an action that could not be written would run something else than git says: it is left alone. */
function schedulesWithAction(schedules: readonly PreparedSchedule[], steps: ApplySteps): PreparedSchedule[] {
  return schedules.filter(({ change, wanted }) => {
    const action = steps.resultOf({ object: 'server_action', externalId: wanted.externalId });
    if (action === undefined || action.status === 'written') return true;
    steps.note(change, 'failed', 'Left alone, because its server action could not be written.', null);
    return false;
  });
}

async function deleteRecords(
  writer: LiveWriter,
  liveSchedules: readonly LiveSchedule[],
  changes: readonly Change[],
  steps: ApplySteps,
): Promise<void> {
  const deletes = changes.filter((change): change is Delete => change.op === 'delete');
  const schedules = deletes.filter((change) => change.object === 'scheduled_action');
  const actions = deletes.filter((change) => change.object === 'server_action');
  const actionIds = new Map(liveSchedules.map((schedule) => [schedule.recordId, schedule.actionId] as const));
  const doomed = new Set(actions.map((change) => change.recordId));
  await steps.run('deletes', schedules, () =>
    writer.deleteSchedules(
      schedules.map(({ externalId, recordId }) => {
        const actionId = actionIds.get(recordId) ?? null;
        return { externalId, recordId, keptActionId: actionId === null || doomed.has(actionId) ? null : actionId };
      }),
    ),
  );
  await steps.run('deletes', actions, () =>
    writer.deleteActions(actions.map(({ externalId, recordId }) => ({ externalId, recordId }))),
  );
}

const changeOf = <C extends Change>({ change }: { readonly change: C }): C => change;

const toActionWrite = ({ change, values, fields, help }: PreparedAction): ActionWrite => ({
  externalId: change.externalId,
  recordId: change.op === 'update' ? change.recordId : null,
  values,
  fields,
  help,
});

const toScheduleWrite = (
  { change, wanted, values, fields, help }: PreparedSchedule,
  actionRecordId: number | null,
  now: number,
): ScheduleWrite => ({
  externalId: change.externalId,
  recordId: change.op === 'update' ? change.recordId : null,
  actionExternalId: wanted.externalId,
  actionRecordId,
  values,
  fields,
  firstRunAt: wanted.firstRunAt === null ? null : nextRun(wanted.firstRunAt, everyOf(wanted), wanted.timezone, now),
  help,
});

function everyOf(wanted: DesiredAction): string {
  const every = wanted.schedule?.['every'];
  return typeof every === 'string' ? every : '';
}
