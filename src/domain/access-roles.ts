import { RUNNER_GROUP } from './definitions/groups.js';

/** The two credentials besides `sync` that an instance may have, each with the least rights that it needs. */
export type RoleName = 'run' | 'monitor';

export interface AccessRole {
  readonly name: RoleName;
  /** External ID and name of its group. */
  readonly group: string;
  readonly groupName: string;
  /** Models that its group may read; those that a version lacks are left out. */
  readonly reads: readonly string[];
  /** External ID, login and name of its user. */
  readonly user: string;
  readonly login: string;
  readonly userName: string;
}

/**
 * A runner needs no right on `ir.actions.server` at all: the group on each allowed action is what lets it run (facts
 * 5.4). A monitor reads schedules, their progress and log rows, and never `code`, which is locked to administrators
 * (facts 9).
 */
export const accessRoles: readonly AccessRole[] = [
  {
    name: 'run',
    group: RUNNER_GROUP,
    groupName: 'odoo-steward: run actions',
    reads: [],
    user: 'odoo_steward.user_run',
    login: 'odoo-steward-run',
    userName: 'odoo-steward (runs actions)',
  },
  {
    name: 'monitor',
    group: 'odoo_steward.group_monitor',
    groupName: 'odoo-steward: watch scheduled actions',
    reads: ['ir.cron', 'ir.cron.progress', 'ir.cron.trigger', 'ir.actions.server', 'ir.logging', 'ir.model.data'],
    user: 'odoo_steward.user_monitor',
    login: 'odoo-steward-monitor',
    userName: 'odoo-steward (watches scheduled actions)',
  },
];

/** Groups that give more than any of our credentials but `sync` should have. */
export const powerfulGroups: readonly string[] = ['base.group_system', 'base.group_erp_manager'];

/** What an ordinary internal user has anyway: no excess. */
export const ordinaryGroups: readonly string[] = ['base.group_user'];
