import type { PlannedWrite } from '../../../app/ports.js';
import type { Value } from '../../../domain/plan/values.js';
import type { Place } from '../../../domain/problem.js';
import { entry, list } from '../to-wire/entry.js';

/** What a planned write relies on in the database, with where it was written. */
export type Use =
  | { readonly what: 'model'; readonly model: string; readonly at: Place }
  | {
      readonly what: 'field';
      readonly model: string;
      readonly path: string;
      /** The model that it must point to, where it matters. */
      readonly to: string | null;
      /** The name of a created record: 17 and later find the field for it by themselves, whatever it is called. */
      readonly isNewName?: boolean;
      readonly at: Place;
    }
  | {
      readonly what: 'record';
      /** A model, or the field that the record is assigned to. */
      readonly of: string | { readonly model: string; readonly path: string };
      readonly reference: string;
      readonly at: Place;
    };

/** The most exact place that is known. */
export function placeOf({ desired }: PlannedWrite, ...paths: string[]): Place {
  for (const path of paths) {
    const place = desired.places[path];
    if (place !== undefined) return place;
  }
  return desired.at;
}

export const changes = (write: PlannedWrite, ...fields: string[]): boolean =>
  write.op === 'create' || fields.some((field) => write.fields.includes(field));

/** Whether the write may take the schedule's user out of the action's groups. */
export const needsUserGroups = (write: PlannedWrite): boolean =>
  write.object === 'server_action' ? changes(write, 'groups') : changes(write, 'user');

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** Only what the changing fields rely on: the rest was written before, and stands. */
export function usesOf(write: PlannedWrite): Use[] {
  return write.object === 'scheduled_action' ? scheduleUses(write) : actionUses(write);
}

function scheduleUses(write: PlannedWrite): Use[] {
  const user = write.desired.schedule?.['user'];
  if (typeof user !== 'string' || !changes(write, 'user')) return [];
  return [{ what: 'record', of: 'res.users', reference: user, at: placeOf(write, 'schedule.user', 'schedule') }];
}

function actionUses(write: PlannedWrite): Use[] {
  const { action } = write.desired;
  const uses: Use[] = [];
  if (changes(write, 'model')) uses.push({ what: 'model', model: text(action['model']), at: placeOf(write, 'model') });
  const bound = entry(action['binding'], 'model');
  if (typeof bound === 'string' && changes(write, 'binding')) {
    uses.push({ what: 'model', model: bound, at: placeOf(write, 'action.binding.model', 'action.binding') });
  }
  if (changes(write, 'groups')) {
    for (const group of list(action['groups'])) {
      uses.push({ what: 'record', of: 'res.groups', reference: text(group), at: placeOf(write, 'action.groups') });
    }
  }
  return [...uses, ...kindUses(write)];
}

function kindUses(write: PlannedWrite): Use[] {
  const { action } = write.desired;
  const model = text(action['model']);
  const has = (...fields: string[]): boolean => changes(write, 'kind', 'model', ...fields);
  const record = (of: string, reference: Value | undefined, key: string): Use[] =>
    typeof reference === 'string' ? [{ what: 'record', of, reference, at: placeOf(write, `action.${key}`) }] : [];
  const field = (name: Value | undefined, to: string | null, key: string): Use[] =>
    typeof name === 'string' ? [{ what: 'field', model, path: name, to, at: placeOf(write, `action.${key}`) }] : [];
  const target = (name: string, key: string): Use => ({
    what: 'model',
    model: name,
    at: placeOf(write, `action.${key}`),
  });

  switch (action['kind']) {
    case 'update_record':
      return has('set') ? assignmentUses(write, 'set', model) : [];
    case 'create_record': {
      const creates = text(action['creates']);
      if (!has('creates', 'values', 'link_field')) return [];
      return [
        target(creates, 'creates'),
        ...assignmentUses(write, 'values', creates),
        ...field(action['link_field'], creates, 'link_field'),
      ];
    }
    case 'copy_record': {
      const copies = text(action['copies']);
      if (!has('copies', 'record', 'link_field')) return [];
      return [
        target(copies, 'copies'),
        ...record(copies, action['record'], 'record'),
        ...field(action['link_field'], copies, 'link_field'),
      ];
    }
    case 'webhook':
      return has('fields') ? list(action['fields']).flatMap((name) => field(name, null, 'fields')) : [];
    case 'email':
      return has('template') ? record('mail.template', action['template'], 'template') : [];
    case 'activity':
      if (!has('type', 'assign')) return [];
      return [
        ...record('mail.activity.type', action['type'], 'type'),
        ...record('res.users', entry(action['assign'], 'user'), 'assign.user'),
        ...field(entry(action['assign'], 'field'), 'res.users', 'assign.field'),
      ];
    case 'followers':
    case 'remove_followers':
      if (!has('who')) return [];
      return [
        ...list(entry(action['who'], 'partners')).flatMap((partner) => record('res.partner', partner, 'partners')),
        ...field(entry(action['who'], 'field'), 'res.partner', 'field'),
      ];
    default:
      return [];
  }
}

function assignmentUses(write: PlannedWrite, key: 'set' | 'values', model: string): Use[] {
  return list(write.desired.action[key]).flatMap((assignment): Use[] => {
    const path = text(entry(assignment, 'field'));
    const at = placeOf(write, `action.${key}.${path}`, `action.${key}`);
    const reference = entry(assignment, 'record');
    const sequence = entry(assignment, 'sequence');
    return [
      { what: 'field', model, path, to: null, isNewName: key === 'values' && path === 'name', at },
      ...(typeof reference === 'string' ? [{ what: 'record' as const, of: { model, path }, reference, at }] : []),
      ...(typeof sequence === 'string'
        ? [{ what: 'record' as const, of: 'ir.sequence', reference: sequence, at }]
        : []),
    ];
  });
}
