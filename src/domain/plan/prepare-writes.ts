import type { Change, Create, Update } from './change.js';
import { appliedFields } from './change.js';
import { appliedDigests, readStamp, writeStamp, type Applied } from './stamp.js';
import type { DesiredAction, LiveState } from './state.js';
import type { Values } from './values.js';

type Written = Create | Update;

/** One server action to write: `fields` of `values`, with the help text that remembers what was applied. */
export interface PreparedAction {
  readonly change: Written;
  readonly wanted: DesiredAction;
  readonly values: Values;
  readonly fields: readonly string[];
  readonly help: string;
}

export interface PreparedSchedule {
  readonly change: Written;
  readonly wanted: DesiredAction;
  readonly values: Values;
  readonly fields: readonly string[];
  /** null: the server action's own write (or creation) remembers it already. */
  readonly help: string | null;
}

export interface PreparedWrites {
  readonly actions: readonly PreparedAction[];
  readonly schedules: readonly PreparedSchedule[];
}

/** What has to be written for the changes that are applied, with stamps. Pure. */
export function prepareWrites(
  changes: readonly Change[],
  wanted: ReadonlyMap<string, DesiredAction>,
  live: LiveState,
  revision: string | null,
): PreparedWrites {
  const helps = new Map(live.actions.map((action) => [action.externalId, action.help] as const));
  const written = changes.filter(
    (change): change is Written => change.held === null && (change.op === 'create' || change.op === 'update'),
  );
  const scheduleChange = new Map(
    written.filter((change) => change.object === 'scheduled_action').map((change) => [change.id, change] as const),
  );
  const actionCreated = new Set(
    written.filter((change) => change.object === 'server_action' && change.op === 'create').map((change) => change.id),
  );
  const actions: PreparedAction[] = [];
  const schedules: PreparedSchedule[] = [];
  for (const change of written) {
    const definition = wanted.get(change.id);
    if (definition === undefined) continue;
    const help = helps.get(definition.externalId) ?? null;
    const before = readStamp(help).applied ?? { action: {}, schedule: {} };
    const origin = { file: definition.at.file, revision };
    if (change.object === 'server_action') {
      // A schedule that is created together with its action is remembered in the action's own row: one write less.
      const schedule = change.op === 'create' ? scheduleChange.get(change.id) : undefined;
      const applied: Applied = {
        action: appliedDigests(change.after),
        schedule: schedule === undefined ? before.schedule : appliedDigests(schedule.after),
      };
      actions.push({
        change,
        wanted: definition,
        values: change.after,
        fields: fieldsOf(change),
        help: writeStamp(help, origin, applied),
      });
    } else {
      const applied: Applied = {
        action: actionWritten(written, change.id) ?? before.action,
        schedule: { ...before.schedule, ...appliedDigests(change.after, rememberedFields(change)) },
      };
      schedules.push({
        change,
        wanted: definition,
        values: change.after,
        fields: fieldsOf(change),
        help: actionCreated.has(change.id) ? null : writeStamp(help, origin, applied),
      });
    }
  }
  return { actions, schedules };
}

const fieldsOf = (change: Written): readonly string[] =>
  change.op === 'create' ? Object.keys(change.after).sort() : appliedFields(change);

/** Every field that now is as git says; a held one keeps what was applied before. */
function rememberedFields(change: Written): string[] {
  const held =
    change.op === 'create' ? [] : change.fields.filter((field) => field.held !== null).map((field) => field.field);
  return Object.keys(change.after).filter((field) => !held.includes(field));
}

function actionWritten(written: readonly Written[], id: string): Readonly<Record<string, string>> | null {
  const change = written.find((other) => other.object === 'server_action' && other.id === id);
  return change === undefined ? null : appliedDigests(change.after);
}
