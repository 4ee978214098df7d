import type { ExportFilter, LiveReader, LiveScope, PlannedWrite } from '../../app/ports.js';
import type { LiveSchedule, LiveState } from '../../domain/plan/state.js';
import type { Problem } from '../../domain/problem.js';
import type { OdooClient, OdooDomain } from '../odoo-client.js';
import { checkWrites } from './check/check-writes.js';
import { anyOf, type Condition } from './domains.js';
import { ACTION_MODEL, isKind, readFeatures, SCHEDULE_MODEL, statesOfKind } from './features.js';
import { toLiveAction } from './from-wire/action.js';
import { toLiveSchedule } from './from-wire/schedule.js';
import { parameterKeys, toAppliedIds, toBinding, toIdentity } from './identity.js';
import { withFreshFields } from './fresh-fields.js';
import { RecordNames } from './names.js';
import { joinOwnership, toOwnership, type Ownership } from './ownership.js';
import { readActionRows, readData, readLookups, readScheduleRows } from './read-actions.js';
import { dataConditions, recordIdOf } from './references.js';
import { parameterRow, parseRows, type ActionRow, type ScheduleRow } from './rows.js';

export interface LiveReaderOptions {
  /** The database's name: part of its identity. */
  readonly database: string;
  /** For `readSchedules` without a `read` before it: tells which schedules are ours. */
  readonly namespace?: string;
}

interface Context {
  readonly scope: LiveScope;
  readonly names: RecordNames;
  ownership: Ownership;
}

/** Models whose external IDs are read as a whole: ours to own, and those that every action or schedule points to. */
const NAMED_MODELS: readonly string[] = [ACTION_MODEL, SCHEDULE_MODEL, 'res.groups', 'res.users'];

/** Reads server actions and schedules of one database as the house's live state. Holds nothing that can write. */
export function createLiveReader(client: OdooClient, options: LiveReaderOptions): LiveReader {
  /** Of the last `read` or `readAll`: names for `reread`, and what `check` need not ask again. */
  let context: Context | null = null;
  let lastLive: LiveState | null = null;

  async function begin(scope: LiveScope): Promise<Context> {
    const wanted = scope.references
      .map(({ reference }) => reference)
      .filter((reference) => recordIdOf(reference) === null);
    const rows = await readData(
      client,
      anyOf([['module', '=', scope.namespace], ['model', 'in', NAMED_MODELS], ...dataConditions(wanted)]),
    );
    return { scope, names: new RecordNames(scope.references, rows), ownership: toOwnership(scope.namespace, rows) };
  }

  async function readState(
    current: Context,
    actionDomain: OdooDomain | null,
    scheduleDomain: OdooDomain | null,
    keep: (
      actions: readonly ActionRow[],
      schedules: readonly ScheduleRow[],
    ) => [readonly ActionRow[], readonly ScheduleRow[]],
  ): Promise<LiveState> {
    const features = await readFeatures(client);
    const [allActions, allSchedules, parameters, version] = await Promise.all([
      actionDomain === null ? [] : readActionRows(client, actionDomain, features),
      scheduleDomain === null ? [] : readScheduleRows(client, scheduleDomain, features),
      client.searchRead('ir.config_parameter', {
        domain: [['key', 'in', parameterKeys(current.scope.namespace)]],
        fields: ['key', 'value'],
      }),
      client.version(),
    ]);
    const [actions, schedules] = keep(allActions, allSchedules);
    const identityRows = parseRows(parameterRow, parameters);
    return {
      identity: toIdentity(options.database, identityRows),
      binding: toBinding(identityRows),
      appliedIds: toAppliedIds(current.scope.namespace, identityRows),
      serie: version.serie,
      ...(await toLive(current, actions, schedules)),
      references: current.names.found(),
      foreign: current.ownership.foreign,
    };
  }

  async function toLive(current: Context, actions: readonly ActionRow[], schedules: readonly ScheduleRow[]) {
    const { names, ownership, scope } = current;
    const [lookups, { uid }] = await Promise.all([readLookups(client, actions, names), client.version()]);
    const source = {
      ...lookups,
      uid,
      owned: ownership.actions,
      secretDigests: scope.secretDigests,
      plainUrlActions: scope.plainUrlActions ?? new Set<string>(),
    };
    return {
      actions: actions.map((row) => toLiveAction(row, source)),
      schedules: schedules.map((row) => toLiveSchedule(row, { names, uid, owned: ownership.schedules })),
    };
  }

  return {
    async read(scope: LiveScope): Promise<LiveState> {
      const current = await begin(scope);
      const wantedIds = (model: string): number[] =>
        scope.references.flatMap((one) =>
          one.model === model ? (current.names.idOf(model, one.reference) ?? []) : [],
        );
      const actionIds = sorted([...current.ownership.actions.keys(), ...wantedIds(ACTION_MODEL)]);
      const scheduleIds = sorted([...current.ownership.schedules.keys(), ...wantedIds(SCHEDULE_MODEL)]);
      const live = await withFreshFields(client, () =>
        readState(
          current,
          actionIds.length === 0 ? null : [['id', 'in', actionIds]],
          // A schedule that somebody else made over one of our actions belongs in the picture, too.
          actionIds.length + scheduleIds.length === 0
            ? null
            : anyOf([
                ['id', 'in', scheduleIds],
                ['ir_actions_server_id', 'in', actionIds],
              ]),
          (actions, schedules) => [actions, schedules],
        ),
      );
      context = current;
      lastLive = live;
      return live;
    },

    async reread(actionIds, scheduleIds) {
      const current = context ?? (await begin({ namespace: '', references: [], secretDigests: new Map() }));
      context = current;
      const features = await readFeatures(client);
      // What was ours before the write still is, by the same name; only new records have names to learn.
      const { ownership } = current;
      const unnamed: Condition[][] = [
        namesOf(
          ACTION_MODEL,
          actionIds.filter((id) => !ownership.actions.has(id)),
        ),
        namesOf(
          SCHEDULE_MODEL,
          scheduleIds.filter((id) => !ownership.schedules.has(id)),
        ),
      ].filter((conditions) => conditions.length > 0);
      const [rows, actions, schedules] = await Promise.all([
        unnamed.length === 0 ? null : readData(client, anyOf(unnamed)),
        actionIds.length === 0 ? [] : readActionRows(client, [['id', 'in', sorted(actionIds)]], features),
        scheduleIds.length === 0 ? [] : readScheduleRows(client, [['id', 'in', sorted(scheduleIds)]], features),
      ]);
      if (rows !== null) {
        current.names.add(rows);
        current.ownership = joinOwnership(current.ownership, toOwnership(current.scope.namespace, rows));
      }
      return await toLive(current, actions, schedules);
    },

    async readAll(filter, scope) {
      const current = await begin(scope);
      const live = await withFreshFields(client, () =>
        readState(current, exportDomain(filter), [], (actions, schedules) =>
          exported(filter, actions, schedules, current.names),
        ),
      );
      context = current;
      return live;
    },

    async check(writes: readonly PlannedWrite[]): Promise<readonly Problem[]> {
      return await checkWrites(client, writes, { names: context?.names ?? null, live: lastLive });
    },

    // Two calls side by side: a reader that watches for days must learn of new external IDs, too.
    async readSchedules(): Promise<readonly LiveSchedule[]> {
      const features = await readFeatures(client);
      const namespace = context?.scope.namespace ?? options.namespace ?? '';
      const [data, rows, { uid }] = await Promise.all([
        readData(client, [['model', 'in', [ACTION_MODEL, SCHEDULE_MODEL, 'res.users']]]),
        readScheduleRows(client, [], features),
        client.version(),
      ]);
      const names = new RecordNames(context?.scope.references ?? [], data);
      const owned = toOwnership(namespace, data).schedules;
      return rows.map((row) => toLiveSchedule(row, { names, uid, owned }));
    },
  };
}

function exportDomain(filter: ExportFilter): OdooDomain {
  const domain: Condition[] = [];
  if (filter.models !== undefined) domain.push(['model_id.model', 'in', filter.models]);
  if (filter.name !== undefined) domain.push(['name', 'ilike', filter.name]);
  if (filter.recordIds !== undefined) domain.push(['id', 'in', filter.recordIds]);
  if (filter.kinds !== undefined) {
    domain.push([
      'state',
      'in',
      filter.kinds.flatMap((kind) => (isKind(kind) ? statesOfKind(kind) : [kind.replace(/^unsupported:/, '')])),
    ]);
  }
  return domain;
}

/** Conditions that Odoo cannot decide in the same call: who owns an external ID, and which actions have a schedule. */
function exported(
  filter: ExportFilter,
  actions: readonly ActionRow[],
  schedules: readonly ScheduleRow[],
  names: RecordNames,
): [ActionRow[], ScheduleRow[]] {
  const scheduled = new Set(schedules.flatMap((row) => row.ir_actions_server_id?.id ?? []));
  const kept = actions.filter((row) => {
    if (filter.scheduled !== undefined && scheduled.has(row.id) !== filter.scheduled) return false;
    if (filter.modules === undefined) return true;
    const modules = names.externalIdsOf(ACTION_MODEL, row.id).map((externalId) => externalId.split('.')[0] ?? '');
    return modules.length === 0 ? filter.modules.includes('') : modules.some((name) => filter.modules?.includes(name));
  });
  const ids = new Set(kept.map((row) => row.id));
  return [kept, schedules.filter((row) => row.ir_actions_server_id !== null && ids.has(row.ir_actions_server_id.id))];
}

const namesOf = (model: string, ids: readonly number[]): Condition[] =>
  ids.length === 0
    ? []
    : [
        ['model', '=', model],
        ['res_id', 'in', sorted(ids)],
      ];

const sorted = (ids: readonly number[]): number[] => [...new Set(ids)].sort((one, other) => one - other);
