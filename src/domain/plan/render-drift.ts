import type { Change, Create, Delete, Update } from './change.js';
import type { Plan } from './plan.js';
import { renderChange, type TextOptions } from './render-change.js';
import { renderJson, type JsonOptions } from './render-json.js';
import type { PlanJson, PlanJsonChange } from './render-json-schema.js';
import { showSafeLine } from './render-safe.js';
import { renderHeader, renderProblems } from './render-text.js';
import { objectWords, showEdit } from './render-words.js';
import type { LiveAction, LiveState } from './state.js';
import type { Problem } from '../problem.js';

/** A plan seen from Odoo's side: what somebody or something moved there since the last apply. */
export interface Drift {
  /** With the fields alone that Odoo moved. */
  readonly changed: readonly Update[];
  /** Records that stood there after the last apply, and do no longer. */
  readonly gone: readonly Create[];
  /** Records in our namespace that no definition knows. */
  readonly unknown: readonly Delete[];
  /** Actions of ours that are marked as a schedule's while none runs them: somebody deleted the schedule. */
  readonly orphaned: readonly LiveAction[];
  /** Schedules made in Odoo over actions of ours, and a database that is not the one we know. */
  readonly warnings: readonly Problem[];
  /** Changes that come from git and were not applied yet; no drift. */
  readonly pending: number;
  /** Changes with something that somebody accepted as it is in Odoo; no drift. */
  readonly accepted: number;
}

const LIVE_PROBLEMS = new Set(['foreign_schedule', 'database_copy', 'external_id_taken', 'schedule_exhausted']);

export function toDrift(plan: Plan, live: LiveState): Drift {
  const changed = plan.changes.flatMap((change) => {
    if (change.op !== 'update') return [];
    const fields = change.fields.filter((field) => field.moved !== 'git' && field.held !== 'accepted');
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
  const gone = plan.changes.filter(
    (change): change is Create => change.op === 'create' && change.moved === 'live' && change.held !== 'accepted',
  );
  const unknown = plan.changes.filter(
    (change): change is Delete => change.op === 'delete' && change.held !== 'accepted',
  );
  const scheduled = new Set(live.schedules.map((schedule) => schedule.actionId));
  const told = new Set([...gone.map(actionOf), ...unknown.map((change) => change.externalId)]);
  const orphaned = live.actions.filter(
    (action) =>
      action.externalId !== null &&
      action.usedBySchedule &&
      !scheduled.has(action.recordId) &&
      !told.has(action.externalId),
  );
  const drifted = new Set<Change>([...gone, ...unknown]);
  return {
    changed,
    gone,
    unknown,
    orphaned,
    warnings: plan.problems.filter((problem) => LIVE_PROBLEMS.has(problem.code)),
    accepted: plan.changes.filter(isAccepted).length,
    pending: plan.changes.filter(
      (change) =>
        !drifted.has(change) &&
        change.held !== 'accepted' &&
        (change.op !== 'update' || change.fields.every((field) => field.moved === 'git')),
    ).length,
  };
}

const isAccepted = (change: Change): boolean =>
  change.held === 'accepted' || (change.op === 'update' && change.fields.some((field) => field.held === 'accepted'));

export const countDrift = (drift: Drift): number =>
  drift.changed.length + drift.gone.length + drift.unknown.length + drift.orphaned.length;

export function renderDriftText(plan: Plan, drift: Drift, options: TextOptions): string {
  const { palette, now } = options;
  const count = countDrift(drift);
  const section = (title: string, parts: readonly string[]): string[] =>
    parts.length === 0 ? [] : [palette.bold(title), ...parts, ''];
  const pending = drift.pending === 0 ? '' : ` (${drift.pending} more: new or changed in git; see "odoo-steward plan")`;
  return `${[
    renderHeader(plan, palette),
    '',
    ...section(
      'Changed in Odoo (from git to Odoo)',
      drift.changed.flatMap((change) => renderChange(change, { ...options, plan, direction: 'drift' })),
    ),
    ...section(
      'Deleted in Odoo',
      drift.gone.map(
        (change) =>
          `  ${palette.remove('-')} ${objectWords[change.object]} ${showSafeLine(change.externalId)}  ${palette.dim('# apply makes it again')}`,
      ),
    ),
    ...section(
      'In our namespace, and in no definition',
      drift.unknown.map((change) => {
        const who = showEdit(change.lastEdit, now);
        const note = who === '' ? '' : `  ${palette.dim(`# last edited ${who}`)}`;
        return `  ${palette.held('?')} ${objectWords[change.object]} ${showSafeLine(change.externalId)} (#${change.recordId})${note}`;
      }),
    ),
    ...section(
      'Left behind by a schedule that was deleted',
      drift.orphaned.map(
        (action) =>
          `  ${palette.held('?')} server action ${showSafeLine(action.externalId ?? '')} (#${action.recordId})`,
      ),
    ),
    ...section('Worth knowing', renderProblems(drift.warnings, palette)),
    palette.bold(
      count === 0
        ? `No drift. Nothing of ours was changed in Odoo${pending}.`
        : `Drift: ${drift.changed.length} changed, ${drift.gone.length} deleted, ${drift.unknown.length} in no definition, ${drift.orphaned.length} left behind${pending}.`,
    ),
  ].join('\n')}\n`;
}

export interface DriftJson extends Pick<
  PlanJson,
  'format' | 'instance' | 'environment' | 'source' | 'revision' | 'database' | 'odoo' | 'namespace' | 'problems'
> {
  readonly drift: boolean;
  readonly changed: readonly PlanJsonChange[];
  readonly gone: readonly PlanJsonChange[];
  readonly unknown: readonly PlanJsonChange[];
  readonly orphaned: readonly { readonly externalId: string; readonly recordId: number }[];
  readonly pending: number;
  readonly accepted: number;
}

export function renderDriftJson(plan: Plan, drift: Drift, options: JsonOptions): DriftJson {
  const changes = (list: readonly Change[]) => renderJson({ ...plan, changes: list }, options).changes;
  const { format, instance, environment, source, revision, database, odoo, namespace } = renderJson(plan, options);
  return {
    ...{ format, instance, environment, source, revision, database, odoo, namespace },
    drift: countDrift(drift) > 0,
    changed: changes(drift.changed),
    gone: changes(drift.gone),
    unknown: changes(drift.unknown),
    orphaned: drift.orphaned.map(({ externalId, recordId }) => ({ externalId: externalId ?? '', recordId })),
    pending: drift.pending,
    accepted: drift.accepted,
    problems: renderJson({ ...plan, problems: drift.warnings }, options).problems,
  };
}

/** The external ID of the action that a schedule's change belongs to. */
const actionOf = (change: Change): string => change.externalId.replace(/_schedule$/, '');
