import { accessRoles, type AccessRole, type RoleName } from '../domain/access-roles.js';
import type { AccessAdmin, EnsuredRecord, ExcessRights } from './ports.js';

export interface BootstrapRequest {
  /** Roles that get a new key although their user was there already. */
  readonly rotate: readonly RoleName[];
  /** Logins of credentials in use, to be judged: the runner's and the monitor's own users are always looked at. */
  readonly credentials: readonly { readonly role: RoleName; readonly login: string }[];
}

export interface BootstrappedRole {
  readonly role: AccessRole;
  readonly group: EnsuredRecord;
  readonly user: EnsuredRecord;
  /** Shown once; null when the user was there and no rotation was asked for. */
  readonly key: { readonly key: string; readonly validDays: number | null } | null;
}

export interface BootstrapReport {
  readonly roles: readonly BootstrappedRole[];
  readonly excess: readonly (ExcessRights & { readonly role: RoleName })[];
}

/**
 * Makes the two least-privilege groups and users where they are missing, a key for each new user, and says which
 * credentials have more rights than they need. Safe to repeat: what is there is left as it is.
 */
export async function bootstrap(
  ports: { readonly access: AccessAdmin },
  request: BootstrapRequest,
): Promise<BootstrapReport> {
  const roles: BootstrappedRole[] = [];
  for (const role of accessRoles) {
    const group = await ports.access.ensureGroup(role);
    const user = await ports.access.ensureUser(role, group.recordId);
    const wantsKey = user.created || request.rotate.includes(role.name);
    roles.push({ role, group, user, key: wantsKey ? await ports.access.createKey(role, user.recordId) : null });
  }
  const excess: (ExcessRights & { role: RoleName })[] = [];
  const own = accessRoles.map(({ name, login }) => ({ role: name, login }));
  for (const { role, login } of uniqueByLogin([...own, ...request.credentials])) {
    const allowed = accessRoles.filter(({ name }) => name === role).map(({ group }) => group);
    const rights = await ports.access.excessRights(login, allowed);
    if (rights !== null && rights.powerful.length + rights.others.length > 0) excess.push({ ...rights, role });
  }
  return { roles, excess };
}

function uniqueByLogin<T extends { readonly role: RoleName; readonly login: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [`${item.role}|${item.login}`, item] as const)).values()];
}
