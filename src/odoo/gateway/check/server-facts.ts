import { z } from 'zod';
import type { PlannedWrite } from '../../../app/ports.js';
import type { LiveState } from '../../../domain/plan/state.js';
import { isOdooErrorOf } from '../../../domain/odoo-error.js';
import type { OdooClient } from '../../odoo-client.js';
import { anyOf } from '../domains.js';
import { ACTION_MODEL, groupsField, hasParents, readFeatures, type Features } from '../features.js';
import { RecordNames } from '../names.js';
import { readData } from '../read-actions.js';
import { dataConditions, recordIdOf, splitExternalId } from '../references.js';
import { modelRow, parseRows } from '../rows.js';
import { list } from '../to-wire/entry.js';
import { readFields, type FieldTarget } from '../to-wire/resolve-fields.js';
import { moduleCandidates } from './module-hints.js';
import { changes, needsUserGroups, type Use } from './uses.js';

/** What the planned writes need to know of this server; gathered in bulk, decided on by the rules. */
export interface ServerFacts {
  readonly features: Features;
  readonly serie: string;
  readonly live: LiveState | null;
  readonly models: ReadonlySet<string>;
  /** By `<model>|<path>`. */
  readonly fields: ReadonlyMap<string, FieldTarget>;
  readonly names: RecordNames;
  /** `<model>|<id>` of records named by number that exist. */
  readonly recordIds: ReadonlySet<string>;
  /** Groups that a user holds, implied ones included, by record ID. */
  readonly userGroups: ReadonlyMap<number, ReadonlySet<number>>;
  /** 19: who a child action belongs to, by record ID. */
  readonly parents: ReadonlyMap<number, { readonly id: number; readonly name: string }>;
  /** States of the modules that were asked about and that this server knows. */
  readonly modules: ReadonlyMap<string, string>;
}

const groupsRow = z.object({ id: z.number() }).catchall(z.unknown());
const moduleRow = z.object({ name: z.string(), state: z.string().nullable() });
const parentRow = z.object({ id: z.number(), parent_id: z.tuple([z.number(), z.unknown()]).nullable() });

/**
 * Calls, each only when something that changes needs it: models 1, fields 1 for each step of the longest path, users 1
 * (schedules), parents 1 (19, `multi`), records named by number 1 a model, modules 1 (new records, missing ones).
 */
export async function readServerFacts(
  client: OdooClient,
  writes: readonly PlannedWrite[],
  uses: readonly Use[],
  known: { readonly names: RecordNames | null; readonly live: LiveState | null },
): Promise<ServerFacts> {
  const features = await readFeatures(client);
  const modelNames = [...new Set(uses.flatMap((use) => (use.what === 'model' ? [use.model] : [])))].sort();
  const paths = uses.flatMap((use) => (use.what === 'field' ? [{ model: use.model, path: use.path }] : []));
  const names = known.names ?? (await readNames(client, writes, uses));
  const [modelRows, fields, userGroups, parents, version] = await Promise.all([
    modelNames.length === 0
      ? []
      : client.searchRead('ir.model', { domain: [['model', 'in', modelNames]], fields: ['model'] }),
    readFields(client, paths),
    readUserGroups(client, writes.filter(needsUserGroups), names, features),
    hasParents(features)
      ? readParents(
          client,
          writes.filter((write) => changes(write, 'actions')),
          names,
        )
      : new Map<number, { id: number; name: string }>(),
    client.version(),
  ]);
  const models = new Set(parseRows(modelRow, modelRows).map((row) => row.model));
  const recordIds = await readNumbered(client, uses, fields);
  const missing = [
    ...modelNames.filter((model) => !models.has(model)).flatMap(moduleCandidates),
    ...uses.flatMap((use) =>
      use.what === 'record' && names.modelOf(use.reference) === null ? [splitExternalId(use.reference).module] : [],
    ),
    // A namespace that holds records was looked at when the first of them was made.
    ...writes.flatMap(({ op, desired }) => (op === 'create' ? [splitExternalId(desired.externalId).module] : [])),
  ];
  const modules = await readModules(client, missing);
  return {
    features,
    serie: version.serie,
    live: known.live,
    models,
    fields,
    names,
    recordIds,
    userGroups,
    parents,
    modules,
  };
}

async function readModules(client: OdooClient, asked: readonly string[]): Promise<Map<string, string>> {
  if (asked.length === 0) return new Map();
  const rows = await client.searchRead('ir.module.module', {
    domain: [['name', 'in', [...new Set(asked)].sort()]],
    fields: ['name', 'state'],
  });
  return new Map(parseRows(moduleRow, rows).map((row) => [row.name, row.state ?? 'uninstalled'] as const));
}

async function readNames(
  client: OdooClient,
  writes: readonly PlannedWrite[],
  uses: readonly Use[],
): Promise<RecordNames> {
  const references = [
    ...uses.flatMap((use) => (use.what === 'record' ? [use.reference] : [])),
    ...writes.flatMap(({ desired }) => [
      ...list(desired.action['groups']),
      ...list(desired.action['actions']),
      desired.schedule?.['user'],
    ]),
  ].filter((one): one is string => typeof one === 'string' && recordIdOf(one) === null);
  return new RecordNames([], references.length === 0 ? [] : await readData(client, anyOf(dataConditions(references))));
}

/** Up to 18 a user's groups are stored with those that they imply; 19 keeps the two apart. */
async function readUserGroups(
  client: OdooClient,
  writes: readonly PlannedWrite[],
  names: RecordNames,
  features: Features,
): Promise<Map<number, Set<number>>> {
  const ids = writes.flatMap(({ desired }) => {
    const user = desired.schedule?.['user'];
    return typeof user === 'string' ? (names.idOf('res.users', user) ?? []) : [];
  });
  if (ids.length === 0) return new Map();
  const field = groupsField(features) === 'group_ids' ? 'all_group_ids' : 'groups_id';
  const rows = await client.searchRead('res.users', {
    domain: [['id', 'in', [...new Set(ids)]]],
    fields: [field],
    context: { active_test: false },
  });
  return new Map(
    parseRows(groupsRow, rows).map((row) => [row.id, new Set(z.array(z.number()).parse(row[field]))] as const),
  );
}

async function readParents(
  client: OdooClient,
  writes: readonly PlannedWrite[],
  names: RecordNames,
): Promise<Map<number, { id: number; name: string }>> {
  const ids = writes.flatMap(({ desired }) =>
    list(desired.action['actions']).flatMap((child) =>
      typeof child === 'string' ? (names.idOf(ACTION_MODEL, child) ?? []) : [],
    ),
  );
  if (ids.length === 0) return new Map();
  const rows = await client.searchRead(ACTION_MODEL, {
    domain: [['id', 'in', [...new Set(ids)]]],
    fields: ['parent_id'],
  });
  return new Map(
    parseRows(parentRow, rows).flatMap(({ id, parent_id: parent }) =>
      parent === null ? [] : [[id, { id: parent[0], name: String(parent[1]) }] as const],
    ),
  );
}

async function readNumbered(
  client: OdooClient,
  uses: readonly Use[],
  fields: ReadonlyMap<string, FieldTarget>,
): Promise<Set<string>> {
  const wanted = new Map<string, Set<number>>();
  for (const use of uses) {
    if (use.what !== 'record') continue;
    const id = recordIdOf(use.reference);
    const model = modelOf(use, fields);
    if (id !== null && model !== null) wanted.set(model, (wanted.get(model) ?? new Set()).add(id));
  }
  const found = await Promise.all(
    [...wanted].map(async ([model, ids]) => {
      try {
        const there = await client.search(model, [['id', 'in', [...ids]]], { context: { active_test: false } });
        return there.map((id) => `${model}|${id}`);
      } catch (error) {
        // A model that is not there is reported as such.
        if (isOdooErrorOf(error, 'odoo_user', 'odoo_server', 'odoo_missing', 'odoo_validation')) return [];
        throw error;
      }
    }),
  );
  return new Set(found.flat());
}

/** The model that a record must be of; null: told by a field that does not exist, or that points nowhere. */
export function modelOf(
  use: Extract<Use, { what: 'record' }>,
  fields: ReadonlyMap<string, FieldTarget>,
): string | null {
  return typeof use.of === 'string' ? use.of : (fields.get(`${use.of.model}|${use.of.path}`)?.relation ?? null);
}
