import type { Problem } from '../problem.js';
import type { Change } from './change.js';
import { diffFields } from './diff-fields.js';
import { inGitsForm } from './kept-html.js';
import { readStamp } from './stamp.js';
import type { DesiredAction, LiveAction } from './state.js';

export type ActionMatch =
  | { readonly kind: 'owned'; readonly live: LiveAction }
  /** Not ours yet, but the definition says that it adopts this record. */
  | { readonly kind: 'target'; readonly live: LiveAction }
  | { readonly kind: 'target_missing'; readonly reference: string }
  /** `wasApplied`: it stood there after the last apply. */
  | { readonly kind: 'none'; readonly wasApplied: boolean };

export interface Outcome {
  readonly change: Change | null;
  readonly problems: readonly Problem[];
  /** Of a record that is there to be adopted, and is not ours yet: the fields in which it differs. */
  readonly unadopted?: readonly string[];
}

/** What the definition's server action needs. */
export function planAction(wanted: DesiredAction, match: ActionMatch, mode: 'sync' | 'adopt'): Outcome {
  const base = {
    object: 'server_action',
    id: wanted.id,
    externalId: wanted.externalId,
    name: nameOf(wanted),
    at: wanted.at,
  } as const;
  if (match.kind === 'target_missing') {
    return { change: null, problems: [missingTarget(wanted, match.reference, 'adopts', 'server action')] };
  }
  if (match.kind === 'target') {
    if (mode === 'adopt')
      return { change: { ...base, op: 'adopt', recordId: match.live.recordId, held: null }, problems: [] };
    const fields = diffFields(wanted.action, inGitsForm(match.live, wanted.action), null);
    return { change: null, problems: [], unadopted: fields.map((diff) => diff.field) };
  }
  if (mode === 'adopt') return { change: null, problems: [] };
  if (match.kind === 'none') {
    const moved = match.wasApplied ? 'live' : 'git';
    return {
      change: { ...base, op: 'create', after: wanted.action, moved, firstRun: null, held: null },
      problems: [],
    };
  }
  const { live } = match;
  const problems = live.warning === null ? [] : [odooWarning(wanted, live.warning)];
  const before = inGitsForm(live, wanted.action);
  const fields = diffFields(wanted.action, before, readStamp(live.help).applied?.action ?? null);
  if (fields.length === 0) return { change: null, problems };
  return {
    change: {
      ...base,
      op: 'update',
      recordId: live.recordId,
      before,
      after: wanted.action,
      fields,
      lastEdit: live.lastEdit,
      held: null,
    },
    problems,
  };
}

export function nameOf(wanted: DesiredAction): string {
  const name = wanted.action['name'];
  return typeof name === 'string' ? name : wanted.id;
}

/**
 * A definition that adopts is never created beside its target: that would make the work run twice. Said once for an
 * action and its schedule, which are taken over together.
 */
export function notAdopted(wanted: DesiredAction, action: Outcome, schedule: Outcome | null): Problem[] {
  if (action.unadopted === undefined && schedule?.unadopted === undefined) return [];
  const differing = [...(action.unadopted ?? []), ...(schedule?.unadopted ?? [])];
  const [reference, place] =
    action.unadopted === undefined ? [wanted.scheduleAdopts, 'schedule.adopts'] : [wanted.adopts, 'adopts'];
  const record = reference ?? 'its record';
  const adoption = `which is not ours yet: run "odoo-steward adopt" to take it over`;
  const matches = differing.length === 0;
  return [
    {
      severity: matches ? 'warning' : 'error',
      code: 'not_adopted',
      message: matches
        ? `"${wanted.id}" matches ${record}, ${adoption}.`
        : `"${wanted.id}" differs from ${record} (${differing.join(', ')}), ${adoption} first.`,
      at: wanted.places[place] ?? wanted.at,
    },
  ];
}

export function missingTarget(wanted: DesiredAction, reference: string, place: string, what: string): Problem {
  return {
    severity: 'error',
    code: 'adopt_target_missing',
    message: `There is no ${what} ${reference} in this database: remove "adopts" to create a new one, or correct it.`,
    at: wanted.places[place] ?? wanted.at,
  };
}

const odooWarning = (wanted: DesiredAction, warning: string): Problem => ({
  severity: 'warning',
  code: 'odoo_warning',
  message: `Odoo says that "${wanted.id}" will fail when it runs: ${warning.replace(/\s+/g, ' ').trim()}`,
  at: wanted.at,
});
