import { z } from 'zod';

/** Rows as the client hands them over, with `false` for empty already turned into null. */

const id = z.number().int().positive();
const text = z.string().nullable();
const ids = z.array(id);
/** `[id, display name]`; the name is for people only and may be empty. */
const link = z
  .tuple([id, z.unknown()])
  .rest(z.unknown())
  .transform(([target, name]) => ({ id: target, name: typeof name === 'string' ? name : '' }))
  .nullable();

export const dataRow = z.object({
  module: z.string(),
  name: z.string(),
  model: z.string(),
  res_id: z.number().nullable(),
});
export type DataRow = z.output<typeof dataRow>;

export const actionRow = z.object({
  id,
  name: text,
  model_id: link,
  model_name: text,
  state: text,
  usage: text,
  sequence: z.number().nullable(),
  help: text,
  code: text.default(null),
  binding_model_id: link,
  binding_type: text,
  binding_view_types: text,
  groups_id: ids.optional(),
  group_ids: ids.optional(),
  child_ids: ids,
  crud_model_name: text,
  link_field_id: link,
  write_uid: link,
  write_date: text,
  warning: text.default(null),
  fields_lines: ids.optional(),
  update_path: text.default(null),
  update_field_id: link.default(null),
  update_field_type: text.default(null),
  evaluation_type: text.default(null),
  value: text.default(null),
  html_value: text.optional(),
  update_m2m_operation: text.default(null),
  update_boolean_value: text.default(null),
  resource_ref: text.default(null),
  sequence_id: link.default(null),
  webhook_url: text.default(null),
  webhook_field_ids: ids.default([]),
  template_id: link.default(null),
  mail_post_method: text.default(null),
  mail_post_autofollow: z.boolean().nullable().default(null),
  followers_type: text.default(null),
  followers_partner_field_name: text.default(null),
  partner_ids: ids.default([]),
  activity_type_id: link.default(null),
  activity_summary: text.default(null),
  activity_note: text.default(null),
  activity_date_deadline_range: z.number().nullable().default(null),
  activity_date_deadline_range_type: text.default(null),
  activity_user_type: text.default(null),
  activity_user_id: link.default(null),
  activity_user_field_name: text.default(null),
});
export type ActionRow = z.output<typeof actionRow>;
export const actionFields: readonly string[] = Object.keys(actionRow.shape);
/** Computed by walking the action's fields: raises on a half-broken action (facts 4.1). */
export const fragileFields: ReadonlySet<string> = new Set(['warning', 'update_field_type']);

export const scheduleRow = z.object({
  id,
  cron_name: text.default(null),
  ir_actions_server_id: link,
  user_id: link,
  active: z.boolean(),
  interval_number: z.number().nullable(),
  interval_type: text,
  priority: z.number().nullable(),
  nextcall: text,
  lastcall: text,
  numbercall: z.number().nullable().default(null),
  failure_count: z.number().nullable().default(null),
  first_failure_date: text.default(null),
  write_uid: link,
  write_date: text,
});
export type ScheduleRow = z.output<typeof scheduleRow>;
export const scheduleFields: readonly string[] = Object.keys(scheduleRow.shape);

export const parameterRow = z.object({ id, key: z.string(), value: text });
export type ParameterRow = z.output<typeof parameterRow>;

/** 14 to 16: one assignment of an `update_record` or `create_record` action. */
export const lineRow = z.object({ id, col1: link, evaluation_type: text, value: text });
export type LineRow = z.output<typeof lineRow>;
export const lineFields: readonly string[] = Object.keys(lineRow.shape);

export const fieldRow = z.object({ id, model: z.string(), name: z.string(), ttype: z.string(), relation: text });
export type FieldRow = z.output<typeof fieldRow>;
export const fieldFields: readonly string[] = Object.keys(fieldRow.shape);

export const modelRow = z.object({ id, model: z.string() });

export const parseRows = <T>(row: z.ZodType<T>, rows: readonly unknown[]): T[] => rows.map((one) => row.parse(one));

/** Odoo's UTC `YYYY-MM-DD HH:MM:SS` as ISO 8601. */
export const toInstant = (time: string | null): string | null =>
  time === null ? null : `${time.slice(0, 19).replace(' ', 'T')}Z`;
