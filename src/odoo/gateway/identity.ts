import { z } from 'zod';
import { noAppliedIds, readAppliedIds, type AppliedIds } from '../../domain/plan/applied-ids.js';
import type { Binding, DatabaseIdentity } from '../../domain/plan/state.js';
import type { ParameterRow } from './rows.js';

export const BINDING_KEY = 'odoo_steward.binding';
const IDENTITY_KEYS: readonly string[] = ['database.uuid', 'web.base.url', 'database.is_neutralized', BINDING_KEY];

/** One list a namespace: several repositories may manage one database. */
export const appliedIdsKey = (namespace: string): string => `odoo_steward.applied.${namespace}`;

/** All that a plan needs of the parameters, so that one call reads it. */
export const parameterKeys = (namespace: string): readonly string[] => [...IDENTITY_KEYS, appliedIdsKey(namespace)];

const written = z.object({
  uuid: z.string(),
  database: z.string(),
  baseUrl: z.string().nullable(),
  boundAt: z.string(),
});

/** Parameters are text; the neutralising scripts write `true`, people write `True` or `1`. */
export function toIdentity(database: string, rows: readonly ParameterRow[]): DatabaseIdentity {
  const value = (key: string): string | null => rows.find((row) => row.key === key)?.value ?? null;
  const neutralized = value('database.is_neutralized');
  return {
    uuid: value('database.uuid') ?? '',
    database,
    baseUrl: value('web.base.url'),
    neutralized: neutralized !== null && !['', 'false', '0'].includes(neutralized.trim().toLowerCase()),
  };
}

/** What we wrote there; whatever else stands there is no binding. */
export function toBinding(rows: readonly ParameterRow[]): Binding | null {
  const text = rows.find((row) => row.key === BINDING_KEY)?.value;
  if (typeof text !== 'string') return null;
  try {
    return written.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What stood after the last apply; what somebody else left under our key is overwritten by the next one. */
export function toAppliedIds(namespace: string, rows: readonly ParameterRow[]): AppliedIds {
  const row = rows.find(({ key }) => key === appliedIdsKey(namespace));
  return row === undefined ? noAppliedIds : { recordId: row.id, digests: readAppliedIds(row.value) };
}
