import type { Definition } from './definition.js';
import { didYouMean } from './did-you-mean.js';
import { groupsOf, SCHEDULE_GROUP } from './groups.js';
import type { Entry, Rule, RuleInput } from './rules.js';

/** Each `multi` entry with its children that this repository owns. */
function* children({
  entries,
  namespace,
}: RuleInput): Generator<{ entry: Entry; index: number; externalId: string; id: string | null; child: Entry | null }> {
  const byId = new Map(entries.filter((e) => e.id !== null).map((e) => [e.id, e]));
  for (const entry of entries) {
    const spec = entry.definition?.action.spec;
    if (spec?.kind !== 'multi') continue;
    for (const [index, externalId] of spec.actions.entries()) {
      const id =
        namespace !== null && externalId.startsWith(`${namespace}.`) ? externalId.slice(namespace.length + 1) : null;
      yield { entry, index, externalId, id, child: id === null ? null : (byId.get(id) ?? null) };
    }
  }
}

const pathOf = (index: number): readonly (string | number)[] => ['action', 'actions', index];

export const multiActionsExist: Rule = (input) => {
  if (!input.isWhole) return;
  const ids = input.entries.flatMap((e) => e.id ?? []);
  for (const { entry, index, id, child } of children(input)) {
    if (id === null || child !== null) continue;
    const others = ids.filter((other) => other !== entry.id);
    input.report(
      'error',
      'unknown_action',
      `\`${id}\` is no definition of this repository: ${didYouMean(id, others)}`,
      entry,
      pathOf(index),
    );
  }
};

export const multiActionsExistWhereTheyAreNeeded: Rule = (input) => {
  for (const { entry, index, id, child } of children(input)) {
    if (!child?.definition || !entry.included || child.included) continue;
    const where = child.definition.environments?.join(', ') ?? '';
    input.report(
      'error',
      'action_elsewhere',
      `\`${id ?? ''}\` exists in ${where} only: give it the environments of this action`,
      entry,
      pathOf(index),
    );
  }
};

export const multiActionsShareTheModel: Rule = (input) => {
  for (const { entry, index, id, child } of children(input)) {
    if (!child?.definition || entry.definition === null || child.definition.model === entry.definition.model) continue;
    const message = `\`${id ?? ''}\` works on \`${child.definition.model}\`, this action on \`${entry.definition.model}\`: Odoo 19 gives a child its parent's model`;
    input.report('warning', 'model_differs', message, entry, pathOf(index));
  }
};

export const multiActionsShareTheGroups: Rule = (input) => {
  const told = new Set<Entry>();
  for (const { entry, index, id, child } of children(input)) {
    const { definition } = entry;
    if (definition === null) continue;
    const mine = groupsOf(definition);
    const theirs = child?.definition ? groupsOf(child.definition) : null;
    if (theirs !== null && theirs.join() !== mine.join()) {
      const message = `\`${id ?? ''}\` is for ${showGroups(theirs, child?.definition)}, this action for ${showGroups(mine, definition)}: Odoo 19 refuses to run it unless both name the same \`groups\``;
      input.report('warning', 'groups_differ', message, entry, pathOf(index));
    } else if (id === null && bringsAGroup(definition) && !told.has(entry)) {
      told.add(entry);
      const message = `This action is for ${showGroups(mine, definition)}, because no \`groups\` are written: write them, and let what it runs have the same`;
      input.report('warning', 'groups_implied', message, entry, ['action']);
    }
  }
};

/** A schedule's user has to be in the groups, so that a schedule without written groups adds one. */
const bringsAGroup = ({ action, schedule }: Definition): boolean => action.groups === null && schedule !== null;

function showGroups(groups: readonly string[], definition: Definition | null | undefined): string {
  const because = definition && bringsAGroup(definition) ? ' (which its schedule brings along)' : '';
  const names = groups.map((group) => (group === SCHEDULE_GROUP ? `${group}${because}` : group));
  return names.length === 0 ? 'nobody in particular' : names.join(' and ');
}

export const multiActionsDoNotRunInCircles: Rule = (input) => {
  const next = new Map<Entry, { child: Entry; index: number }[]>();
  for (const { entry, index, child } of children(input)) {
    if (child === null) continue;
    next.set(entry, [...(next.get(entry) ?? []), { child, index }]);
  }
  const done = new Set<Entry>();
  // An explicit stack: a chain may be as long as the repository is large.
  for (const start of next.keys()) {
    if (done.has(start)) continue;
    const stack: { entry: Entry; at: number }[] = [{ entry: start, at: 0 }];
    const open = new Set<Entry>([start]);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top === undefined) break;
      const step = next.get(top.entry)?.[top.at];
      top.at += 1;
      if (step === undefined) {
        done.add(top.entry);
        open.delete(top.entry);
        stack.pop();
      } else if (open.has(step.child)) {
        const circle = [
          ...stack.slice(stack.findIndex((s) => s.entry === step.child)).map((s) => s.entry.id),
          step.child.id,
        ].join(' → ');
        input.report(
          'error',
          'action_cycle',
          `These actions run each other in a circle (${circle}): take one out`,
          top.entry,
          pathOf(step.index),
        );
      } else if (!done.has(step.child)) {
        open.add(step.child);
        stack.push({ entry: step.child, at: 0 });
      }
    }
  }
};
