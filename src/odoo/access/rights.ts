import type { ExcessRights } from '../../app/ports.js';
import { ordinaryGroups, powerfulGroups } from '../../domain/access-roles.js';
import type { OdooClient } from '../odoo-client.js';

interface GroupRow {
  readonly id: number;
  readonly full_name: string;
  readonly [implied: string]: unknown;
}

/** Groups of a user beyond those allowed and what these imply. */
export async function excessRights(
  odoo: OdooClient,
  login: string,
  allowed: readonly string[],
): Promise<ExcessRights | null> {
  const groupsField = await userGroupsField(odoo);
  const [user] = await odoo.searchRead<Record<string, readonly number[]>>('res.users', {
    domain: [['login', '=', login]],
    fields: [groupsField],
    context: { active_test: false },
  });
  if (user === undefined) return null;
  const names = await groupNames(odoo);
  const groups = await odoo.searchRead<GroupRow>('res.groups', { domain: [], fields: ['full_name', 'implied_ids'] });
  const fine = withImplied(groups, names, [...ordinaryGroups, ...allowed]);
  const excess = (user[groupsField] ?? []).filter((id) => !fine.has(id));
  const shown = excess
    .map((id) => names.get(id) ?? groups.find((group) => group.id === id)?.full_name ?? `#${id}`)
    .sort();
  return {
    login,
    powerful: shown.filter((name) => powerfulGroups.includes(name)),
    others: shown.filter((name) => !powerfulGroups.includes(name)),
  };
}

/** `groups_id` up to 18, `group_ids` from 19 on; told by the field that is there. */
export async function userGroupsField(odoo: OdooClient): Promise<'groups_id' | 'group_ids'> {
  return 'group_ids' in (await odoo.fieldsGet('res.users')) ? 'group_ids' : 'groups_id';
}

async function groupNames(odoo: OdooClient): Promise<Map<number, string>> {
  const rows = await odoo.searchRead<{ complete_name: string; res_id: number }>('ir.model.data', {
    domain: [['model', '=', 'res.groups']],
    fields: ['complete_name', 'res_id'],
    order: 'id desc',
  });
  return new Map(rows.map((row) => [row.res_id, row.complete_name] as const));
}

function withImplied(
  groups: readonly GroupRow[],
  names: ReadonlyMap<number, string>,
  start: readonly string[],
): Set<number> {
  const implied = new Map(groups.map((group) => [group.id, group['implied_ids'] as readonly number[]] as const));
  const found = new Set<number>();
  const queue = groups.filter((group) => start.includes(names.get(group.id) ?? '')).map((group) => group.id);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    queue.push(...(implied.get(id) ?? []));
  }
  return found;
}
