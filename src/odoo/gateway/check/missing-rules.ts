import type { Problem } from '../../../domain/problem.js';
import { hasLines } from '../features.js';
import { recordIdOf, splitExternalId } from '../references.js';
import { moduleAdvice, moduleCandidates } from './module-hints.js';
import { modelOf, type ServerFacts } from './server-facts.js';
import type { Use } from './uses.js';

/** Models, fields and records that a write relies on and that this database does not have. */
export function missingProblems(uses: readonly Use[], facts: ServerFacts): Problem[] {
  const absent = new Set(
    uses.flatMap((use) => (use.what === 'model' && !facts.models.has(use.model) ? [use.model] : [])),
  );
  return uses.flatMap((use) => {
    // Fields of a model that is not there need no sentence of their own.
    if (use.what === 'field' && absent.has(use.model)) return [];
    const message = missing(use, facts);
    return message === null ? [] : [{ severity: 'error' as const, code: `${use.what}_missing`, message, at: use.at }];
  });
}

function missing(use: Use, facts: ServerFacts): string | null {
  switch (use.what) {
    case 'model':
      return facts.models.has(use.model)
        ? null
        : `There is no model ${use.model} in this database: ${moduleAdvice(moduleCandidates(use.model), facts.modules)}.`;
    case 'field':
      return missingField(use, facts);
    case 'record':
      return missingRecord(use, facts);
  }
}

function missingField(use: Extract<Use, { what: 'field' }>, facts: ServerFacts): string | null {
  const field = facts.fields.get(`${use.model}|${use.path}`);
  if (field === undefined) return use.isNewName === true && !hasLines(facts.features) ? null : noField(use);
  if (use.to === null || field.relation === use.to) return null;
  return `The field ${use.path} of ${use.model} ${field.relation === null ? `is of type ${field.type}` : `points to ${field.relation}`}, and must point to ${use.to}.`;
}

const noField = ({ model, path }: { model: string; path: string }): string =>
  path.includes('.')
    ? `The path ${path} does not lead from ${model} over many2one fields to a field of this database: correct it.`
    : `The model ${model} has no field ${path} in this database: correct it, or install the module that adds it.`;

function missingRecord(use: Extract<Use, { what: 'record' }>, facts: ServerFacts): string | null {
  const { reference } = use;
  const model = modelOf(use, facts.fields);
  // The field is missing, or is not one that points to records: reported there.
  if (model === null) return null;
  const id = recordIdOf(reference);
  if (id !== null) {
    return facts.recordIds.has(`${model}|${id}`) ? null : `There is no ${model} with record ID ${id} in this database.`;
  }
  if (facts.names.idOf(model, reference) !== null) return null;
  const other = facts.names.modelOf(reference);
  if (other !== null) return `${reference} is a ${other}, and a ${model} is needed here.`;
  const { module } = splitExternalId(reference);
  if (module === 'odoo_steward') {
    return `There is no ${model} ${reference} in this database yet: run "odoo-steward bootstrap" for this instance first.`;
  }
  const advice = facts.modules.has(module)
    ? moduleAdvice([module], facts.modules)
    : 'correct it, or create it there first';
  return `There is no ${model} ${reference} in this database: ${advice}.`;
}
