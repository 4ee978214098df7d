import { nearest } from '../domain/definitions/did-you-mean.js';
import type { Definition, TriggerSpec } from '../domain/definitions/definition.js';
import { toDesiredState } from '../domain/plan/desired-state.js';
import { judgeIdentity } from '../domain/plan/identity.js';
import type { DefinitionsSource, ActionRunner, ActionRunOutcome, LiveReader, SecretStore } from './ports.js';
import { DefinitionsInvalid } from './definitions-invalid.js';
import { loadDefinitions } from './load-definitions.js';
import type { PlanTarget } from './make-plan.js';

export type RunRefusalCode =
  | 'definition_unknown'
  | 'not_triggerable'
  | 'not_here'
  | 'reason_missing'
  | 'records_missing'
  | 'records_unwanted'
  | 'records_outside_domain'
  | 'too_many_records'
  | 'not_applied'
  | 'database_copy';

/** A run that was not begun: Odoo was not asked to run anything. */
export class RunRefused extends Error {
  override readonly name = 'RunRefused';
  constructor(
    readonly code: RunRefusalCode,
    message: string,
  ) {
    super(message);
  }
}

/** Finds records, as the user who will run the action. */
export interface RecordFinder {
  search(model: string, domain: readonly unknown[], limit: number): Promise<readonly number[]>;
}

export interface RunPorts {
  readonly source: DefinitionsSource;
  readonly secrets: SecretStore;
  readonly reader: Pick<LiveReader, 'read'>;
  readonly records: RecordFinder;
  readonly runner: Pick<ActionRunner, 'run'>;
}

export type RunRecords =
  | { readonly kind: 'none' }
  | { readonly kind: 'ids'; readonly ids: readonly number[] }
  /** Of the definition's domain, those that are in this one, too; empty: all of them. */
  | { readonly kind: 'domain'; readonly domain: readonly unknown[] };

export interface RunActionRequest {
  readonly definitionId: string;
  readonly records: RunRecords;
  readonly reason: string | null;
}

/** A run that everything allows, with the records that it is about. */
export interface PreparedRun {
  readonly definition: Definition;
  readonly actionId: number;
  readonly recordIds: readonly number[];
}

/**
 * Finds the action and the records of a run, or refuses: what the definition's `trigger` does not allow, records outside
 * its domain (which Odoo evaluates), an action that is not in the database, and a database that is a copy.
 */
export async function prepareRun(ports: RunPorts, target: PlanTarget, request: RunActionRequest): Promise<PreparedRun> {
  const { tree, set, problems } = await loadDefinitions(ports, target.environment);
  if (set === null) throw new DefinitionsInvalid(tree.description, problems);
  const definition = set.definitions.find((one) => one.id === request.definitionId);
  if (definition === undefined) {
    const ids = set.definitions.map((one) => one.id);
    throw unknown(request.definitionId, ids, tree.description);
  }
  const trigger = allowedTrigger(definition, request);

  const desired = toDesiredState(
    { namespace: set.namespace, definitions: [definition] },
    { secretDigest: (name) => ports.secrets.digest(name) },
  );
  const live = await ports.reader.read({ namespace: desired.namespace, references: [], secretDigests: new Map() });
  const verdict = judgeIdentity(live.binding, live.identity, target.url);
  if (verdict.kind === 'copy') {
    throw new RunRefused(
      'database_copy',
      `This is not the database that ${target.instance} is bound to (${verdict.reasons.join('; ')}): nothing is run here until somebody binds it again with "odoo-steward instances --bind ${target.instance}".`,
    );
  }
  const action = live.actions.find((one) => one.externalId === definition.externalId);
  if (action === undefined) {
    throw new RunRefused(
      'not_applied',
      `${definition.externalId} is not in this database yet: run "odoo-steward apply ${target.instance}" first.`,
    );
  }
  return { definition, actionId: action.recordId, recordIds: await findRecords(ports, definition, trigger, request) };
}

/** Runs it, once: whatever becomes of it, it is not tried again. */
export async function runPrepared(
  ports: Pick<RunPorts, 'runner'>,
  { definition, actionId, recordIds }: PreparedRun,
  signal?: AbortSignal,
): Promise<ActionRunOutcome> {
  return ports.runner.run({
    actionId,
    model: definition.model,
    recordIds,
    ...(signal === undefined ? {} : { signal }),
  });
}

function allowedTrigger(definition: Definition, { reason }: RunActionRequest): TriggerSpec {
  const { id, trigger } = definition;
  if (trigger === null) {
    throw new RunRefused(
      'not_triggerable',
      `"${id}" has no trigger, so nobody may run it from here: add one to ${definition.at.file} if that is wanted.`,
    );
  }
  if (trigger.mode === 'enqueue')
    throw new RunRefused(
      'not_here',
      `"${id}" is to be run by Odoo's own worker (mode: enqueue), which the command line cannot ask for.`,
    );
  const required = Object.entries(trigger.parameters).flatMap(([name, parameter]) =>
    parameter.required && parameter.default === null ? [name] : [],
  );
  if (required.length > 0)
    throw new RunRefused(
      'not_here',
      `"${id}" needs parameters (${required.join(', ')}), which the command line cannot give.`,
    );
  if (trigger.reason === 'required' && (reason ?? '').trim() === '')
    throw new RunRefused('reason_missing', `"${id}" wants a reason: say why with --reason "…".`);
  return trigger;
}

async function findRecords(
  ports: RunPorts,
  { id, model }: Definition,
  { records }: TriggerSpec,
  request: RunActionRequest,
): Promise<readonly number[]> {
  const wanted = request.records;
  if (records === null) {
    if (wanted.kind === 'none') return [];
    throw new RunRefused('records_unwanted', `"${id}" runs without records: leave --ids and --domain out.`);
  }
  const { domain, max } = records;
  if (wanted.kind === 'none')
    throw new RunRefused(
      'records_missing',
      `On which records of ${model}? Name them with --ids 1,2 or --domain '[]' (all that the definition allows).`,
    );
  if (wanted.kind === 'domain') {
    const found = await ports.records.search(model, [...domain, ...wanted.domain], max + 1);
    if (found.length > max) throw tooMany(id, `more than ${max}`, max);
    if (found.length === 0) throw new RunRefused('records_missing', `No record of ${model} matches: nothing was run.`);
    return found;
  }
  const ids = [...new Set(wanted.ids)];
  if (ids.length > max) throw tooMany(id, String(ids.length), max);
  const found = new Set(await ports.records.search(model, [...domain, ['id', 'in', ids]], ids.length));
  const outside = ids.filter((one) => !found.has(one));
  if (outside.length > 0) {
    throw new RunRefused(
      'records_outside_domain',
      `"${id}" may not run on ${model} ${outside.slice(0, 10).join(', ')}${outside.length > 10 ? ` and ${outside.length - 10} more` : ''}: they are not in its domain, or not there. Nothing was run.`,
    );
  }
  return ids;
}

const tooMany = (id: string, count: string, max: number): RunRefused =>
  new RunRefused(
    'too_many_records',
    `"${id}" may run on ${max} records at a time, and these are ${count}: name fewer.`,
  );

function unknown(id: string, ids: readonly string[], source: string): RunRefused {
  const near = nearest(id, ids);
  const hint = near === null ? 'odoo-steward plan lists them' : `did you mean ${near}?`;
  return new RunRefused('definition_unknown', `There is no definition "${id}" in ${source}: ${hint}`);
}
