import { createHash } from 'node:crypto';
import { normalizeCode } from '../../../domain/plan/desired-state.js';
import type { LiveAction } from '../../../domain/plan/state.js';
import type { Value, Values } from '../../../domain/plan/values.js';
import { ACTION_MODEL, kindOfState } from '../features.js';
import { toInstant, type ActionRow } from '../rows.js';
import { fromLines, fromNameOnly, fromUpdatePath, htmlFields, type Lookups } from './assignments.js';
import { plainHtml } from '../../../domain/plan/plain-html.js';

export interface ActionSource extends Lookups {
  /** The user that we work as; null: who wrote last is of no interest. */
  readonly uid: number | null;
  /** Ours, by record ID. */
  readonly owned: ReadonlyMap<number, string>;
  /** SHA-256 of the secrets that webhook URLs may stand for, by name. */
  readonly secretDigests: ReadonlyMap<string, string>;
  /**
   * External IDs of actions whose URL stands in git as text. Of all others of ours the live one is never shown: it is, or
   * was until its definition went, a secret.
   */
  readonly plainUrlActions: ReadonlySet<string>;
}

export function toLiveAction(row: ActionRow, source: ActionSource): LiveAction {
  const { names } = source;
  return {
    recordId: row.id,
    externalId: source.owned.get(row.id) ?? null,
    externalIds: names.externalIdsOf(ACTION_MODEL, row.id),
    values: actionValues(row, source),
    lastEdit: lastEdit(row, source.uid),
    help: row.help,
    htmlFields: htmlFields(row, source),
    usedBySchedule: row.usage === 'ir_cron',
    warning: row.warning === '' ? null : row.warning,
  };
}

export function lastEdit(row: Pick<ActionRow, 'write_uid' | 'write_date'>, uid: number | null): LiveAction['lastEdit'] {
  const at = toInstant(row.write_date);
  return at === null ? null : { by: row.write_uid?.name ?? '', at, isOwn: row.write_uid?.id === uid };
}

/** The managed fields in the house's normal form (domain/plan/state.ts). */
function actionValues(row: ActionRow, source: ActionSource): Values {
  const { names } = source;
  const kind = kindOfState(row.state ?? '');
  return {
    name: row.name ?? '',
    model: row.model_name ?? '',
    kind: kind ?? `unsupported:${row.state ?? ''}`,
    sequence: row.sequence ?? 0,
    groups: (row.group_ids ?? row.groups_id ?? []).map((id) => names.nameOf('res.groups', id)).sort(),
    binding: bindingOf(row, source),
    ...(kind === null ? {} : kindValues(kind, row, source)),
  };
}

function bindingOf(row: ActionRow, { models }: ActionSource): Value {
  if (row.binding_model_id === null) return null;
  const model =
    row.binding_model_id.id === row.model_id?.id
      ? (row.model_name ?? '')
      : (models.get(row.binding_model_id.id) ?? `#${row.binding_model_id.id}`);
  const views = (row.binding_view_types ?? '')
    .split(',')
    .map((view) => view.trim())
    .filter((view) => view !== '')
    .sort();
  // Shown in the Print menu instead: no definition can ask for it, so it must show as a difference.
  return row.binding_type === 'report' ? { model, views, type: 'report' } : { model, views };
}

function kindValues(kind: NonNullable<ReturnType<typeof kindOfState>>, row: ActionRow, source: ActionSource): Values {
  const { names, fields } = source;
  const linkField =
    row.link_field_id === null ? null : (fields.get(row.link_field_id.id)?.name ?? `#${row.link_field_id.id}`);
  const named = (model: string, link: { id: number } | null): Value =>
    link === null ? null : names.nameOf(model, link.id);
  switch (kind) {
    case 'code':
      return { code: normalizeCode(row.code) };
    case 'update_record':
      return { set: row.fields_lines === undefined ? fromUpdatePath(row, source) : fromLines(row, source) };
    case 'create_record':
      return {
        creates: row.crud_model_name ?? row.model_name ?? '',
        values: row.fields_lines === undefined ? fromNameOnly(row) : fromLines(row, source),
        link_field: linkField,
      };
    case 'copy_record':
      return {
        copies: row.crud_model_name ?? '',
        record: recordReference(row.resource_ref, source),
        link_field: linkField,
      };
    case 'multi':
      // Odoo hands the children over in the order in which it runs them: sequence, then name.
      return { actions: row.child_ids.map((id) => names.nameOf(ACTION_MODEL, id)) };
    case 'webhook':
      return {
        url: webhookUrl(row.webhook_url, source, source.owned.get(row.id) ?? ''),
        fields: row.webhook_field_ids.map((id) => fields.get(id)?.name ?? `#${id}`).sort(),
      };
    case 'email':
      return {
        template: named('mail.template', row.template_id),
        method: row.mail_post_method ?? 'email',
        autofollow: row.mail_post_autofollow ?? false,
      };
    case 'activity':
      return {
        type: named('mail.activity.type', row.activity_type_id),
        summary: row.activity_summary === '' ? null : row.activity_summary,
        note: plainHtml(row.activity_note),
        due: { in: row.activity_date_deadline_range ?? 0, unit: row.activity_date_deadline_range_type ?? 'days' },
        assign: assignee(row, source),
      };
    case 'followers':
    case 'remove_followers':
      return {
        who:
          row.followers_type === 'generic'
            ? { field: row.followers_partner_field_name ?? '' }
            : { partners: row.partner_ids.map((id) => names.nameOf('res.partner', id)).sort() },
      };
  }
}

function assignee(row: ActionRow, { names }: ActionSource): Value {
  if (row.activity_user_type === 'generic') return { field: row.activity_user_field_name ?? '' };
  return row.activity_user_id === null ? null : { user: names.nameOf('res.users', row.activity_user_id.id) };
}

/** `res.partner,7`. */
export function splitRecord(reference: string | null): { model: string; id: number } | null {
  const match = /^([^,]+),(\d+)$/.exec(reference ?? '');
  return match?.[1] === undefined ? null : { model: match[1], id: Number(match[2]) };
}

function recordReference(reference: string | null, { names }: ActionSource): Value {
  const record = splitRecord(reference);
  return record === null ? null : names.nameOf(record.model, record.id);
}

/** A URL that is one of our secrets, or stands where one should, is told by its digest; its text stays here. */
function webhookUrl(url: string | null, { secretDigests, plainUrlActions }: ActionSource, externalId: string): Value {
  if (url === null) return null;
  const digest = createHash('sha256').update(url).digest('hex');
  for (const [secret, known] of secretDigests) if (known === digest) return { secret, digest };
  return externalId === '' || plainUrlActions.has(externalId) ? url : { secret: '(other)', digest };
}
