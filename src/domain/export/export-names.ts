import type { LiveAction, LiveSchedule } from '../plan/state.js';

/** Definition IDs and file paths of exported actions: made of their external IDs, unique, stable from run to run. */
export interface ExportName {
  readonly id: string;
  readonly path: string;
}

const MAX_ID = 90;

export function exportNames(
  actions: readonly { readonly action: LiveAction; readonly schedule: LiveSchedule | null }[],
): Map<number, ExportName> {
  const taken = new Set<string>();
  const names = new Map<number, ExportName>();
  for (const { action, schedule } of [...actions].sort((one, other) => one.action.recordId - other.action.recordId)) {
    const externalId = [...(schedule?.externalIds ?? []), ...action.externalIds].find((id) => !id.startsWith('__'));
    const folder = externalId === undefined ? 'custom' : slug(externalId.slice(0, externalId.indexOf('.')));
    const id = unique(slug(externalId ?? title(action)), taken);
    taken.add(id);
    names.set(action.recordId, { id, path: `${folder}/${id.replace(/_/g, '-')}.yaml` });
  }
  return names;
}

const title = (action: LiveAction): string => {
  const name = action.values['name'];
  return typeof name === 'string' ? name : 'action';
};

function slug(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const safe = /^[a-z]/.test(plain) ? plain : `action_${plain}`;
  // A name that ends so is kept for schedules' own external IDs.
  return safe
    .slice(0, MAX_ID)
    .replace(/_schedule$/, '_scheduled')
    .replace(/_+$/, '');
}

function unique(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  for (let number = 2; ; number += 1) if (!taken.has(`${id}_${number}`)) return `${id}_${number}`;
}
