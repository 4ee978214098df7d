import type { PlannedWrite } from '../../../app/ports.js';
import type { Problem } from '../../../domain/problem.js';
import { hasParents } from '../features.js';
import { list } from '../to-wire/entry.js';
import type { ServerFacts } from './server-facts.js';
import { changes, needsUserGroups, placeOf } from './uses.js';

/** Who may run it: on 19 an action without groups is open to every user, portal included (facts 5.4). */
export function groupProblems(write: PlannedWrite, facts: ServerFacts): Problem[] {
  const isAction = write.object === 'server_action';
  const { action } = write.desired;
  const groups = list(action['groups']);
  if (isAction && changes(write, 'groups') && groups.length === 0) {
    const open = hasParents(facts.features);
    return [
      {
        severity: open ? 'error' : 'warning',
        code: 'no_groups',
        message: open
          ? `Without groups any user of Odoo ${facts.serie}, portal users included, may run this action: name at least one.`
          : 'Without groups every user with write access on the model may run this action, and from Odoo 19 on everybody: name at least one.',
        at: placeOf(write, 'action.groups', 'action'),
      },
    ];
  }
  return needsUserGroups(write) ? scheduleProblems(write, facts) : [];
}

/** A schedule whose user is in none of its action's groups fails every time, unseen on 14 to 17 (facts 6.8). */
function scheduleProblems(write: PlannedWrite, { names, userGroups }: ServerFacts): Problem[] {
  const user = write.desired.schedule?.['user'];
  const groups = list(write.desired.action['groups']).filter((group): group is string => typeof group === 'string');
  if (typeof user !== 'string') return [];
  const userId = names.idOf('res.users', user);
  const held = userId === null ? undefined : userGroups.get(userId);
  const ids = groups.flatMap((group) => names.idOf('res.groups', group) ?? []);
  // What is missing is reported as missing.
  if (held === undefined || ids.length < groups.length || groups.length === 0 || ids.some((id) => held.has(id)))
    return [];
  return [
    {
      severity: 'error',
      code: 'user_not_in_groups',
      message: `The schedule would fail each time: ${user} is in none of the action's groups (${groups.join(', ')}). Add one that it has, such as base.group_system, or choose another user.`,
      at: placeOf(write, 'schedule.user', 'schedule'),
    },
  ];
}
