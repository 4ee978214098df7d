import { z } from 'zod';

import type { Credential, OdooServerVersion, Protocol } from './odoo-client.js';

/** `common.version`, on either RPC endpoint, and `/web/webclient/version_info`. */
export const rpcVersion = z.object({ server_version: z.string(), server_serie: z.string() });
/** `GET /web/version` (19 and later). */
export const webVersion = z.object({ version: z.string() });

export type ProbedVersion = Pick<OdooServerVersion, 'serie' | 'major' | 'raw'>;

export const OLDEST = 14;
/** The first with JSON-2, and with RPC marked as deprecated. */
export const FIRST_WITH_JSON2 = 19;
/** The first whose JSON routes tell an exception without knowing the database. */
export const FIRST_WITHOUT_CHOSEN_DATABASE = 16;
/** Announced: the `common` and `object` services of `/jsonrpc` and `/xmlrpc/2` end. */
export const FIRST_WITHOUT_RPC = 22;

/** `19.0`, `17.0+e`, `14.0-20201005`, `saas~18.2`: null for what does not begin with a version. */
export function parseVersion(raw: string, serie: string = raw): ProbedVersion | null {
  const match = /^(saas[~-])?(\d{1,3})(\.\d+)?/.exec(serie);
  if (match === null) return null;
  const [name, , major] = match;
  return { raw, serie: name, major: Number(major) };
}

/** The best protocol that this version and this credential have in common. */
export function chooseProtocol(
  major: number,
  credential: Credential,
  probedOver: 'web' | 'jsonrpc' | 'xmlrpc',
): Protocol {
  if (credential.kind === 'api_key' && major >= FIRST_WITH_JSON2) return 'json2';
  // Where only XML-RPC is let through, the web session's routes may be closed, too.
  if (probedOver === 'xmlrpc') return 'xmlrpc';
  return credential.kind === 'password' ? 'session' : 'jsonrpc';
}
