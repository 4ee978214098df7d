import type { Value } from '../../../domain/plan/values.js';
import type { RecordNames } from '../names.js';
import type { ActionRow, FieldRow, LineRow } from '../rows.js';

export interface Lookups {
  readonly names: RecordNames;
  /** `ir.model.fields`, by ID. */
  readonly fields: ReadonlyMap<number, FieldRow>;
  /** Technical names of models, by ID of `ir.model`. */
  readonly models: ReadonlyMap<number, string>;
  /** 14 to 16: lines by ID. */
  readonly lines: ReadonlyMap<number, LineRow>;
}

type Assigned = Readonly<Record<string, Value>>;
type NamedAssignment = Assigned & { readonly field: string };

const x2many: ReadonlySet<string> = new Set(['many2many', 'one2many']);
const numeric: ReadonlySet<string> = new Set(['integer', 'float', 'monetary', 'many2one_reference']);

/** `set` of an `update_record` action on 17 and later: one field, spread over several columns by its type (facts 4.3). */
export function fromUpdatePath(row: ActionRow, { names, fields }: Lookups): NamedAssignment[] {
  const field = row.update_path ?? '';
  if (field === '') return [];
  const relation = targetOf(row, fields)?.relation ?? '*';
  return [{ field, ...assigned(row, targetType(row, fields), relation, names) }];
}

/** Fields whose text went through Odoo's HTML sanitizer: 19 has a column of its own for them, before it the text is kept. */
export function htmlFields(row: ActionRow, { fields }: Pick<Lookups, 'fields'>): string[] {
  const { state, update_path: path, evaluation_type: evaluation, html_value: html } = row;
  if (state !== 'object_write' || path === null || evaluation !== 'value' || html === undefined) return [];
  return targetType(row, fields) === 'html' ? [path] : [];
}

const targetOf = (row: ActionRow, fields: Lookups['fields']): FieldRow | undefined =>
  row.update_field_id === null ? undefined : fields.get(row.update_field_id.id);

const targetType = (row: ActionRow, fields: Lookups['fields']): string =>
  row.update_field_type ?? targetOf(row, fields)?.ttype ?? '';

function assigned(row: ActionRow, type: string, relation: string, names: RecordNames): Assigned {
  const { value } = row;
  if (row.evaluation_type === 'equation') return { to: 'expression', expression: value ?? '' };
  if (row.evaluation_type === 'sequence') {
    return {
      to: 'sequence',
      sequence: row.sequence_id === null ? '' : names.nameOf('ir.sequence', row.sequence_id.id),
    };
  }
  if (type === 'boolean') return { to: 'value', value: row.update_boolean_value !== 'false' };
  if (type === 'html' && row.html_value !== undefined) return { to: 'value', value: row.html_value };
  if (x2many.has(type)) {
    if (row.update_m2m_operation === 'clear') return { to: 'clear' };
    const to = row.update_m2m_operation === 'set' ? 'replace' : (row.update_m2m_operation ?? 'add');
    return { to, record: recordOf(value, relation, names) ?? '' };
  }
  return plainValue(value, type, relation, names);
}

/** `set` or `values` on 14 to 16: one line a field; what the line has no notation for stands there as an expression. */
export function fromLines(row: ActionRow, { names, fields, lines }: Lookups): NamedAssignment[] {
  return (row.fields_lines ?? [])
    .flatMap((id) => {
      const line = lines.get(id);
      const field = line?.col1 ? fields.get(line.col1.id) : undefined;
      if (line === undefined || field === undefined) return [];
      return [{ field: field.name, ...fromLine(line, field, names) }];
    })
    .sort(byField);
}

function fromLine(line: LineRow, field: FieldRow, names: RecordNames): Assigned {
  if (line.evaluation_type !== 'equation') return plainValue(line.value, field.ttype, field.relation ?? '*', names);
  const expression = line.value ?? '';
  // A line's plain value reaches the field as text, and 'False' as a boolean is true: both sides write it as Python.
  if (expression === 'False') return { to: 'value', value: field.ttype === 'boolean' ? false : null };
  if (expression === 'True' && field.ttype === 'boolean') return { to: 'value', value: true };
  return { to: 'expression', expression };
}

/** `values` of a `create_record` action on 17 and later: Odoo passes on one text, the new record's name (facts 4.3). */
export const fromNameOnly = (row: ActionRow): NamedAssignment[] =>
  row.value === null || row.value === '' ? [] : [{ field: 'name', to: 'value', value: row.value }];

function plainValue(value: string | null, type: string, relation: string, names: RecordNames): Assigned {
  if (type === 'many2one') {
    const record = recordOf(value, relation, names);
    return record === null ? { to: 'value', value: null } : { to: 'record', record };
  }
  if (value === null || value === '') return { to: 'value', value: null };
  if (numeric.has(type)) return { to: 'value', value: Number.isFinite(Number(value)) ? Number(value) : value };
  return { to: 'value', value };
}

function recordOf(value: string | null, relation: string, names: RecordNames): string | null {
  const id = Number(value ?? '');
  return Number.isSafeInteger(id) && id > 0 ? names.nameOf(relation, id) : null;
}

/** Records that assignments point to, so that their names are looked up in one go. */
export function assignedRecords(
  row: ActionRow,
  { fields, lines }: Omit<Lookups, 'names'>,
): { model: string; id: number }[] {
  const found: { model: string; id: number }[] = [];
  const add = (value: string | null, relation: string | null | undefined): void => {
    const id = Number(value ?? '');
    if (typeof relation === 'string' && Number.isSafeInteger(id) && id > 0) found.push({ model: relation, id });
  };
  if (row.evaluation_type === 'value' && row.update_field_id !== null)
    add(row.value, fields.get(row.update_field_id.id)?.relation);
  if (row.evaluation_type === 'sequence' && row.sequence_id !== null)
    found.push({ model: 'ir.sequence', id: row.sequence_id.id });
  for (const id of row.fields_lines ?? []) {
    const line = lines.get(id);
    if (line?.col1 && line.evaluation_type !== 'equation') add(line.value, fields.get(line.col1.id)?.relation);
  }
  return found;
}

const byField = (one: NamedAssignment, other: NamedAssignment): number => (one.field < other.field ? -1 : 1);
