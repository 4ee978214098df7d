import type { Change, Create, FieldDiff, Held } from './change.js';
import { countPlan, type Plan } from './plan.js';
import { showSafeLine } from './render-safe.js';
import { showFirstRun } from './render-first-run.js';
import { showAgo } from './render-time.js';
import type { LastEdit, ObjectKind } from './state.js';

/** The sentences that every renderer of a plan shares. */

export const objectWords: Readonly<Record<ObjectKind, string>> = {
  server_action: 'server action',
  scheduled_action: 'scheduled action',
};

export const symbols = { create: '+', update: '~', delete: '-', adopt: '↻', held: '!' } as const;

export const symbolOf = (change: Change): string => (change.held === null ? symbols[change.op] : symbols.held);

type Quote = (text: string) => string;

/** What stands at the head of every rendering: against what was planned, and from what. */
export function describePlan(
  plan: Pick<Plan, 'environment' | 'database' | 'serie' | 'source' | 'revision'>,
  quote: Quote,
): { readonly target: string; readonly definitions: string } {
  const { revision, source } = plan;
  const environment = plan.environment === null ? '' : `, ${quote(plan.environment)}`;
  // A git source is described with its commit already.
  const isNamed = revision === null || source.includes(revision.slice(0, 7));
  return {
    target: `database ${quote(plan.database)}, Odoo ${quote(plan.serie)}${environment}`,
    definitions: `${quote(source)}${isNamed ? '' : ` at ${quote(shortRevision(revision))}`}`,
  };
}

/** "The plan has 2 errors and cannot be applied."; null: it has none. */
export function showErrors({ problems }: Pick<Plan, 'problems'>): string | null {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  if (errors === 0) return null;
  return `The plan has ${errors === 1 ? 'an error' : `${errors} errors`} and cannot be applied.`;
}

/**
 * "by Mitchell Admin, 7 minutes ago". Our own user as the last one to write names nobody: whoever left what differs did
 * so before that write, or works as the same user.
 */
export function showEdit(edit: LastEdit | null, now: number): string {
  if (edit === null) return '';
  if (edit.isOwn) return `by our own user, ${showAgo(edit.at, now)}`;
  return `by ${showSafeLine(edit.by)}, ${showAgo(edit.at, now)}`;
}

/** Who left the difference, as far as the last write tells; empty where nothing does. */
function showWho(edit: LastEdit | null, now: number): string {
  if (edit === null) return '';
  if (!edit.isOwn) return ` ${showEdit(edit, now)}`;
  return ` by somebody; the last write there was our own, ${showAgo(edit.at, now)}`;
}

/** Which side moved, and who: "changed in Odoo by Mitchell Admin, 7 minutes ago". */
export function showMoved(moved: FieldDiff['moved'], edit: LastEdit | null, now: number): string {
  const who = showWho(edit, now);
  switch (moved) {
    case 'git':
      return 'changed in git';
    case 'live':
      return `changed in Odoo${who}`;
    case 'both':
      return who === '' ? 'changed on both sides' : `changed on both sides, in Odoo${who}`;
    case 'unknown':
      return edit === null ? 'differs' : `differs; last edited in Odoo ${showEdit(edit, now)}`;
  }
}

/** The two sides of a diff, as its first lines name them. */
export function showSides(
  { moved }: Pick<FieldDiff, 'moved'>,
  edit: LastEdit | null,
  { revision }: Pick<Plan, 'revision'>,
  now: number,
): { readonly odoo: string; readonly git: string } {
  const edited = edit === null || moved === 'git' ? '' : ` (last edited ${showEdit(edit, now)})`;
  return {
    odoo: `in Odoo${edited}`,
    git: revision === null ? 'in the definitions' : `in git at ${shortRevision(revision)}`,
  };
}

/** Why a difference is left alone, and the option that releases it. */
export function showHeld(
  held: Held,
  id: string,
  edit: LastEdit | null,
  now: number,
): { readonly reason: string; readonly option: string; readonly effect: string } {
  const reactivate = { option: `--reactivate ${id}`, effect: 'switches it on again' };
  switch (held) {
    case 'prune_not_asked':
      return { reason: 'no definition asks for it', option: '--prune', effect: 'deletes it' };
    case 'switched_off_by_odoo':
      return { reason: 'switched off by Odoo itself (failures, or no runs left)', ...reactivate };
    case 'switched_off_by_person':
      return { reason: `switched off in Odoo${showWho(edit, now)}`, ...reactivate };
    case 'switched_off': {
      const write = edit === null ? '' : `; the last write there was our own, ${showAgo(edit.at, now)}`;
      return { reason: `switched off in Odoo by somebody, or by Odoo after failures${write}`, ...reactivate };
    }
    case 'accepted':
      return { reason: 'accepted as it is in Odoo', option: 'the end of the acceptance', effect: 'brings it in line' };
  }
}

/** Why a record is made that seems to have been there; null: it is new. */
export const showGone = ({ moved }: Pick<Create, 'moved'>): string | null =>
  moved === 'live' ? 'deleted in Odoo since the last apply' : null;

/** Lines that a creation has beside its values, by name. */
export const extraLines = (change: Create, now: number): readonly (readonly [field: string, text: string])[] =>
  change.firstRun === null ? [] : [['first_run', showFirstRun(change, change.firstRun, now)]];

/** The last line of a plan. */
export function showCounts(plan: Plan): string {
  const counts = countPlan(plan);
  if (plan.changes.length === 0) return `No changes. Odoo matches the definitions (${counts.unchanged} unchanged).`;
  const parts = [
    ...(counts.adopt > 0 ? [`${counts.adopt} to adopt`] : []),
    `${counts.create} to create`,
    `${counts.update} to update`,
    `${counts.delete} to delete`,
    ...(counts.held > 0 ? [`${counts.held} held back`] : []),
  ];
  return `Plan: ${parts.join(', ')}. ${counts.unchanged} unchanged.`;
}

export interface DefinitionChanges {
  readonly id: string;
  readonly name: string;
  readonly changes: readonly Change[];
}

/** Changes by definition, in the plan's order. */
export function byDefinition(changes: readonly Change[]): DefinitionChanges[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const group = groups.get(change.id);
    if (group === undefined) groups.set(change.id, [change]);
    else group.push(change);
  }
  return [...groups].map(([id, group]) => ({ id, name: group[0]?.name ?? id, changes: group }));
}

/** A revision as people quote it. */
const shortRevision = (revision: string): string => revision.slice(0, 10);
