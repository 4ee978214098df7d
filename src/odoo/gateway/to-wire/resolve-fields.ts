import type { OdooClient } from '../../odoo-client.js';
import { anyOf } from '../domains.js';
import { fieldFields, fieldRow, parseRows } from '../rows.js';

export interface FieldTarget {
  readonly id: number;
  readonly type: string;
  /** The model that a relational field points to. */
  readonly relation: string | null;
}

/**
 * The fields at the end of paths (`partner_id.comment`), by `<model>|<path>`; what does not exist is left out. One call
 * for each step of the longest path, whatever their number.
 */
export async function readFields(
  client: OdooClient,
  wanted: readonly { readonly model: string; readonly path: string }[],
): Promise<Map<string, FieldTarget>> {
  const found = new Map<string, FieldTarget>();
  let open = wanted.map(({ model, path }) => ({ key: `${model}|${path}`, model, rest: path.split('.') }));
  while (open.length > 0) {
    const names = new Map<string, Set<string>>();
    for (const { model, rest } of open) names.set(model, (names.get(model) ?? new Set()).add(rest[0] ?? ''));
    const rows = parseRows(
      fieldRow,
      await client.searchRead('ir.model.fields', {
        domain: anyOf(
          [...names].map(([model, ones]) => [
            ['model', '=', model],
            ['name', 'in', [...ones].sort()],
          ]),
        ),
        fields: fieldFields,
      }),
    );
    const byName = new Map(rows.map((row) => [`${row.model}|${row.name}`, row] as const));
    open = open.flatMap(({ key, model, rest }) => {
      const row = byName.get(`${model}|${rest[0] ?? ''}`);
      if (row === undefined) return [];
      if (rest.length === 1) {
        found.set(key, { id: row.id, type: row.ttype, relation: row.relation });
        return [];
      }
      return row.ttype === 'many2one' && row.relation !== null
        ? [{ key, model: row.relation, rest: rest.slice(1) }]
        : [];
    });
  }
  return found;
}
