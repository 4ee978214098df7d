import { z } from 'zod';

const field = z.object({
  type: z.string(),
  string: z.string().optional(),
  required: z.boolean().optional(),
  readonly: z.boolean().optional(),
  store: z.boolean().optional(),
  relation: z.string().optional(),
  // Some models have keys that are not text; nobody here needs those.
  selection: z
    .array(z.tuple([z.string(), z.string()]))
    .optional()
    .catch(undefined),
});

export type ModelField = z.infer<typeof field>;
export type ModelFields = Readonly<Record<string, ModelField>>;
export const modelFields: z.ZodType<ModelFields> = z.record(z.string(), field);

/** What `fields_get` is asked for. */
export const fieldAttributes = ['type', 'string', 'required', 'readonly', 'store', 'relation', 'selection'] as const;

/** A `Map` will do. The key names address, database, version, user and model: fields differ with each. */
export interface FieldsCache {
  get(key: string): ModelFields | undefined;
  set(key: string, fields: ModelFields): unknown;
}

/** Odoo says `false` for empty, except where the value itself is a boolean or free JSON. */
const keepsFalse: ReadonlySet<string> = new Set(['boolean', 'json']);

export function fieldsHoldingFalse(rows: readonly Record<string, unknown>[], fields: readonly string[]): string[] {
  return fields.filter((name) => rows.some((row) => row[name] === false));
}

/** In place: the rows were made for this caller alone. */
export function emptyToNull(
  rows: readonly Record<string, unknown>[],
  names: readonly string[],
  fields: ModelFields,
): void {
  for (const name of names) {
    const type = fields[name]?.type;
    if (type === undefined || keepsFalse.has(type)) continue;
    for (const row of rows) if (row[name] === false) row[name] = null;
  }
}
