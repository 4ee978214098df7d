import type { ActionWrite } from '../../../app/ports.js';
import type { ActionKind } from '../../../domain/definitions/definition.js';
import type { Value, Values } from '../../../domain/plan/values.js';
import { groupsField, hasLines, hasParents, isKind, stateOfKind, type Features } from '../features.js';
import { lineCommands, updatePathColumns } from './assignments.js';
import { cell, type Columns, type WireRow } from './columns.js';
import { entry, list } from './entry.js';
import type { Resolved } from './resolve.js';

/** Fields that belong to a kind, and are written together: Odoo computes some of them from the others. */
const kindFields: Readonly<Record<ActionKind, readonly string[]>> = {
  code: ['code'],
  update_record: ['set'],
  create_record: ['creates', 'values', 'link_field'],
  copy_record: ['copies', 'record', 'link_field'],
  multi: ['actions'],
  webhook: ['url', 'fields'],
  email: ['template', 'method', 'autofollow'],
  activity: ['type', 'summary', 'note', 'due', 'assign'],
  followers: ['who'],
  remove_followers: ['who'],
};

/**
 * The columns that the changed fields of a server action need, and nothing more: a write of `name` waits for a running
 * schedule (facts 6.4), one of `state` or `model_id` makes Odoo compute others anew (facts 4.5).
 */
export function toWireRow(write: ActionWrite, resolved: Resolved, features: Features): WireRow {
  const { values } = write;
  const isNew = write.recordId === null;
  const changes = (...fields: string[]): boolean => isNew || fields.some((field) => write.fields.includes(field));
  const columns: Columns = new Map([isNew ? ['id', write.externalId] : ['.id', cell.id(write.recordId)]]);
  const kind = values['kind'];
  if (!isKind(kind)) throw new Error(`${write.externalId}: no such kind of action`);

  if (changes('name')) columns.set('name', cell.text(values['name']));
  if (changes('model')) columns.set('model_id/.id', cell.id(resolved.model(cell.text(values['model']))));
  if (changes('kind')) {
    columns.set('state', stateOfKind(kind, features) ?? kind);
    if (!isNew) for (const column of otherKindsColumns(kind, features)) columns.set(column, '');
  }
  if (changes('sequence')) columns.set('sequence', cell.number(values['sequence']));
  if (changes('groups')) {
    const groups = list(values['groups']).map((group) => resolved.record('res.groups', cell.text(group)));
    columns.set(`${groupsField(features)}/.id`, cell.ids(groups));
  }
  if (changes('binding'))
    for (const [column, text] of bindingColumns(values['binding'], resolved)) columns.set(column, text);
  columns.set('help', write.help);

  const ofKind = changes('kind', 'model', ...kindFields[kind]);
  if (ofKind) for (const [column, text] of kindColumns(kind, values, resolved, features)) columns.set(column, text);
  const usesLines = kind === 'update_record' || kind === 'create_record';
  return {
    columns,
    lines:
      !hasLines(features) || !(usesLines ? ofKind : !isNew && changes('kind'))
        ? null
        : lineCommands(
            usesLines ? (kind === 'update_record' ? values['set'] : values['values']) : [],
            targetModel(kind, values),
            resolved,
          ),
    children:
      kind === 'multi' && ofKind ? list(values['actions']).map(cell.text) : !isNew && changes('kind') ? [] : null,
  };
}

const targetModel = (kind: ActionKind, values: Values): string =>
  cell.text(kind === 'create_record' ? values['creates'] : values['model']);

/** Always the same three columns, so that bound and unbound actions share a batch. */
function bindingColumns(binding: Value | undefined, resolved: Resolved): [string, string][] {
  const model = entry(binding, 'model');
  const isBound = typeof model === 'string';
  return [
    ['binding_model_id/.id', isBound ? cell.id(resolved.model(model)) : ''],
    ['binding_type', 'action'],
    ['binding_view_types', isBound ? list(entry(binding, 'views')).map(cell.text).join(',') : 'list,form'],
  ];
}

function kindColumns(kind: ActionKind, values: Values, resolved: Resolved, features: Features): [string, string][] {
  const has = (columns: [string, string][]): [string, string][] =>
    columns.filter(([column]) => features.action.has(column.split('/')[0] ?? column));
  const linkField = (): [string, string] => {
    const name = values['link_field'];
    return [
      'link_field_id/.id',
      typeof name === 'string' ? cell.id(resolved.field(cell.text(values['model']), name).id) : '',
    ];
  };
  switch (kind) {
    case 'code':
      return [['code', cell.text(values['code'])]];
    case 'update_record':
      return hasLines(features) ? [] : has(updatePathColumns(values['set'], cell.text(values['model']), resolved));
    case 'create_record':
      return [
        // With `state`, always: 17 to 19 would set it back to the action's own model (facts 4.5).
        ['crud_model_id/.id', cell.id(resolved.model(cell.text(values['creates'])))],
        linkField(),
        ...(hasLines(features)
          ? []
          : has([
              ['evaluation_type', 'value'],
              ['value', cell.text(entry(list(values['values'])[0], 'value'))],
            ])),
      ];
    case 'copy_record':
      return [
        ['crud_model_id/.id', cell.id(resolved.model(cell.text(values['copies'])))],
        linkField(),
        [
          'resource_ref',
          `${cell.text(values['copies'])},${resolved.record(cell.text(values['copies']), cell.text(values['record']))}`,
        ],
      ];
    case 'multi':
      // 19: the children are written instead (children.ts); before, the list is the parent's.
      return hasParents(features)
        ? []
        : [['child_ids/.id', cell.ids(list(values['actions']).map((child) => resolved.child(cell.text(child))))]];
    case 'webhook':
      return [
        ['webhook_url', urlText(values['url'], resolved)],
        [
          'webhook_field_ids/.id',
          cell.ids(
            list(values['fields']).map((name) => resolved.field(cell.text(values['model']), cell.text(name)).id),
          ),
        ],
      ];
    case 'email':
      return has([
        ['template_id/.id', cell.id(resolved.record('mail.template', cell.text(values['template'])))],
        ['mail_post_method', cell.text(values['method'])],
        ['mail_post_autofollow', cell.boolean(values['autofollow'])],
      ]);
    case 'activity':
      return has(activityColumns(values, resolved));
    case 'followers':
    case 'remove_followers':
      return has(followerColumns(values['who'], resolved));
  }
}

function activityColumns(values: Values, resolved: Resolved): [string, string][] {
  const user = entry(values['assign'], 'user');
  const field = entry(values['assign'], 'field');
  return [
    ['activity_type_id/.id', cell.id(resolved.record('mail.activity.type', cell.text(values['type'])))],
    ['activity_summary', cell.text(values['summary'])],
    ['activity_note', cell.text(values['note'])],
    ['activity_date_deadline_range', cell.number(entry(values['due'], 'in'))],
    ['activity_date_deadline_range_type', cell.text(entry(values['due'], 'unit'))],
    ['activity_user_type', typeof field === 'string' ? 'generic' : 'specific'],
    ['activity_user_id/.id', typeof user === 'string' ? cell.id(resolved.record('res.users', user)) : ''],
    ['activity_user_field_name', cell.text(field)],
  ];
}

function followerColumns(who: Value | undefined, resolved: Resolved): [string, string][] {
  const field = entry(who, 'field');
  const partners = list(entry(who, 'partners')).map((partner) => resolved.record('res.partner', cell.text(partner)));
  return [
    ['followers_type', typeof field === 'string' ? 'generic' : 'specific'],
    ['followers_partner_field_name', cell.text(field)],
    ['partner_ids/.id', cell.ids(partners)],
  ];
}

/** What another kind may have left behind, emptied when an action changes its kind. */
function otherKindsColumns(kind: ActionKind, features: Features): string[] {
  const columns: Readonly<Record<string, readonly ActionKind[]>> = {
    code: ['code'],
    // 17 and later compute these three together from `update_path`, but not once one of them is given.
    'crud_model_id/.id': ['create_record', 'copy_record', 'update_record'],
    'update_field_id/.id': ['update_record'],
    'update_related_model_id/.id': ['update_record'],
    'link_field_id/.id': ['create_record', 'copy_record'],
    update_path: ['update_record'],
    value: ['update_record', 'create_record'],
    html_value: ['update_record'],
    resource_ref: ['update_record', 'copy_record'],
    'selection_value/.id': ['update_record'],
    'sequence_id/.id': ['update_record'],
    webhook_url: ['webhook'],
    'webhook_field_ids/.id': ['webhook'],
    'template_id/.id': ['email'],
    'activity_type_id/.id': ['activity'],
    'partner_ids/.id': ['followers', 'remove_followers'],
    ...(hasParents(features) ? {} : { 'child_ids/.id': ['multi'] }),
  };
  return Object.entries(columns)
    .filter(([column, kinds]) => !kinds.includes(kind) && features.action.has(column.split('/')[0] ?? column))
    .map(([column]) => column);
}

function urlText(url: Value | undefined, resolved: Resolved): string {
  const secret = entry(url, 'secret');
  return typeof secret === 'string' ? resolved.secret(secret) : cell.text(url);
}
