import type { Change, FieldDiff, Held } from './change.js';
import { countPlan, type Plan } from './plan.js';
import { showSafeLine } from './render-safe.js';
import { showAgo } from './render-time.js';
import type { LastEdit, ObjectKind } from './state.js';

/** The sentences that every renderer of a plan shares. */

export const objectWords: Readonly<Record<ObjectKind, string>> = {
  server_action: 'server action',
  scheduled_action: 'scheduled action',
};

export const symbols = { create: '+', update: '~', delete: '-', adopt: '↻', held: '!' } as const;

export const symbolOf = (change: Change): string => (change.held === null ? symbols[change.op] : symbols.held);

/** "by Mitchell Admin, 7 minutes ago" */
export function showEdit(edit: LastEdit | null, now: number): string {
  return edit === null ? '' : `by ${showSafeLine(edit.by)}, ${showAgo(edit.at, now)}`;
}

/** Which side moved, and who: "changed in Odoo by Mitchell Admin, 7 minutes ago". */
export function showMoved(moved: FieldDiff['moved'], edit: LastEdit | null, now: number): string {
  const who = showEdit(edit, now);
  switch (moved) {
    case 'git':
      return 'changed in git';
    case 'live':
      return `changed in Odoo ${who}`.trim();
    case 'both':
      return who === '' ? 'changed on both sides' : `changed on both sides, in Odoo ${who}`;
    case 'unknown':
      return who === '' ? 'differs' : `differs; last edited in Odoo ${who}`;
  }
}

/** Why a difference is left alone, and what releases it. */
export function showHeld(held: Held, id: string, edit: LastEdit | null, now: number): string {
  const who = showEdit(edit, now);
  switch (held) {
    case 'prune_not_asked':
      return 'no definition asks for it; --prune deletes it';
    case 'switched_off_by_odoo':
      return `switched off by Odoo itself (failures, or no runs left); --reactivate ${id} switches it on again`;
    case 'switched_off_by_person':
      return `switched off in Odoo${who === '' ? '' : ` ${who}`}; --reactivate ${id} switches it on again`;
  }
}

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
export const shortRevision = (revision: string): string => revision.slice(0, 10);
