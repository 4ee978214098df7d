import type { Reference } from '../definitions/definition.js';
import type { DesiredState } from './state.js';
import type { Value, Values } from './values.js';

export interface NamedReference {
  readonly model: string;
  readonly reference: Reference;
}

/** Every reference that the desired state makes to records that we do not own, once each, sorted. */
export function wantedReferences(desired: DesiredState): NamedReference[] {
  const found = new Map<string, NamedReference>();
  const add = (model: string, reference: Value | undefined): void => {
    if (typeof reference === 'string') found.set(`${model}|${reference}`, { model, reference });
  };
  for (const wanted of desired.actions) {
    add('ir.actions.server', wanted.adopts);
    add('ir.cron', wanted.scheduleAdopts);
    add('res.users', wanted.schedule?.['user']);
    addAction(wanted.action, desired.namespace, add);
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}

function addAction(
  action: Values,
  namespace: string,
  add: (model: string, reference: Value | undefined) => void,
): void {
  for (const group of list(action['groups'])) add('res.groups', group);
  for (const child of list(action['actions'])) {
    if (typeof child === 'string' && !child.startsWith(`${namespace}.`)) add('ir.actions.server', child);
  }
  for (const assignment of [...list(action['set']), ...list(action['values'])]) {
    add('*', entry(assignment, 'record'));
    add('ir.sequence', entry(assignment, 'sequence'));
  }
  const copies = action['copies'];
  if (typeof copies === 'string') add(copies, action['record']);
  add('mail.template', action['template']);
  add('mail.activity.type', action['type']);
  add('res.users', entry(action['assign'], 'user'));
  for (const partner of list(entry(action['who'], 'partners'))) add('res.partner', partner);
}

const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? (value as readonly Value[]) : []);

function entry(value: Value | undefined, key: string): Value | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, Value>>)[key];
}
