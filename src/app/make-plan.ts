import type { Definition } from '../domain/definitions/definition.js';
import { hasErrors, inOrder, type Problem } from '../domain/problem.js';
import { appliedFields } from '../domain/plan/change.js';
import { computePlan, type PlanPolicy } from '../domain/plan/compute-plan.js';
import { toDesiredState } from '../domain/plan/desired-state.js';
import { defaultGuard, type GuardPolicy } from '../domain/plan/guard.js';
import type { Plan } from '../domain/plan/plan.js';
import { wantedReferences } from '../domain/plan/references.js';
import type { DesiredAction, DesiredState, LiveState } from '../domain/plan/state.js';
import { DefinitionsInvalid } from './definitions-invalid.js';
import { checkPython, loadDefinitions } from './load-definitions.js';
import type { DefinitionsSource, LiveReader, PlannedWrite, PythonChecker, SecretStore } from './ports.js';

export interface PlanPorts {
  readonly source: DefinitionsSource;
  readonly python: PythonChecker;
  readonly reader: LiveReader;
  readonly secrets: SecretStore;
}

/** The instance as a plan sees it. */
export interface PlanTarget {
  readonly instance: string;
  readonly environment: string | null;
  readonly url: string;
}

export interface PlanRequest {
  readonly prune?: boolean;
  readonly reactivate?: PlanPolicy['reactivate'];
  readonly mode?: PlanPolicy['mode'];
  readonly guard?: GuardPolicy;
  /** Differences that somebody lets stand. */
  readonly accepted?: PlanPolicy['accepted'];
  readonly signal?: AbortSignal;
}

/** A plan with what it was made from, so that applying it need not read again. */
export interface MadePlan {
  readonly plan: Plan;
  readonly desired: DesiredState;
  readonly live: LiveState;
}

/**
 * Reads definitions and live state and decides; writes nothing, because nothing that it is given can write.
 * Throws `DefinitionsInvalid` with every mistake when the definitions cannot be read as a whole, `SourceError` and
 * `OdooError` when one side cannot be reached. What the target cannot do is an error among the plan's problems.
 */
export async function makePlan(ports: PlanPorts, target: PlanTarget, request: PlanRequest = {}): Promise<MadePlan> {
  const loaded = await loadDefinitions(ports, target.environment, request.signal);
  if (loaded.set === null) throw new DefinitionsInvalid(loaded.tree.description, loaded.problems);
  const missing = missingSecrets(loaded.set.definitions, ports.secrets);
  const desired = toDesiredState(loaded.set, { secretDigest: (name) => ports.secrets.digest(name) });
  const live = await ports.reader.read({
    namespace: desired.namespace,
    references: wantedReferences(desired),
    secretDigests: new Map(ports.secrets.names().map((name) => [name, ports.secrets.digest(name) ?? ''] as const)),
    plainUrlActions: new Set(
      loaded.set.definitions.filter(({ action }) => hasPlainUrl(action)).map(({ externalId }) => externalId),
    ),
  });
  const policy: PlanPolicy = {
    prune: request.prune ?? false,
    reactivate: request.reactivate ?? new Set(),
    mode: request.mode ?? 'sync',
    guard: request.guard ?? defaultGuard,
    accepted: request.accepted ?? [],
    url: target.url,
  };
  const plan = computePlan(desired, live, policy, {
    instance: target.instance,
    environment: target.environment,
    source: loaded.tree.description,
    revision: loaded.tree.revision,
  });
  const writes = plannedWrites(plan, desired);
  // Code that stands in Odoo as it stands in git was accepted there: only what is new is checked, which spares a plan
  // without changes the checker's start.
  const newCode = new Set(writes.filter(({ fields }) => fields.includes('code')).map((write) => write.desired.id));
  const python = await checkPython(
    ports,
    loaded.set.definitions.filter(({ id }) => newCode.has(id)),
    live.serie,
  );
  if (hasErrors(python)) throw new DefinitionsInvalid(loaded.tree.description, [...loaded.problems, ...python]);
  const unable = await ports.reader.check(writes);
  const problems = inOrder([...loaded.problems, ...python, ...missing, ...plan.problems, ...unable]);
  return { plan: { ...plan, problems }, desired, live };
}

function plannedWrites(plan: Plan, desired: DesiredState): PlannedWrite[] {
  const wanted = new Map<string, DesiredAction>(desired.actions.map((action) => [action.id, action]));
  return plan.changes.flatMap((change): PlannedWrite[] => {
    const definition = wanted.get(change.id);
    if (definition === undefined || change.held !== null) return [];
    if (change.op === 'create') {
      return [{ desired: definition, object: change.object, op: change.op, fields: Object.keys(change.after).sort() }];
    }
    if (change.op !== 'update') return [];
    return [{ desired: definition, object: change.object, op: change.op, fields: appliedFields(change) }];
  });
}

function missingSecrets(
  definitions: readonly { readonly action: { readonly spec: unknown }; readonly at: Problem['at'] }[],
  secrets: SecretStore,
): Problem[] {
  return definitions.flatMap(({ action, at }) => {
    const name = secretName(action.spec);
    if (name === null || secrets.digest(name) !== null) return [];
    return [
      {
        severity: 'error' as const,
        code: 'secret_missing',
        message: `The secret ${name} is not set: put ${secrets.describe(name)} into the environment or .env.`,
        at,
      },
    ];
  });
}

const hasPlainUrl = ({ spec }: Definition['action']): boolean => spec.kind === 'webhook' && 'text' in spec.url;

function secretName(spec: unknown): string | null {
  if (typeof spec !== 'object' || spec === null || !('url' in spec)) return null;
  const { url } = spec;
  return typeof url === 'object' && url !== null && 'secret' in url && typeof url.secret === 'string'
    ? url.secret
    : null;
}
