import type { WrittenAction, WrittenDefinition } from '../definitions/written-definition.js';
import type { LiveAction, LiveSchedule } from '../plan/state.js';
import type { Value, Values } from '../plan/values.js';

/** What one live action becomes in git: the definition, and its code where it has any. */
export interface ExportedDefinition {
  /** `account/mark-paid.yaml`, relative to the definitions' root. */
  readonly path: string;
  readonly written: WrittenDefinition;
  readonly code: { readonly path: string; readonly text: string } | null;
}

/** Why a live action cannot be written as a definition; a sentence's end: `has the kind "sms"`. */
export interface NotExportable {
  readonly because: string;
}

/**
 * A live server action, with its schedule, as somebody would have written it. `childIds` gives the definition ID of every
 * exported action by each of its names, so that a `multi` refers to its children as they will be called.
 */
export function toWritten(
  id: string,
  path: string,
  action: LiveAction,
  schedule: LiveSchedule | null,
  childIds: ReadonlyMap<string, string>,
): ExportedDefinition | NotExportable {
  const { values } = action;
  const kind = text(values['kind']);
  if (kind.startsWith('unsupported:'))
    return { because: `is of the kind "${kind.slice('unsupported:'.length)}", which definitions do not know` };
  // Odoo itself has such: 19.0's payment.action_start_payment_onboarding.
  if (text(values['name']).trim() === '') return { because: 'has no name: give it one in Odoo' };
  const codePath = path.replace(/\.yaml$/, '.py');
  const children = list(values['actions']).map((child) => childIds.get(text(child)) ?? text(child));
  const nameless = children.find((child) => child.startsWith('#'));
  if (nameless !== undefined)
    return { because: `runs the action ${nameless}, which is not exported and has no external ID` };

  const written = {
    id,
    name: text(values['name']),
    model: text(values['model']),
    action: dropEmpty({
      kind,
      ...kindKeys(kind, values, codePath, children),
      groups: list(values['groups']),
      binding: binding(values),
      sequence: values['sequence'] === 5 ? null : values['sequence'],
    }) as WrittenAction,
    ...(schedule === null ? {} : { schedule: writtenSchedule(schedule) }),
    adopts: nameOf(action),
  };
  return {
    path,
    // The shape is checked by the same schema that reads definition files, before anything is written.
    written: written,
    code: kind === 'code' ? { path: codePath, text: text(values['code']) } : null,
  };
}

/** The reference that finds the record again: an external ID where it has one. */
export const nameOf = (record: LiveAction | LiveSchedule): string =>
  record.externalIds.find((id) => !id.startsWith('__')) ?? record.externalIds[0] ?? `#${record.recordId}`;

function kindKeys(
  kind: string,
  values: Values,
  codePath: string,
  children: readonly string[],
): Record<string, unknown> {
  switch (kind) {
    case 'code':
      return { code: codePath.slice(codePath.lastIndexOf('/') + 1) };
    case 'update_record':
      return { set: assignments(values['set']) };
    case 'create_record':
      return { creates: values['creates'], values: assignments(values['values']), link_field: values['link_field'] };
    case 'copy_record':
      return { copies: values['copies'], record: values['record'], link_field: values['link_field'] };
    case 'multi':
      return { actions: children };
    case 'webhook':
      return { url: url(values['url']), fields: values['fields'] };
    case 'email':
      return { template: values['template'], method: values['method'], autofollow: values['autofollow'] };
    case 'activity':
      return {
        type: values['type'],
        summary: values['summary'],
        note: values['note'],
        due: values['due'],
        assign: values['assign'],
      };
    default:
      return entries(values['who']);
  }
}

function binding(values: Values): unknown {
  const { model, views } = entries(values['binding']);
  if (model === undefined) return null;
  return { views, ...(model === values['model'] ? {} : { model }) };
}

function writtenSchedule(schedule: LiveSchedule): NonNullable<WrittenDefinition['schedule']> {
  const { values } = schedule;
  return {
    every: text(values['every']),
    user: text(values['user']),
    ...(values['priority'] === 5 || typeof values['priority'] !== 'number' ? {} : { priority: values['priority'] }),
    ...(values['active'] === true ? {} : { active: false }),
    adopts: nameOf(schedule),
  };
}

function assignments(value: Value | undefined): Record<string, unknown> {
  return Object.fromEntries(
    list(value).map((item) => {
      const { field, to, ...rest } = entries(item);
      if (to === 'value') return [text(field), rest['value'] ?? null];
      if (to === 'clear') return [text(field), { clear: true }];
      const payload = to === 'expression' ? rest['expression'] : to === 'sequence' ? rest['sequence'] : rest['record'];
      return [text(field), { [text(to)]: payload ?? null }];
    }),
  );
}

const url = (value: Value | undefined): unknown => {
  const { secret } = entries(value);
  return secret === undefined ? value : { secret };
};

const dropEmpty = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? (value as readonly Value[]) : []);
const entries = (value: Value | undefined): Readonly<Record<string, Value>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Readonly<Record<string, Value>>)
    : {};
