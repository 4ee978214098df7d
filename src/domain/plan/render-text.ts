import { showPlace, type Problem } from '../problem.js';
import type { Change, FieldDiff, Update } from './change.js';
import type { Plan } from './plan.js';
import { countLines, cutLines, diffLines, showLineCounts, type DiffLine } from './render-diff.js';
import type { Paint, Palette } from './render-palette.js';
import { showSafeLine } from './render-safe.js';
import { blockText, showPair, showValue } from './render-value.js';
import {
  byDefinition,
  objectWords,
  showCounts,
  showEdit,
  showHeld,
  showMoved,
  symbolOf,
  symbols,
  type DefinitionChanges,
} from './render-words.js';
import type { Values } from './values.js';

export interface TextOptions {
  readonly palette: Palette;
  /** UTC, milliseconds. */
  readonly now: number;
  /** Show long code as a whole. */
  readonly full: boolean;
}

const CODE_LINES = 40;
const ONE_LINE = 100;

/** A plan for a terminal. */
export function renderText(plan: Plan, options: TextOptions): string {
  const { palette } = options;
  const errors = plan.problems.filter((problem) => problem.severity === 'error').length;
  const counts = showCounts(plan);
  return lines([
    renderHeader(plan, palette),
    '',
    ...byDefinition(plan.changes).flatMap((group) => [...renderGroup(group, options), '']),
    ...plan.objections.map((objection) =>
      palette.warning(`Guard: ${objection.message} To apply it all the same: --override ${objection.code}`),
    ),
    ...(plan.objections.length === 0 ? [] : ['']),
    ...renderProblems(plan.problems, palette),
    ...(plan.problems.length === 0 ? [] : ['']),
    ...(errors === 0
      ? []
      : [palette.error(`The plan has ${errors === 1 ? 'an error' : `${errors} errors`} and cannot be applied.`)]),
    palette.bold(counts),
  ]);
}

export function renderHeader(
  plan: Pick<Plan, 'instance' | 'environment' | 'database' | 'serie' | 'source'>,
  palette: Palette,
): string {
  const environment = plan.environment === null ? '' : `, ${plan.environment}`;
  return `${palette.bold(plan.instance)} (database ${showSafeLine(plan.database)}, Odoo ${plan.serie}${environment})\n${palette.dim(`definitions: ${showSafeLine(plan.source)}`)}`;
}

/** One line a problem, errors and warnings in their colours. */
export function renderProblems(problems: readonly Problem[], palette: Palette): string[] {
  return problems.map((problem) => {
    const place = problem.at === null ? '' : `${showPlace(problem.at)}  `;
    const paint = problem.severity === 'error' ? palette.error : palette.warning;
    return `${place}${paint(`${problem.severity}:`)} ${showSafeLine(problem.message)}`;
  });
}

function renderGroup(group: DefinitionChanges, options: TextOptions): string[] {
  const { palette } = options;
  const at = group.changes.find((change) => change.at !== null)?.at ?? null;
  const place = at === null ? '' : `  ${palette.dim(showPlace(at))}`;
  return [
    `${palette.bold(showSafeLine(group.id))}  ${showSafeLine(group.name)}${place}`,
    ...group.changes.flatMap((change) => renderChange(change, options)),
  ];
}

export function renderChange(change: Change, options: TextOptions): string[] {
  const { palette, now } = options;
  const paint = paintOf(change, palette);
  const record = change.op === 'create' ? '' : ` (#${change.recordId})`;
  const head = `  ${paint(symbolOf(change))} ${objectWords[change.object]} ${showSafeLine(change.externalId)}${record}`;
  switch (change.op) {
    case 'create':
      return [head, ...renderValues(change.after, options)];
    case 'adopt':
      return [`${head}  ${palette.dim('# becomes ours, and is not changed')}`];
    case 'delete': {
      const who = showEdit(change.lastEdit, now);
      const note =
        change.held === null
          ? `no definition asks for it${who === '' ? '' : `; last edited in Odoo ${who}`}`
          : showHeld(change.held, change.id, change.lastEdit, now);
      return [`${head}  ${palette.dim(`# ${note}`)}`];
    }
    case 'update':
      return [head, ...renderFields(change, options)];
  }
}

function renderValues(values: Values, options: TextOptions): string[] {
  const { palette } = options;
  const entries = Object.entries(values).filter(([, value]) => value !== null);
  const width = Math.max(...entries.map(([field]) => field.length));
  return entries.flatMap(([field, value]) => {
    const block = blockText(field, value);
    const label = `      ${field.padEnd(width)}  `;
    if (block === null) return [`${label}${showValue(field, value, 'git')}`];
    const diff = diffLines('', block);
    const added = diff.lines.filter((line) => line.kind === 'add');
    return [`${label}${palette.dim(countLines(added.length))}`, ...renderDiff(added, options)];
  });
}

function renderFields(change: Update, options: TextOptions): string[] {
  const width = Math.max(...change.fields.map((field) => field.field.length));
  return change.fields.flatMap((field) => renderField(change, field, width, options));
}

function renderField(change: Update, diff: FieldDiff, width: number, options: TextOptions): string[] {
  const { palette, now } = options;
  const note =
    diff.held === null
      ? showMoved(diff.moved, change.lastEdit, now)
      : showHeld(diff.held, change.id, change.lastEdit, now);
  const mark = diff.held === null ? ' ' : palette.held(symbols.held);
  const label = `    ${mark} ${diff.field.padEnd(width)}  `;
  const comment = palette.dim(`# ${note}`);
  const block = blockPair(diff);
  if (block !== null) {
    const lineDiff = diffLines(...block);
    return [`${label}${showLineCounts(lineDiff)}  ${comment}`, ...renderDiff(lineDiff.lines, options)];
  }
  const [before, after] = showPair(diff.field, diff.before, diff.after);
  if (before.length + after.length <= ONE_LINE) return [`${label}${before} → ${after}  ${comment}`];
  return [`${label}${comment}`, `        ${palette.remove(`- ${before}`)}`, `        ${palette.add(`+ ${after}`)}`];
}

/** Both sides as text of several lines, or null when the field fits on one. */
export function blockPair(diff: Pick<FieldDiff, 'field' | 'before' | 'after'>): [string, string] | null {
  const before = blockText(diff.field, diff.before);
  const after = blockText(diff.field, diff.after);
  if (before === null || after === null) return null;
  return before === '' && after === '' ? null : [before, after];
}

function renderDiff(all: readonly DiffLine[], { palette, full }: TextOptions): string[] {
  const { shown, cut } = full ? { shown: all, cut: 0 } : cutLines(all, CODE_LINES);
  const paint: Readonly<Record<DiffLine['kind'], Paint>> = {
    add: palette.add,
    remove: palette.remove,
    same: (text) => text,
    place: palette.dim,
  };
  return [
    ...shown.map((line) => `        ${paint[line.kind](line.text)}`.trimEnd()),
    ...(cut === 0 ? [] : [`        ${palette.dim(`… ${countLines(cut)} more; --full shows all`)}`]),
  ];
}

function paintOf(change: Change, palette: Palette): Paint {
  if (change.held !== null) return palette.held;
  return { create: palette.add, update: palette.change, delete: palette.remove, adopt: palette.adopt }[change.op];
}

const lines = (parts: readonly string[]): string => `${parts.join('\n')}\n`;
