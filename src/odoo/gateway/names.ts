import type { Reference } from '../../domain/definitions/definition.js';
import { recordIdOf } from './references.js';
import type { DataRow } from './rows.js';

export interface NamedModelReference {
  /** `*`: any. */
  readonly model: string;
  readonly reference: Reference;
}

const keyOf = (model: string, target: string | number): string => `${model}|${target}`;

/** External IDs that Odoo made up for an import or export say less than a module's own, so they come last. */
const rank = (externalId: string): string =>
  /^__(ex|im)port__\./.test(externalId) ? `1${externalId}` : `0${externalId}`;

/**
 * What records are called. A record goes by the reference that a desired action uses for it, else by its first
 * external ID, else by `#<record ID>`: so desired and live values can be compared as text.
 */
export class RecordNames {
  readonly #externalIds = new Map<string, string[]>();
  readonly #rows = new Map<string, { model: string; id: number }>();
  readonly #preferred = new Map<string, Reference>();
  readonly #wanted: readonly NamedModelReference[];

  constructor(wanted: readonly NamedModelReference[], rows: readonly DataRow[] = []) {
    this.#wanted = wanted;
    this.add(rows);
  }

  /** More external IDs; those already known stay known. */
  add(rows: readonly DataRow[]): void {
    for (const { module, name, model, res_id: id } of rows) {
      const externalId = `${module}.${name}`;
      if (id === null || id === 0) continue;
      this.forget(externalId);
      this.#rows.set(externalId, { model, id });
      const all = [...(this.#externalIds.get(keyOf(model, id)) ?? []), externalId];
      this.#externalIds.set(
        keyOf(model, id),
        all.sort((one, other) => (rank(one) < rank(other) ? -1 : 1)),
      );
    }
    this.#preferred.clear();
    for (const { model, reference } of this.#wanted) {
      const target = this.#target(model, reference);
      if (target === null) continue;
      const key = keyOf(target.model, target.id);
      const known = this.#preferred.get(key);
      if (known === undefined || (recordIdOf(known) !== null && recordIdOf(reference) === null)) {
        this.#preferred.set(key, reference);
      }
    }
  }

  forget(externalId: string): void {
    const row = this.#rows.get(externalId);
    if (row === undefined) return;
    this.#rows.delete(externalId);
    const key = keyOf(row.model, row.id);
    this.#externalIds.set(
      key,
      (this.#externalIds.get(key) ?? []).filter((one) => one !== externalId),
    );
  }

  /** The record ID behind a reference; null when this database has no such record of that model. */
  idOf(model: string, reference: Reference): number | null {
    return this.#target(model, reference)?.id ?? null;
  }

  /** The model of what an external ID stands for. */
  modelOf(externalId: string): string | null {
    return this.#rows.get(externalId)?.model ?? null;
  }

  nameOf(model: string, id: number): Reference {
    const key = keyOf(model, id);
    return (
      this.#preferred.get(key) ?? this.#preferred.get(keyOf('*', id)) ?? this.#externalIds.get(key)?.[0] ?? `#${id}`
    );
  }

  externalIdsOf(model: string, id: number): readonly string[] {
    return [...(this.#externalIds.get(keyOf(model, id)) ?? [])].sort();
  }

  /** Wanted references that exist, by `<model>|<reference>`. */
  found(): Map<string, number> {
    return new Map(
      this.#wanted.flatMap(({ model, reference }) => {
        const id = this.idOf(model, reference);
        return id === null ? [] : [[`${model}|${reference}`, id] as const];
      }),
    );
  }

  #target(model: string, reference: Reference): { model: string; id: number } | null {
    const id = recordIdOf(reference);
    if (id !== null) return { model, id };
    const row = this.#rows.get(reference);
    return row === undefined || (model !== '*' && row.model !== model) ? null : row;
  }
}
