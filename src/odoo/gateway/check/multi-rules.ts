import type { PlannedWrite } from '../../../app/ports.js';
import { sameValue, type Values } from '../../../domain/plan/values.js';
import type { Problem } from '../../../domain/problem.js';
import { ACTION_MODEL, hasParents } from '../features.js';
import { cell } from '../to-wire/columns.js';
import { list } from '../to-wire/entry.js';
import type { ServerFacts } from './server-facts.js';
import { changes, placeOf } from './uses.js';

/** What Odoo makes of the children of `multi` actions: their order, and on 19 whose they are. */
export function multiProblems(writes: readonly PlannedWrite[], facts: ServerFacts): Problem[] {
  const desired = new Map(
    writes
      .filter(({ object }) => object === 'server_action')
      .map((write) => [write.desired.externalId, write.desired.action] as const),
  );
  const live = new Map(
    (facts.live?.actions ?? []).map(
      (action) => [facts.names.nameOf(ACTION_MODEL, action.recordId), action.values] as const,
    ),
  );
  const valuesOf = (child: string): Values | null => desired.get(child) ?? live.get(child) ?? null;

  const claimed = new Map<string, string>();
  return writes.flatMap((write) => {
    if (
      write.object !== 'server_action' ||
      write.desired.action['kind'] !== 'multi' ||
      !changes(write, 'kind', 'actions', 'groups')
    )
      return [];
    const children = list(write.desired.action['actions']).filter(
      (child): child is string => typeof child === 'string',
    );
    const report = (code: string, message: string, index = -1): Problem => ({
      severity: 'error',
      code,
      message,
      at: placeOf(write, `action.actions.${index}`, 'action.actions'),
    });
    const problems = orderProblem(children, valuesOf).map((message) => report('order_of_actions', message));
    for (const [index, child] of children.entries()) {
      if (desired.get(child) === undefined && facts.names.idOf(ACTION_MODEL, child) === null) {
        problems.push(report('record_missing', `There is no server action ${child} in this database.`, index));
      }
      if (!hasParents(facts.features)) continue;
      problems.push(
        ...ownedElsewhere(write, child, claimed, facts).map((message) => report('action_has_parent', message, index)),
      );
      claimed.set(child, write.desired.externalId);
      problems.push(
        ...mismatches(write.desired.action, child, valuesOf(child)).map((message) =>
          report('action_differs', message, index),
        ),
      );
    }
    return problems;
  });
}

/** Odoo runs children by their sequence, then by their name, whatever the order of the list. */
function orderProblem(children: readonly string[], valuesOf: (child: string) => Values | null): string[] {
  for (const [index, child] of children.entries()) {
    const next = children[index + 1];
    const one = valuesOf(child);
    const other = next === undefined ? null : valuesOf(next);
    if (next === undefined || one === null || other === null) continue;
    const [first, second] = [Number(one['sequence'] ?? 0), Number(other['sequence'] ?? 0)];
    if (first < second || (first === second && isBefore(one['name'], other['name']))) continue;
    return [
      `Odoo runs the actions of a multi by their sequence, then by their name, and would run ${next} before ${child}: give ${next} a higher sequence than ${child}.`,
    ];
  }
  return [];
}

/** PostgreSQL's collation is not ours to know: only names that every collation sorts alike count as sorted. */
function isBefore(one: unknown, other: unknown): boolean {
  const [first, second] = [String(one), String(other)];
  return first < second && first.localeCompare(second, 'en') < 0;
}

/** 19: linking a child moves it away from the parent that it has (facts 4.3). */
function ownedElsewhere(
  write: PlannedWrite,
  child: string,
  claimed: ReadonlyMap<string, string>,
  facts: ServerFacts,
): string[] {
  const rival = claimed.get(child);
  if (rival !== undefined)
    return [`On Odoo ${facts.serie} an action belongs to one multi, and ${child} is named by ${rival} as well.`];
  const id = facts.names.idOf(ACTION_MODEL, child);
  const parent = id === null ? undefined : facts.parents.get(id);
  if (parent === undefined || facts.names.externalIdsOf(ACTION_MODEL, parent.id).includes(write.desired.externalId))
    return [];
  return [
    `On Odoo ${facts.serie} an action belongs to one multi, and ${child} belongs to "${parent.name}" (#${parent.id}): take it off there first.`,
  ];
}

/** 19 refuses to run a multi whose children differ from it in model or groups (`warning`, seen on 19). */
function mismatches(parent: Values, child: string, values: Values | null): string[] {
  if (values === null) return [];
  const differs = (field: string): boolean => !sameValue(parent[field], values[field]);
  const hasGroups = list(parent['groups']).length > 0;
  return [
    ...(differs('model')
      ? [`${child} works on ${cell.text(values['model'])}, and Odoo 19 wants the model of the multi that runs it.`]
      : []),
    ...(hasGroups && differs('groups')
      ? [
          `${child} has other groups than the multi that runs it, and Odoo 19 refuses to run it then: give both the same.`,
        ]
      : []),
  ];
}
