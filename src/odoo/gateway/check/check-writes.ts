import type { PlannedWrite } from '../../../app/ports.js';
import type { LiveState } from '../../../domain/plan/state.js';
import type { Place, Problem } from '../../../domain/problem.js';
import type { OdooClient } from '../../odoo-client.js';
import type { RecordNames } from '../names.js';
import { splitExternalId } from '../references.js';
import { groupProblems } from './group-rules.js';
import { kindProblem, versionProblems } from './kind-rules.js';
import { missingProblems } from './missing-rules.js';
import { isInstalled } from './module-hints.js';
import { multiProblems } from './multi-rules.js';
import { readServerFacts, type ServerFacts } from './server-facts.js';
import { usesOf } from './uses.js';

/** What this server cannot do of what is about to be written. Asks only about what the writes need, in bulk. */
export async function checkWrites(
  client: OdooClient,
  writes: readonly PlannedWrite[],
  known: { readonly names: RecordNames | null; readonly live: LiveState | null },
): Promise<Problem[]> {
  if (writes.length === 0) return [];
  const facts = await readServerFacts(client, writes, writes.flatMap(usesOf), known);
  return judgeWrites(writes, facts);
}

/** Pure. Sorted by place; what two writes of one definition say alike is said once. */
export function judgeWrites(writes: readonly PlannedWrite[], facts: ServerFacts): Problem[] {
  const problems = writes.flatMap((write) => {
    const kind = write.object === 'server_action' ? kindProblem(write, facts) : null;
    if (kind !== null) return [kind];
    return [
      ...missingProblems(usesOf(write), facts),
      ...(write.object === 'server_action' ? versionProblems(write, facts) : []),
      ...groupProblems(write, facts),
    ];
  });
  const all = [...namespaceProblem(writes, facts), ...problems, ...multiProblems(writes, facts)];
  const once = new Map(
    all.map((problem) => [`${order(problem.at)} ${problem.code} ${problem.message}`, problem] as const),
  );
  return [...once.keys()].sort().flatMap((key) => once.get(key) ?? []);
}

/** Odoo deletes what bears an installed module's prefix when that module is updated (facts 8.1). */
function namespaceProblem(writes: readonly PlannedWrite[], { modules }: ServerFacts): Problem[] {
  const namespace = splitExternalId(writes[0]?.desired.externalId ?? '').module;
  const state = modules.get(namespace);
  if (state === undefined) return [];
  return [
    {
      severity: 'error',
      code: 'namespace_is_module',
      message: `"${namespace}" is a module of this Odoo${isInstalled(state) ? ', and installed' : ''}: updating it would delete our records. Choose another namespace in steward.yaml.`,
      at: null,
    },
  ];
}

const order = (at: Place | null): string =>
  at === null ? '' : `${at.file}:${String(at.line).padStart(7, '0')}:${String(at.column).padStart(7, '0')}`;
