import type { ActionKind } from '../../domain/definitions/definition.js';
import type { ModelFields } from '../fields.js';
import type { OdooClient } from '../odoo-client.js';

export const ACTION_MODEL = 'ir.actions.server';
export const SCHEDULE_MODEL = 'ir.cron';

/** What this database's `ir.actions.server` and `ir.cron` have: the version matrix, told by fields (facts 4.1, 13). */
export interface Features {
  readonly action: ReadonlySet<string>;
  readonly schedule: ReadonlySet<string>;
  /** Values of `state` that the database offers. */
  readonly states: ReadonlySet<string>;
}

/** Cached by the client: at most one call a model for each database, version and user. */
export async function readFeatures(client: Pick<OdooClient, 'fieldsGet'>): Promise<Features> {
  const [action, schedule] = await Promise.all([client.fieldsGet(ACTION_MODEL), client.fieldsGet(SCHEDULE_MODEL)]);
  return toFeatures(action, schedule);
}

export function toFeatures(action: ModelFields, schedule: ModelFields): Features {
  return {
    action: new Set(Object.keys(action)),
    schedule: new Set(Object.keys(schedule)),
    states: new Set((action['state']?.selection ?? []).map(([value]) => value)),
  };
}

/** Renamed in 19. */
export const groupsField = (features: Features): 'group_ids' | 'groups_id' =>
  features.action.has('group_ids') ? 'group_ids' : 'groups_id';

/** 14 to 16: several assignments in lines of their own (`ir.server.object.lines`). */
export const hasLines = (features: Features): boolean => features.action.has('fields_lines');

/** 19: a child action belongs to one parent (one2many), instead of a list that several may share. */
export const hasParents = (features: Features): boolean => features.action.has('parent_id');

/** Odoo's name for each kind; the first that the database offers counts (`email` became `mail_post` after 14). */
const stateNames: Readonly<Record<ActionKind, readonly string[]>> = {
  code: ['code'],
  update_record: ['object_write'],
  create_record: ['object_create'],
  copy_record: ['object_copy'],
  multi: ['multi'],
  webhook: ['webhook'],
  email: ['mail_post', 'email'],
  activity: ['next_activity'],
  followers: ['followers'],
  remove_followers: ['remove_followers'],
};

const kinds: ReadonlyMap<string, ActionKind> = new Map(
  (Object.keys(stateNames) as ActionKind[]).flatMap((kind) => stateNames[kind].map((state) => [state, kind] as const)),
);

/** The house's word for a state; null: one that no definition can express. */
export const kindOfState = (state: string): ActionKind | null => kinds.get(state) ?? null;

export const isKind = (kind: unknown): kind is ActionKind => typeof kind === 'string' && kind in stateNames;

/** Odoo's word for a kind here, or null when this database does not offer it. */
export const stateOfKind = (kind: ActionKind, features: Features): string | null =>
  stateNames[kind].find((state) => features.states.has(state)) ?? null;

/** Every name that a kind has had, for a filter. */
export const statesOfKind = (kind: ActionKind): readonly string[] => stateNames[kind];
