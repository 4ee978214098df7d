import type { PlannedWrite } from '../../../app/ports.js';
import type { ActionKind } from '../../../domain/definitions/definition.js';
import type { Value } from '../../../domain/plan/values.js';
import type { Problem } from '../../../domain/problem.js';
import { hasLines, isKind, stateOfKind } from '../features.js';
import { entry, list } from '../to-wire/entry.js';
import type { ServerFacts } from './server-facts.js';
import { changes, placeOf } from './uses.js';

const mailKinds: ReadonlySet<ActionKind> = new Set(['email', 'activity', 'followers', 'remove_followers']);

/** The kind itself, or null when this server offers it. */
export function kindProblem(write: PlannedWrite, facts: ServerFacts): Problem | null {
  const kind = write.desired.action['kind'];
  if (!isKind(kind) || stateOfKind(kind, facts.features) !== null) return null;
  return error(write, 'kind_not_offered', `The kind ${kind} ${needs(kind, facts)}.`, 'action.kind');
}

function needs(kind: ActionKind, { features, serie }: ServerFacts): string {
  if (kind === 'webhook') return `needs Odoo 17 or later, and this is ${serie}: use code`;
  if (kind === 'copy_record') return `needs Odoo 19 or later, and this is ${serie}: use code`;
  if (kind === 'remove_followers' && features.states.has('followers')) {
    return `needs Odoo 17 or later, and this is ${serie}: use code`;
  }
  return mailKinds.has(kind) ? 'needs the module mail (Discuss): install it' : `is not offered by this Odoo (${serie})`;
}

/** What the kind's fields say and this version has no place for. */
export function versionProblems(write: PlannedWrite, facts: ServerFacts): Problem[] {
  const { action } = write.desired;
  const lines = hasLines(facts.features);
  switch (action['kind']) {
    case 'update_record':
      if (!changes(write, 'kind', 'model', 'set')) return [];
      return [
        ...(!lines && list(action['set']).length > 1
          ? [
              error(
                write,
                'several_assignments',
                `Odoo ${facts.serie} sets one field an action: use a "multi" of several, or code.`,
                'action.set',
              ),
            ]
          : []),
        ...list(action['set']).flatMap((one) => assignmentProblems(write, one, 'set', facts)),
      ];
    case 'create_record':
      if (!changes(write, 'kind', 'creates', 'values')) return [];
      return lines
        ? list(action['values']).flatMap((one) => assignmentProblems(write, one, 'values', facts))
        : nameOnlyProblems(write, list(action['values']), facts);
    case 'email':
      if (facts.features.action.has('mail_post_method') || !changes(write, 'kind', 'method', 'autofollow')) return [];
      return [
        ...(action['method'] === 'email'
          ? []
          : [
              error(
                write,
                'not_on_this_version',
                `Odoo ${facts.serie} sends a template as e-mail only.`,
                'action.method',
              ),
            ]),
        ...(action['autofollow'] === true
          ? [
              error(
                write,
                'not_on_this_version',
                `Odoo ${facts.serie} cannot make recipients follow.`,
                'action.autofollow',
              ),
            ]
          : []),
      ];
    case 'followers':
      return facts.features.action.has('followers_type') || typeof entry(action['who'], 'field') !== 'string'
        ? []
        : [
            error(
              write,
              'not_on_this_version',
              `Odoo ${facts.serie} takes followers by name only, not from a field: use code.`,
              'action.field',
            ),
          ];
    default:
      return [];
  }
}

/** 17 and later hand one text to `name_create`. */
function nameOnlyProblems(write: PlannedWrite, values: readonly Value[], { serie }: ServerFacts): Problem[] {
  const [first, ...others] = values;
  const name = entry(first, 'value');
  const isName =
    entry(first, 'field') === 'name' && entry(first, 'to') === 'value' && typeof name === 'string' && name !== '';
  return isName && others.length === 0
    ? []
    : [
        error(
          write,
          'several_assignments',
          `Odoo ${serie} gives a new record its name, a text, and nothing else: use code for more.`,
          'action.values',
        ),
      ];
}

const textTypes: ReadonlySet<string> = new Set(['char', 'text', 'html', 'selection', 'date', 'datetime', 'reference']);
const numberTypes: ReadonlySet<string> = new Set(['integer', 'float', 'monetary']);
const x2many: ReadonlySet<string> = new Set(['many2many', 'one2many']);

function assignmentProblems(
  write: PlannedWrite,
  assignment: Value,
  key: 'set' | 'values',
  facts: ServerFacts,
): Problem[] {
  const path = entry(assignment, 'field');
  if (typeof path !== 'string') return [];
  const model = write.desired.action[key === 'set' ? 'model' : 'creates'];
  const field = facts.fields.get(`${typeof model === 'string' ? model : ''}|${path}`);
  const wrong = assignmentMistake(assignment, path, field?.type ?? null, facts);
  return wrong === null ? [] : [error(write, 'wrong_assignment', wrong, `action.${key}.${path}`, `action.${key}`)];
}

function assignmentMistake(
  assignment: Value,
  path: string,
  type: string | null,
  { features, serie }: ServerFacts,
): string | null {
  const to = textOf(entry(assignment, 'to'));
  if (hasLines(features)) {
    if (path.includes('.'))
      return `Odoo ${serie} sets fields of the record itself, not over a path (${path}): use code.`;
    if (to !== 'value' && to !== 'expression' && to !== 'record') {
      return `"${to}" needs a later Odoo than ${serie}: use an expression for ${path}.`;
    }
  }
  if (to === 'sequence' && !features.action.has('sequence_id'))
    return `A sequence needs Odoo 19 or later, and this is ${serie}: use an expression for ${path}.`;
  if (type === null) return null;
  if (to === 'record' && type !== 'many2one') return `${path} is of type ${type} and cannot be a record.`;
  if (['add', 'remove', 'replace', 'clear'].includes(to) && !x2many.has(type))
    return `${path} is of type ${type} and is no list to ${to} in.`;
  if (to === 'sequence' && type !== 'char' && type !== 'text')
    return `${path} is of type ${type}, and a sequence makes text.`;
  return to === 'value' ? valueMistake(entry(assignment, 'value') ?? null, path, type) : null;
}

function valueMistake(value: Value, path: string, type: string): string | null {
  if (type === 'boolean') return typeof value === 'boolean' ? null : `${path} is true or false.`;
  if (value === null) return null;
  if (type === 'many2one' || x2many.has(type)) return `${path} points to records: name one ({record: …}).`;
  if (numberTypes.has(type)) return typeof value === 'number' ? null : `${path} is a number.`;
  if (textTypes.has(type) && typeof value !== 'string') return `${path} is text (${type}): write it in quotes.`;
  return null;
}

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

function error(write: PlannedWrite, code: string, message: string, ...paths: string[]): Problem {
  return { severity: 'error', code, message, at: placeOf(write, ...paths, 'action.kind') };
}
