import { isApplied, type Change } from './change.js';
import type { DesiredState } from './state.js';
import type { Plan } from './plan.js';

/**
 * How one definition stands, of action and schedule the more urgent:
 *
 * - `in_sync`: nothing to do
 * - `new`: apply would create it
 * - `pending`: git moved, apply would write it
 * - `drifted`: somebody changed or deleted it in Odoo
 * - `held`: it differs, and apply leaves it alone until it is told otherwise
 */
export type DefinitionStatus = 'in_sync' | 'held' | 'new' | 'pending' | 'drifted';

export interface DefinitionState {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly model: string | null;
  readonly kind: string | null;
  readonly file: string;
  readonly hasSchedule: boolean;
  readonly status: DefinitionStatus;
}

const urgency: readonly DefinitionStatus[] = ['in_sync', 'held', 'new', 'pending', 'drifted'];

/** Every definition of the desired state, by ID. */
export function definitionStates(desired: DesiredState, plan: Pick<Plan, 'changes'>): DefinitionState[] {
  const statuses = new Map<string, DefinitionStatus>();
  for (const change of plan.changes) {
    const before = statuses.get(change.id) ?? 'in_sync';
    const now = statusOf(change);
    statuses.set(change.id, urgency.indexOf(now) > urgency.indexOf(before) ? now : before);
  }
  return desired.actions
    .map((action) => ({
      id: action.id,
      externalId: action.externalId,
      name: textOf(action.action['name']) ?? action.id,
      model: textOf(action.action['model']),
      kind: textOf(action.action['kind']),
      file: action.at.file,
      hasSchedule: action.schedule !== null,
      status: statuses.get(action.id) ?? 'in_sync',
    }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function statusOf(change: Change): DefinitionStatus {
  if (!isApplied(change)) return 'held';
  if (change.op === 'create') return change.moved === 'live' ? 'drifted' : 'new';
  if (change.op === 'update') return change.fields.some((field) => field.moved !== 'git') ? 'drifted' : 'pending';
  return 'pending';
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
