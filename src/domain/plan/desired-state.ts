import type {
  ActionSpec,
  Assignment,
  Definition,
  DefinitionSet,
  FieldAssignment,
  ScheduleSpec,
} from '../definitions/definition.js';
import { groupsOf } from '../definitions/groups.js';
import { plainHtml } from './plain-html.js';
import type { DesiredAction, DesiredState } from './state.js';
import type { Value, Values } from './values.js';

export interface DesiredOptions {
  /** SHA-256, hex, of a secret by name; null: there is no such secret here. */
  readonly secretDigest: (name: string) => string | null;
}

/** Definitions as the records that they ask for. Pure; the order of files does not matter. */
export function toDesiredState(set: DefinitionSet, options: DesiredOptions): DesiredState {
  const actions = set.definitions
    .map((definition) => toDesiredAction(definition, options))
    .sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
  return { namespace: set.namespace, actions };
}

function toDesiredAction(definition: Definition, options: DesiredOptions): DesiredAction {
  const { action, schedule } = definition;
  return {
    id: definition.id,
    externalId: definition.externalId,
    scheduleExternalId: definition.scheduleExternalId,
    at: definition.at,
    // Only the few definitions with problems need them.
    get places() {
      return definition.places;
    },
    action: {
      name: definition.name,
      model: definition.model,
      kind: action.spec.kind,
      sequence: action.sequence,
      groups: groupsOf(definition),
      binding:
        action.binding === null ? null : { model: action.binding.model, views: [...action.binding.views].sort() },
      ...kindValues(action.spec, options),
    },
    schedule: schedule === null ? null : scheduleValues(definition.externalId, schedule),
    firstRunAt: schedule?.firstRunAt ?? null,
    timezone: schedule?.timezone ?? 'UTC',
    adopts: definition.adopts,
    scheduleAdopts: schedule?.adopts ?? null,
  };
}

function scheduleValues(actionExternalId: string, schedule: ScheduleSpec): Values {
  return {
    action: actionExternalId,
    every: showInterval(schedule.every.number, schedule.every.unit),
    user: schedule.user,
    priority: schedule.priority,
    active: schedule.active,
  };
}

/** "1 day", "15 minutes": one spelling on both sides. */
export function showInterval(number: number, unit: string): string {
  return `${number} ${number === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** Exactly what Odoo does to code on its way in and out (facts 4.4), and no more. */
export function normalizeCode(code: string | null): string | null {
  const text = (code ?? '').replace(/\r\n?/g, '\n');
  return text === '' ? null : text;
}

function kindValues(spec: ActionSpec, options: DesiredOptions): Values {
  switch (spec.kind) {
    case 'code':
      return { code: normalizeCode(spec.code) };
    case 'update_record':
      return { set: assignments(spec.set) };
    case 'create_record':
      return { creates: spec.creates, values: assignments(spec.values), link_field: spec.linkField };
    case 'copy_record':
      return { copies: spec.copies, record: spec.record, link_field: spec.linkField };
    case 'multi':
      return { actions: spec.actions };
    case 'webhook':
      return {
        url:
          'text' in spec.url
            ? spec.url.text
            : { secret: spec.url.secret, digest: options.secretDigest(spec.url.secret) ?? '' },
        fields: [...spec.fields].sort(),
      };
    case 'email':
      return { template: spec.template, method: spec.method, autofollow: spec.autofollow };
    case 'activity':
      return {
        type: spec.type,
        summary: spec.summary,
        note: plainHtml(spec.note),
        due: { in: spec.due.in, unit: spec.due.unit },
        assign: spec.assign === null ? null : { ...spec.assign },
      };
    case 'followers':
    case 'remove_followers':
      return {
        who: 'partners' in spec.who ? { partners: [...spec.who.partners].sort() } : { field: spec.who.field },
      };
  }
}

function assignments(list: readonly FieldAssignment[]): Value {
  return [...list]
    .sort((one, other) => (one.field < other.field ? -1 : one.field > other.field ? 1 : 0))
    .map(({ field, assign }) => ({ field, ...flat(assign) }));
}

/** An empty text and no value are the same to Odoo. */
const flat = (assign: Assignment): Record<string, Value> =>
  assign.to === 'value' && assign.value === '' ? { ...assign, value: null } : { ...assign };
