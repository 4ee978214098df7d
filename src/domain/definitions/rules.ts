import { showPlace } from '../problem.js';
import { didYouMean } from './did-you-mean.js';
import type { Definition } from './definition.js';
import type { Path, YamlFile } from './read-yaml.js';

/** One definition file after reading; `definition` is null when its mistakes are already reported. */
export interface Entry {
  readonly yaml: YamlFile;
  /** As written, also when the rest of the file is wrong, so that one mistake does not cause others elsewhere. */
  readonly id: string | null;
  readonly definition: Definition | null;
  /** Whether it exists in the environment that was asked for. */
  readonly included: boolean;
}

export interface RuleInput {
  readonly namespace: string | null;
  /** Names that steward.yaml declares; null: it declares none, so any will do. */
  readonly environments: readonly string[] | null;
  readonly entries: readonly Entry[];
  /** False when a definition file could not be read: what is not found may stand there. */
  readonly isWhole: boolean;
  readonly report: (severity: 'error' | 'warning', code: string, message: string, entry: Entry, path: Path) => void;
}

/** What can only be seen by looking at several keys or several files at once. */
export type Rule = (input: RuleInput) => void;

export const idsAreUnique: Rule = ({ entries, report }) => {
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    if (entry.id === null) continue;
    const other = first.get(entry.id);
    if (other === undefined) first.set(entry.id, entry);
    else
      report(
        'error',
        'duplicate_id',
        `\`${entry.id}\` is already the id at ${showPlace(other.yaml.at(['id']))}: choose another`,
        entry,
        ['id'],
      );
  }
};

export const environmentsAreKnown: Rule = ({ entries, environments, report }) => {
  if (environments === null) return;
  for (const entry of entries) {
    entry.definition?.environments?.forEach((name, index) => {
      if (environments.includes(name)) return;
      const hint = didYouMean(name, environments);
      report('error', 'unknown_environment', `\`${name}\` is no environment of steward.yaml: ${hint}`, entry, [
        'environments',
        index,
      ]);
    });
  }
};

export const nothingIsAdoptedTwice: Rule = ({ entries, report }) => {
  const first = { action: new Map<string, Entry>(), schedule: new Map<string, Entry>() };
  for (const entry of entries) {
    const { definition } = entry;
    if (definition === null || !entry.included) continue;
    for (const [kind, reference, path] of [
      ['action', definition.adopts, ['adopts']],
      ['schedule', definition.schedule?.adopts ?? null, ['schedule', 'adopts']],
    ] as const) {
      if (reference === null) continue;
      const other = first[kind].get(reference);
      if (other === undefined) first[kind].set(reference, entry);
      else
        report(
          'error',
          'adopted_twice',
          `\`${reference}\` is already adopted at ${showPlace(other.yaml.at(path))}: keep one`,
          entry,
          path,
        );
    }
  }
};
