import { loadDefinitions } from '../../app/load-definitions.js';
import { listSchedules, type ListedSchedule } from '../../app/list-schedules.js';
import type { Palette } from '../../domain/plan/render-palette.js';
import { showAgo, showDuration, showInstant } from '../../domain/plan/render-time.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { toFailure } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import { withProgress } from '../progress.js';
import { renderTable, type Cell } from '../table.js';
import type { InstanceCard, Workspace } from '../workspace.js';

export interface CronsOptions {
  readonly json?: boolean;
}

/** `crons`: every scheduled action of an instance, ours or not, with its times. */
export async function cronsCommand(
  { io, workspace }: Deps,
  name: string | undefined,
  options: CronsOptions,
): Promise<ExitCode> {
  const space = await workspace();
  const card = chooseInstance(space, name);
  const namespace = await readNamespace(io, space, card);
  const session = await space.open(card.name, 'monitor');
  try {
    const schedules = await withProgress(io, `Reading ${card.name}`, () =>
      listSchedules({ reader: session.reader, now: io.now, namespace }),
    );
    if (options.json === true) writeJson(io, { instance: card.name, namespace, schedules });
    else show(io, schedules);
    return 0;
  } finally {
    session.close();
  }
}

/** Which schedules are ours is the definitions' to say; without them the list is as useful. */
async function readNamespace(io: Io, space: Workspace, card: InstanceCard): Promise<string | null> {
  const source = card.definitions === null ? null : await space.definitions({ instance: card.name });
  if (source === null) return null;
  try {
    const { set } = await withProgress(io, 'Reading the definitions', () =>
      loadDefinitions({ source }, card.environment),
    );
    if (set !== null) return set.namespace;
    io.stderr.write('The definitions have mistakes ("odoo-steward validate" lists them), so none is marked as ours.\n');
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'defect') throw error;
    io.stderr.write(`${failure.message} So none is marked as ours.\n`);
  }
  return null;
}

function show(io: Io, schedules: readonly ListedSchedule[]): void {
  const palette = paletteFor(io.stdout);
  const now = io.now();
  const rows = schedules.map((schedule) => toRow(schedule, io.timeZone, now, palette));
  io.stdout.write(renderTable(['', 'SCHEDULED ACTION', 'EVERY', 'LAST RUN', 'NEXT RUN', 'STATE'], rows, palette.bold));
  const active = schedules.filter((schedule) => schedule.active).length;
  const late = schedules.filter((schedule) => schedule.lateSeconds > 0).length;
  const owned = schedules.filter((schedule) => schedule.owned).length;
  io.stdout.write(
    `\n${schedules.length} scheduled actions, ${active} active, ${late} late; ${owned} ours (*). Times are in ${io.timeZone}.\n`,
  );
}

function toRow(schedule: ListedSchedule, timeZone: string, now: number, palette: Palette): Cell[] {
  const time = (at: string | null, never: string): Cell =>
    at === null ? { text: never } : { text: `${showInstant(at, timeZone)} (${showAgo(at, now)})` };
  return [
    { text: schedule.owned ? '*' : '', paint: palette.bold },
    { text: schedule.name },
    { text: schedule.every },
    time(schedule.lastRunAt, 'never'),
    schedule.active ? time(schedule.nextRunAt, 'not planned') : { text: '' },
    stateOf(schedule, now, palette),
  ];
}

function stateOf(schedule: ListedSchedule, now: number, palette: Palette): Cell {
  const { failureCount, firstFailureAt, lateSeconds } = schedule;
  if (!schedule.active) return { text: 'off', paint: palette.dim };
  const words: string[] = [];
  if (lateSeconds > 0) words.push(`${showDuration(lateSeconds * 1000)} late`);
  if (failureCount !== null && failureCount > 0) {
    const since = firstFailureAt === null ? '' : `, the first ${showAgo(firstFailureAt, now)}`;
    words.push(`${failureCount} ${failureCount === 1 ? 'failure' : 'failures'} in a row${since}`);
  }
  if (schedule.runsLeft === 0) words.push('no runs left');
  return words.length === 0 ? { text: 'on' } : { text: words.join('; '), paint: palette.warning };
}
