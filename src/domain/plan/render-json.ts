import type { Problem } from '../problem.js';
import type { Change, Create } from './change.js';
import { isApplied } from './change.js';
import { countPlan, type Plan, type PlanCounts } from './plan.js';
import { firstRunAt, toIso } from './render-first-run.js';
import type { PlanJson, PlanJsonChange } from './render-json-schema.js';
import { withoutSecrets, type Side } from './render-value.js';
import type { Value, Values } from './values.js';

export interface JsonOptions {
  /** UTC, milliseconds. */
  readonly now: number;
}

/** A plan for machines; its shape is `planJson` in render-json-schema.ts. Secrets appear by name alone. */
export function renderJson(plan: Plan, { now }: JsonOptions): PlanJson {
  const { instance, environment, source, revision, database, namespace, digest } = plan;
  return {
    format: 1,
    instance,
    environment,
    source,
    revision,
    database,
    odoo: plan.serie,
    namespace,
    digest,
    counts: { ...countPlan(plan) } satisfies PlanCounts,
    owned: plan.owned,
    applicable: plan.objections.length === 0 && plan.problems.every((problem) => problem.severity !== 'error'),
    pending: plan.changes.some(isApplied),
    changes: plan.changes.map((change) => toChange(change, now)),
    objections: plan.objections.map(({ code, message }) => ({ code, message })),
    problems: plan.problems.map(problemJson),
  };
}

export const problemJson = ({ severity, code, message, at }: Problem) => ({
  severity,
  code,
  message,
  at: at === null ? null : { file: at.file, line: at.line, column: at.column },
});

function toChange(change: Change, now: number): PlanJsonChange {
  const { op, object, id, externalId, name, held, at } = change;
  const base = { object, id, externalId, name, held, at: at === null ? null : { ...at } };
  switch (op) {
    case 'create':
      return {
        ...base,
        op,
        recordId: null,
        after: shown(change.after, 'git'),
        moved: change.moved,
        firstRun: firstRunOf(change, now),
      };
    case 'adopt':
      return { ...base, op, recordId: change.recordId };
    case 'delete':
      return {
        ...base,
        op,
        recordId: change.recordId,
        before: shown(change.before, 'odoo'),
        lastEdit: change.lastEdit,
      };
    case 'update':
      return {
        ...base,
        op,
        recordId: change.recordId,
        lastEdit: change.lastEdit,
        fields: change.fields.map((diff) => ({
          field: diff.field,
          before: withoutSecrets(diff.field, diff.before, 'odoo'),
          after: withoutSecrets(diff.field, diff.after, 'git'),
          moved: diff.moved,
          held: diff.held,
        })),
      };
  }
}

function firstRunOf(change: Create, now: number) {
  if (change.firstRun === null) return null;
  const { writtenAt, timezone } = change.firstRun;
  return {
    writtenAt: writtenAt === null ? null : toIso(writtenAt),
    timezone,
    at: firstRunAt(change, change.firstRun, now),
  };
}

const shown = (values: Values, side: Side): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, withoutSecrets(field, value, side)]));
