import { randomBytes } from 'node:crypto';
import type { AccessAdmin } from '../../app/ports.js';
import type { ConnectOptions, OdooClient } from '../odoo-client.js';
import { makeApiKey } from './api-key.js';
import { ensureRecord } from './ensure-record.js';
import { ensureGroup } from './groups.js';
import { excessRights, userGroupsField } from './rights.js';

/**
 * `odoo` signs in as an administrator (`base.group_system`); `connectAs` opens a web session of another user of the same
 * instance, which is the only way to a key that every version allows.
 */
export function createAccessAdmin(
  odoo: OdooClient,
  connectAs: (credential: ConnectOptions['credential'], protocol: 'session') => OdooClient,
): AccessAdmin {
  return {
    ensureGroup: (role) => ensureGroup(odoo, role),
    async ensureUser(role, groupId) {
      const internal = await internalGroup(odoo);
      return ensureRecord(
        odoo,
        'res.users',
        role.user,
        {
          name: role.userName,
          login: role.login,
          password: newPassword(),
          [await userGroupsField(odoo)]: [[6, 0, [internal, groupId]]],
        },
        // Without it, auth_signup mails an invitation to the new user.
        { no_reset_password: true },
      );
    },
    async createKey(role, userId) {
      // A password that nobody knows after this, long enough for every password policy of Odoo.
      const password = newPassword();
      await odoo.write('res.users', [userId], { password });
      const session = connectAs({ login: role.login, secret: password, kind: 'password' }, 'session');
      try {
        return await makeApiKey(session, 'odoo-steward', password);
      } finally {
        session.close();
      }
    },
    excessRights: (login, allowed) => excessRights(odoo, login, allowed),
  };
}

const newPassword = (): string => `${randomBytes(24).toString('base64url')}aA1!`;

async function internalGroup(odoo: OdooClient): Promise<number> {
  const [row] = await odoo.searchRead<{ res_id: number }>('ir.model.data', {
    domain: [
      ['module', '=', 'base'],
      ['name', '=', 'group_user'],
    ],
    fields: ['res_id'],
  });
  if (row === undefined) throw new Error('This database has no group base.group_user: it is no whole Odoo database');
  return row.res_id;
}
