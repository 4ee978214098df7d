import type { EnsuredRecord } from '../../app/ports.js';
import type { AccessRole } from '../../domain/access-roles.js';
import type { OdooClient } from '../odoo-client.js';
import { ensureRecord } from './ensure-record.js';

/** A key of an internal user lives 90 days at most unless one of its groups allows more (18 and later, facts 2.2). */
const KEY_DAYS = 365;

export async function ensureGroup(odoo: OdooClient, role: AccessRole): Promise<EnsuredRecord> {
  const fields = await odoo.fieldsGet('res.groups');
  const duration = 'api_key_duration' in fields ? { api_key_duration: KEY_DAYS } : {};
  const group = await ensureRecord(odoo, 'res.groups', role.group, { name: role.groupName, ...duration });
  await ensureReadAccess(odoo, role, group.recordId);
  return group;
}

async function ensureReadAccess(odoo: OdooClient, role: AccessRole, groupId: number): Promise<void> {
  if (role.reads.length === 0) return;
  const models = await odoo.searchRead<{ id: number; model: string }>('ir.model', {
    domain: [['model', 'in', role.reads]],
    fields: ['model'],
  });
  const granted = await odoo.searchRead<{ model_id: readonly [number, string] | null }>('ir.model.access', {
    domain: [['group_id', '=', groupId]],
    fields: ['model_id'],
  });
  const known = new Set(granted.map((row) => row.model_id?.[0]));
  const missing = models.filter((model) => !known.has(model.id));
  if (missing.length === 0) return;
  await odoo.create(
    'ir.model.access',
    missing.map(({ id, model }) => ({
      name: `${role.groupName}: ${model}`,
      model_id: id,
      group_id: groupId,
      perm_read: true,
      perm_write: false,
      perm_create: false,
      perm_unlink: false,
    })),
  );
}
