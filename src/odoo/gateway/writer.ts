import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveWriter } from '../../app/ports.js';
import { isOdooErrorOf } from '../../domain/odoo-error.js';
import type { Binding } from '../../domain/plan/state.js';
import type { OdooClient } from '../odoo-client.js';
import { adoptRecords } from './adopt-records.js';
import { deleteActions, deleteSchedules } from './delete-records.js';
import { appliedIdsKey, BINDING_KEY } from './identity.js';
import type { Patience } from './load-rows.js';
import { writeActions } from './write-actions.js';
import { writeSchedules } from './write-schedules.js';

export interface LiveWriterOptions {
  /** The text of a secret that a webhook URL names; it goes to Odoo and nowhere else. */
  readonly resolveSecret: (name: string) => string;
  /** How long a record that Odoo is working on is tried again before it is reported as busy. */
  readonly busyTimeoutMs?: number;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Writes one database, and tells of each record what became of it. Only a programming error throws after a write. */
export function createLiveWriter(client: OdooClient, options: LiveWriterOptions): LiveWriter {
  const patience: Patience = {
    busyTimeoutMs: options.busyTimeoutMs ?? 20_000,
    now: options.now ?? Date.now,
    sleep: options.sleep ?? (async (ms) => sleep(ms)),
  };
  return {
    writeActions: (writes) => writeActions(client, writes, { resolveSecret: options.resolveSecret, patience }),
    writeSchedules: (writes) => writeSchedules(client, writes, patience),
    deleteSchedules: (records) => deleteSchedules(client, records, patience),
    deleteActions: (records) => deleteActions(client, records, patience),
    adopt: (records) => adoptRecords(client, records),
    bind: (binding) => bind(client, binding),
    remember: (list) => remember(client, list),
  };
}

/** The plan has just read that there is no binding; Odoo's unique key refuses a second one made meanwhile. */
async function bind(client: OdooClient, binding: Binding): Promise<void> {
  const values = { key: BINDING_KEY, value: JSON.stringify(binding) };
  try {
    await client.create('ir.config_parameter', [values]);
  } catch (error) {
    if (!isOdooErrorOf(error, 'odoo_validation', 'odoo_user', 'odoo_server')) throw error;
    const known = await client.search('ir.config_parameter', [['key', '=', BINDING_KEY]]);
    if (known.length === 0) throw error;
    await client.write('ir.config_parameter', known, values);
  }
}

/** One call: the plan has read whether the parameter is there. */
async function remember(
  client: OdooClient,
  { namespace, recordId, text }: Parameters<LiveWriter['remember']>[0],
): Promise<void> {
  const values = { key: appliedIdsKey(namespace), value: text };
  if (recordId === null) await client.create('ir.config_parameter', [values]);
  else await client.write('ir.config_parameter', [recordId], values);
}
