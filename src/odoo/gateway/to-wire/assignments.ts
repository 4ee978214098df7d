import type { Value } from '../../../domain/plan/values.js';
import { cell } from './columns.js';
import { entry, list } from './entry.js';
import { Unresolvable, type Resolved } from './resolve.js';

/**
 * 17 and later: one assignment, spread over columns by the type of its target (facts 4.3). All columns are given, so that
 * what stood there for another type is emptied; those that this version lacks are dropped by the caller.
 */
export function updatePathColumns(set: Value | undefined, model: string, resolved: Resolved): [string, string][] {
  const [assignment, ...others] = list(set);
  if (assignment === undefined || others.length > 0) {
    throw new Unresolvable('Odoo 17 and later set one field an action: use one action a field in a "multi", or code');
  }
  const path = cell.text(entry(assignment, 'field'));
  const field = resolved.field(model, path);
  const to = cell.text(entry(assignment, 'to'));
  const value = entry(assignment, 'value') ?? null;
  const record = entry(assignment, 'record');
  const recordId = typeof record === 'string' ? resolved.record(field.relation ?? '*', record) : null;
  const isExpression = to === 'expression';
  const text = isExpression
    ? cell.text(entry(assignment, 'expression'))
    : recordId !== null
      ? String(recordId)
      : plainText(value);
  const sequence = entry(assignment, 'sequence');
  return [
    ['update_path', path],
    ['evaluation_type', isExpression ? 'equation' : to === 'sequence' ? 'sequence' : 'value'],
    ['value', field.type === 'boolean' && !isExpression ? '' : text],
    ['update_boolean_value', value === false ? 'false' : 'true'],
    ['update_m2m_operation', to === 'replace' ? 'set' : ['remove', 'clear'].includes(to) ? to : 'add'],
    // 19 empties an HTML field whose text stands in `value`; 17 and 18 have no other place for it.
    ['html_value', field.type === 'html' && to === 'value' ? plainText(value) : ''],
    ['resource_ref', recordId !== null && field.relation !== null ? `${field.relation},${recordId}` : ''],
    [
      'selection_value/.id',
      field.type === 'selection' && to === 'value' ? cell.id(resolved.selection(field.id, plainText(value))) : '',
    ],
    ['sequence_id/.id', typeof sequence === 'string' ? cell.id(resolved.record('ir.sequence', sequence)) : ''],
  ];
}

/** 14 to 16: a line each. What a plain value cannot say there (it reaches the field as text) is written as Python. */
export function lineCommands(set: Value | undefined, model: string, resolved: Resolved): unknown[] {
  return [
    [5, 0, 0],
    ...list(set).map((assignment) => {
      const field = resolved.field(model, cell.text(entry(assignment, 'field')));
      return [0, 0, { col1: field.id, ...lineValue(assignment, field.relation, resolved) }];
    }),
  ];
}

function lineValue(
  assignment: Value,
  relation: string | null,
  resolved: Resolved,
): { evaluation_type: string; value: string } {
  const to = cell.text(entry(assignment, 'to'));
  const value = entry(assignment, 'value') ?? null;
  switch (to) {
    case 'expression':
      return { evaluation_type: 'equation', value: cell.text(entry(assignment, 'expression')) };
    case 'record':
      return {
        evaluation_type: 'reference',
        value: String(resolved.record(relation ?? '*', cell.text(entry(assignment, 'record')))),
      };
    case 'value':
      if (value === null) return { evaluation_type: 'equation', value: 'False' };
      if (typeof value === 'boolean') return { evaluation_type: 'equation', value: value ? 'True' : 'False' };
      return { evaluation_type: 'value', value: plainText(value) };
    default:
      throw new Unresolvable(`"${to}" needs Odoo 17 or later: use an expression`);
  }
}

const plainText = (value: Value): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
