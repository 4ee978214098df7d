import { parseDefinitions, renderDefinition } from '../domain/definitions/index.js';
import type { SourceFile } from '../domain/definitions/definition.js';
import { exportNames } from '../domain/export/export-names.js';
import { toWritten, type ExportedDefinition } from '../domain/export/to-written.js';
import type { LiveAction, LiveSchedule } from '../domain/plan/state.js';
import type { Problem } from '../domain/problem.js';
import type { ExportFilter, LiveReader } from './ports.js';

export interface Export {
  /** Definition files and their code, sorted by path; `steward.yaml` is not among them. */
  readonly files: readonly SourceFile[];
  readonly exported: number;
  readonly withSchedule: number;
  /** What was left out, and why. */
  readonly problems: readonly Problem[];
}

/**
 * Turns live server actions and their schedules into definition files. Reads only. Every file is checked by the schema
 * that reads definitions: what would not pass is left out and named.
 */
export async function exportDefinitions(
  ports: { readonly reader: LiveReader },
  filter: ExportFilter,
  namespace: string,
): Promise<Export> {
  const live = await ports.reader.readAll(filter, { namespace, references: [], secretDigests: new Map() });
  const schedules = scheduleByAction(live.schedules);
  const pairs = live.actions
    .filter((action) => action.externalId === null)
    .map((action) => ({ action, schedule: schedules.get(action.recordId) ?? null }));
  const owned = live.actions.length - pairs.length;
  const names = exportNames(pairs);
  const childIds = childNames(live.actions, names);
  const problems: Problem[] = owned === 0 ? [] : [alreadyOurs(owned, namespace)];
  const kept: ExportedDefinition[] = [];
  for (const { action, schedule } of pairs) {
    const name = names.get(action.recordId);
    if (name === undefined) continue;
    const result = toWritten(name.id, name.path, action, schedule, childIds);
    if ('because' in result) problems.push(leftOut(action, result.because));
    else {
      const mistake = firstMistake(result, namespace);
      if (mistake === null) kept.push(result);
      else problems.push(leftOut(action, `cannot be written as a definition: ${mistake}`));
    }
  }
  const files = kept.flatMap(filesOf).sort((one, other) => (one.path < other.path ? -1 : 1));
  return {
    files,
    exported: kept.length,
    withSchedule: kept.filter(({ written }) => written.schedule !== undefined).length,
    problems,
  };
}

/** An action that several schedules share is exported with the first; a definition holds one. */
function scheduleByAction(schedules: readonly LiveSchedule[]): Map<number, LiveSchedule> {
  const first = new Map<number, LiveSchedule>();
  for (const schedule of [...schedules].sort((one, other) => one.recordId - other.recordId)) {
    if (!first.has(schedule.actionId)) first.set(schedule.actionId, schedule);
  }
  return first;
}

function childNames(
  actions: readonly LiveAction[],
  names: ReadonlyMap<number, { readonly id: string }>,
): Map<string, string> {
  return new Map(
    actions.flatMap((action) => {
      const id = names.get(action.recordId)?.id;
      return id === undefined ? [] : [...action.externalIds, `#${action.recordId}`].map((name) => [name, id] as const);
    }),
  );
}

function filesOf({ path, written, code }: ExportedDefinition): SourceFile[] {
  return [{ path, text: renderDefinition(written) }, ...(code === null ? [] : [code])];
}

/** Children of `multi` are other files, so a local one is not looked for here. */
function firstMistake(definition: ExportedDefinition, namespace: string): string | null {
  const steward = { path: 'steward.yaml', text: `namespace: ${namespace}\n` };
  const { problems } = parseDefinitions([steward, ...filesOf(definition)], { environment: null });
  return problems.find((problem) => problem.severity === 'error' && problem.code !== 'unknown_action')?.message ?? null;
}

const leftOut = (action: LiveAction, because: string): Problem => ({
  severity: 'warning',
  code: 'not_exported',
  message: `Left out: "${nameOfAction(action)}" (record #${action.recordId}) ${because}.`,
  at: null,
});

const nameOfAction = (action: LiveAction): string => {
  const name = action.values['name'];
  return typeof name === 'string' ? name : '';
};

const alreadyOurs = (count: number, namespace: string): Problem => ({
  severity: 'warning',
  code: 'already_ours',
  message: `Left out: ${count === 1 ? 'one action' : `${count} actions`} of the namespace "${namespace}", whose definitions you have: put these files beside them, and do not prune from here alone.`,
  at: null,
});
