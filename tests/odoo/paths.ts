import { homedir } from 'node:os';
import { join } from 'node:path';

export const odooVersions = ['14', '19'] as const;
export type OdooVersion = (typeof odooVersions)[number];

/**
 * The folder that holds installs, the PostgreSQL cluster and the records of what runs: outside the checkout, so that
 * every clone on the machine finds the same ones. Root's own cache folder is below a home that the users `postgres`
 * and `odoo` may not enter, so root uses the machine's cache folder instead.
 */
export function cacheRoot(): string {
  const chosen = process.env['ODOO_STEWARD_CACHE'];
  if (chosen) return chosen;
  if (process.getuid?.() === 0) return '/var/cache/odoo-steward';
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'odoo-steward');
}

/** The root folder of an Odoo install; `partial` is the name it has while it is being made. */
export function installFolder(version: OdooVersion, partial?: 'partial'): string {
  return join(cacheRoot(), partial ? `${version}.partial` : version);
}

export function logFileOf(name: string): string {
  return join(cacheRoot(), 'logs', `${name}.log`);
}

/** A folder of small JSON records, one a thing. */
export function recordsFolder(kind: 'leases' | 'servers' | 'databases' | 'companions' | 'locks'): string {
  return join(cacheRoot(), kind);
}
