import type { OdooClient } from '../../odoo-client.js';
import { anyOf } from '../domains.js';
import { ACTION_MODEL } from '../features.js';
import { RecordNames } from '../names.js';
import { readData } from '../read-actions.js';
import { dataConditions, recordIdOf } from '../references.js';
import { modelRow, parseRows } from '../rows.js';
import { readFields, type FieldTarget } from './resolve-fields.js';
import { z } from 'zod';

/** Something that a write names and this database does not have; the message is for people, without a full stop. */
export class Unresolvable extends Error {
  override readonly name = 'Unresolvable';
}

/** Turns the house's names into record IDs while rows are built. Throws `Unresolvable`. */
export interface Resolved {
  model(name: string): number;
  /** `model` may be `*`: then the reference alone decides. */
  record(model: string, reference: string): number;
  /** A field, or a path over many2one fields: the last one. */
  field(model: string, path: string): FieldTarget;
  /** An action by its external ID, perhaps just written. */
  child(externalId: string): number;
  /** The record that shows a selection's value in the form, or null where Odoo keeps none. */
  selection(fieldId: number, value: string): number | null;
  secret(name: string): string;
}

interface Needs {
  readonly models: Set<string>;
  readonly references: Set<string>;
  readonly fields: Map<string, { model: string; path: string }>;
}

/** Writes down what a row asks for, so that all of it is looked up at once; its answers are placeholders. */
export function collectNeeds(build: (resolved: Resolved) => void): Needs {
  const needs: Needs = { models: new Set(), references: new Set(), fields: new Map() };
  const reference = (name: string): number => {
    if (recordIdOf(name) === null) needs.references.add(name);
    return 0;
  };
  build({
    model: (name) => {
      needs.models.add(name);
      return 0;
    },
    record: (_model, name) => reference(name),
    child: reference,
    field: (model, path) => {
      needs.fields.set(`${model}|${path}`, { model, path });
      return { id: 0, type: 'selection', relation: null };
    },
    selection: () => null,
    secret: () => '',
  });
  return needs;
}

export interface Lookup {
  readonly resolved: Resolved;
  /** IDs of actions written since, by external ID. */
  readonly written: Map<string, number>;
  readonly names: RecordNames;
}

const selectionRow = z.object({
  id: z.number(),
  field_id: z.tuple([z.number(), z.unknown()]),
  value: z.string().nullable(),
});

/** At most one call each for models, references and selections, and one for each step of the longest field path. */
export async function lookUp(
  client: OdooClient,
  needs: Needs,
  resolveSecret: (name: string) => string,
): Promise<Lookup> {
  const [modelRows, dataRows, fields] = await Promise.all([
    needs.models.size === 0
      ? []
      : client.searchRead('ir.model', { domain: [['model', 'in', [...needs.models].sort()]], fields: ['model'] }),
    needs.references.size === 0 ? [] : readData(client, anyOf(dataConditions(needs.references))),
    readFields(client, [...needs.fields.values()]),
  ]);
  const models = new Map(parseRows(modelRow, modelRows).map((row) => [row.model, row.id] as const));
  const names = new RecordNames([], dataRows);
  const chosen = [...fields.values()].filter((field) => field.type === 'selection').map((field) => field.id);
  const selections =
    chosen.length === 0
      ? []
      : parseRows(
          selectionRow,
          await client.searchRead('ir.model.fields.selection', {
            domain: [['field_id', 'in', chosen]],
            fields: ['field_id', 'value'],
          }),
        );
  const written = new Map<string, number>();

  const record = (model: string, reference: string): number => {
    const id = names.idOf(model, reference);
    if (id === null)
      throw new Unresolvable(`there is no ${model === '*' ? 'record' : model} ${reference} in this database`);
    return id;
  };
  const resolved: Resolved = {
    model: (name) => {
      const id = models.get(name);
      if (id === undefined) throw new Unresolvable(`there is no model ${name} in this database`);
      return id;
    },
    record,
    field: (model, path) => {
      const field = fields.get(`${model}|${path}`);
      if (field === undefined) throw new Unresolvable(`the model ${model} has no field ${path} in this database`);
      return field;
    },
    child: (externalId) => written.get(externalId) ?? record(ACTION_MODEL, externalId),
    selection: (fieldId, value) =>
      selections.find((one) => one.field_id[0] === fieldId && one.value === value)?.id ?? null,
    secret: resolveSecret,
  };
  return { resolved, written, names };
}
