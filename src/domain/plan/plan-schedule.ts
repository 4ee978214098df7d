import type { Problem } from '../problem.js';
import type { FieldDiff, Held } from './change.js';
import { diffFields } from './diff-fields.js';
import { missingTarget, nameOf, type ActionMatch, type Outcome } from './plan-action.js';
import { readStamp } from './stamp.js';
import type { DesiredAction, LiveSchedule } from './state.js';
import type { Values } from './values.js';

export type ScheduleMatch =
  | { readonly kind: 'owned'; readonly live: LiveSchedule }
  | { readonly kind: 'target'; readonly live: LiveSchedule }
  | { readonly kind: 'target_missing'; readonly reference: string }
  | { readonly kind: 'none'; readonly wasApplied: boolean };

export interface SchedulePolicy {
  readonly mode: 'sync' | 'adopt';
  readonly reactivate: 'all' | ReadonlySet<string>;
  /** False in a copy of the database: nothing is switched on there. */
  readonly activate: boolean;
}

/** What the definition's scheduled action needs; null when it has none. */
export function planSchedule(
  wanted: DesiredAction,
  match: ScheduleMatch,
  action: ActionMatch,
  policy: SchedulePolicy,
): Outcome | null {
  if (wanted.schedule === null) return null;
  const base = {
    object: 'scheduled_action',
    id: wanted.id,
    externalId: wanted.scheduleExternalId,
    name: nameOf(wanted),
    at: wanted.places['schedule'] ?? wanted.at,
  } as const;
  if (match.kind === 'target_missing') {
    return { change: null, problems: [missingTarget(wanted, match.reference, 'schedule.adopts', 'scheduled action')] };
  }
  if (match.kind === 'none') {
    if (policy.mode === 'adopt') return { change: null, problems: [] };
    // The action is to be adopted first: a schedule over a second copy would be wrong, and over the target premature.
    if (action.kind === 'target') return { change: null, problems: [], unadopted: ['schedule'] };
    if (action.kind === 'target_missing') return { change: null, problems: [] };
    const after = policy.activate ? wanted.schedule : { ...wanted.schedule, active: false };
    const moved = match.wasApplied ? 'live' : 'git';
    const firstRun = { writtenAt: wanted.firstRunAt, timezone: wanted.timezone };
    return { change: { ...base, op: 'create', after, moved, firstRun, held: null }, problems: [] };
  }
  const { live } = match;
  const after = wantedHere(wanted.schedule, live, policy.activate);
  const before = withAction(live, action, wanted.externalId);
  if (match.kind === 'target') {
    if (policy.mode === 'adopt')
      return { change: { ...base, op: 'adopt', recordId: live.recordId, held: null }, problems: [] };
    return { change: null, problems: [], unadopted: diffFields(after, before, null).map((diff) => diff.field) };
  }
  if (policy.mode === 'adopt') return { change: null, problems: [] };
  const help = action.kind === 'owned' ? action.live.help : null;
  const reactivate = policy.reactivate === 'all' || policy.reactivate.has(wanted.id);
  const fields = diffFields(after, before, readStamp(help).applied?.schedule ?? null).map((diff) =>
    reactivate ? diff : { ...diff, held: holdActive(diff, live) },
  );
  const [first] = fields;
  if (first === undefined) return { change: null, problems: exhausted(wanted, live) };
  return {
    change: {
      ...base,
      op: 'update',
      recordId: live.recordId,
      before,
      after,
      fields,
      lastEdit: live.lastEdit,
      held: fields.every((field) => field.held !== null) ? first.held : null,
    },
    problems: [],
  };
}

/** In a copy, a schedule that is off stays off; whatever is on there was switched on by somebody. */
function wantedHere(schedule: Values, live: LiveSchedule, activate: boolean): Values {
  return activate || live.values['active'] === true ? schedule : { ...schedule, active: false };
}

/** Before adoption the action bears another name; the record is what counts. */
function withAction(live: LiveSchedule, action: ActionMatch, externalId: string): Values {
  const same = (action.kind === 'owned' || action.kind === 'target') && action.live.recordId === live.actionId;
  return same ? { ...live.values, action: externalId } : live.values;
}

/**
 * Switching a schedule on again is held unless git asked for it: Odoo switches off what fails (18 and later), and a
 * person may have stopped it for a reason. The worker leaves `write_date` alone, so an edit newer than the last run
 * is a person's (facts 6.6 and 7). An edit of our own says nothing: it is newer than what it covers.
 */
function holdActive(diff: FieldDiff, live: LiveSchedule): Held | null {
  if (diff.field !== 'active' || diff.after !== true || diff.moved === 'git') return null;
  if (live.runsLeft === 0) return 'switched_off_by_odoo';
  const { lastEdit, lastRunAt } = live;
  if (lastEdit?.isOwn === true) return 'switched_off';
  const byOdoo = lastRunAt !== null && (lastEdit === null || Date.parse(lastEdit.at) <= Date.parse(lastRunAt));
  return byOdoo ? 'switched_off_by_odoo' : 'switched_off_by_person';
}

/** 14 to 17: a schedule whose runs are used up is active for nothing. */
function exhausted(wanted: DesiredAction, live: LiveSchedule): Problem[] {
  if (live.runsLeft !== 0 || live.values['active'] !== true) return [];
  return [
    {
      severity: 'warning',
      code: 'schedule_exhausted',
      message: `The schedule of "${wanted.id}" has no runs left (numbercall 0), so Odoo will not run it again.`,
      at: wanted.places['schedule'] ?? wanted.at,
    },
  ];
}
