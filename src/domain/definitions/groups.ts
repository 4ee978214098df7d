import type { Definition } from './definition.js';

/** The group that `bootstrap` makes for the credential that runs actions. */
export const RUNNER_GROUP = 'odoo_steward.group_runner';
/** Held by `base.user_root`, so that a schedule may run an action whose groups a definition left to us (facts 6.8). */
export const SCHEDULE_GROUP = 'base.group_system';

/** The groups of an action, sorted: those that are written, else ours. */
export function groupsOf({ action, schedule }: Pick<Definition, 'action' | 'schedule'>): readonly string[] {
  const groups = action.groups ?? (schedule === null ? [RUNNER_GROUP] : [RUNNER_GROUP, SCHEDULE_GROUP]);
  return [...new Set(groups)].sort();
}
