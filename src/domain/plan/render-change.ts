import { isApplied, type Change, type Create, type FieldDiff, type Update } from './change.js';
import type { Plan } from './plan.js';
import { countLines, cutLines, diffLines, showLineCounts, type DiffLine } from './render-diff.js';
import type { Paint, Palette } from './render-palette.js';
import { showSafeLine } from './render-safe.js';
import { blockText, showPair, showValue } from './render-value.js';
import {
  extraLines,
  objectWords,
  showEdit,
  showGone,
  showHeld,
  showMoved,
  showSides,
  symbolOf,
  symbols,
} from './render-words.js';

export interface TextOptions {
  readonly palette: Palette;
  /** UTC, milliseconds. */
  readonly now: number;
  /** Show long code as a whole. */
  readonly full: boolean;
}

/**
 * How a difference reads: `apply` from Odoo to git, as apply would change it; `drift` from git to Odoo, as somebody
 * changed it there.
 */
export type Direction = 'apply' | 'drift';

interface ChangeOptions extends TextOptions {
  readonly direction: Direction;
  readonly plan: Pick<Plan, 'revision'>;
}

const CODE_LINES = 40;
const ONE_LINE = 100;

/** One change for a terminal, line by line. */
export function renderChange(change: Change, options: ChangeOptions): string[] {
  const { palette, now } = options;
  const paint = paintOf(change, palette);
  const record = change.op === 'create' ? '' : ` (#${change.recordId})`;
  const head = `  ${paint(symbolOf(change))} ${objectWords[change.object]} ${showSafeLine(change.externalId)}${record}`;
  const withNote = (note: string): string => `${head}  ${palette.dim(`# ${note}`)}`;
  switch (change.op) {
    case 'create': {
      const gone = showGone(change);
      return [gone === null ? head : withNote(`${gone}; apply makes it again`), ...renderValues(change, options)];
    }
    case 'adopt':
      return [withNote('becomes ours, and is not changed')];
    case 'delete': {
      const who = showEdit(change.lastEdit, now);
      return [
        withNote(
          change.held === null
            ? `no definition asks for it${who === '' ? '' : `; last edited in Odoo ${who}`}`
            : heldNote(change.held, change, now),
        ),
      ];
    }
    case 'update':
      return [head, ...renderFields(change, options)];
  }
}

function heldNote(held: NonNullable<Change['held']>, change: Pick<Update, 'id' | 'lastEdit'>, now: number): string {
  const { reason, option, effect } = showHeld(held, change.id, change.lastEdit, now);
  return `${reason}; ${option} ${effect}`;
}

function renderValues(change: Create, options: ChangeOptions): string[] {
  const { palette, now } = options;
  const entries = Object.entries(change.after).filter(([, value]) => value !== null);
  const extra = extraLines(change, now);
  const width = Math.max(...[...entries, ...extra].map(([field]) => field.length));
  const label = (field: string): string => `      ${field.padEnd(width)}  `;
  const values = entries.flatMap(([field, value]) => {
    const block = blockText(field, value);
    if (block === null) return [`${label(field)}${showValue(field, value, 'git')}`];
    const diff = diffLines('', block);
    const added = diff.lines.filter((line) => line.kind === 'add');
    return [`${label(field)}${palette.dim(countLines(added.length))}`, ...renderDiff(added, options)];
  });
  return [...values, ...extra.map(([field, text]) => `${label(field)}${text}`)];
}

function renderFields(change: Update, options: ChangeOptions): string[] {
  const width = Math.max(...change.fields.map((field) => field.field.length));
  return change.fields.flatMap((field) => renderField(change, field, width, options));
}

function renderField(change: Update, diff: FieldDiff, width: number, options: ChangeOptions): string[] {
  const { palette, now, direction } = options;
  const note = diff.held === null ? showMoved(diff.moved, change.lastEdit, now) : heldNote(diff.held, change, now);
  const mark = diff.held === null ? ' ' : palette.held(symbols.held);
  const label = `    ${mark} ${diff.field.padEnd(width)}  `;
  const comment = palette.dim(`# ${note}`);
  const block = blockPair(diff);
  if (block !== null) {
    const sides = showSides(diff, change.lastEdit, options.plan, now);
    const [from, to] = inDirection([sides.odoo, sides.git], direction);
    const lineDiff = diffLines(...inDirection(block, direction));
    return [
      `${label}${showLineCounts(lineDiff)}  ${comment}`,
      ...[`--- ${from}`, `+++ ${to}`].map((line) => `        ${palette.dim(line)}`),
      ...renderDiff(lineDiff.lines, options),
    ];
  }
  const pair = showPair(diff.field, diff.before, diff.after);
  if (diff.held !== null && direction === 'apply') return [`${label}stays ${pair[0]}, in git ${pair[1]}  ${comment}`];
  const [from, to] = inDirection(pair, direction);
  if (from.length + to.length <= ONE_LINE) return [`${label}${from} → ${to}  ${comment}`];
  return [`${label}${comment}`, `        ${palette.remove(`- ${from}`)}`, `        ${palette.add(`+ ${to}`)}`];
}

/** Both sides, given as Odoo's and git's. */
const inDirection = <T>([odoo, git]: readonly [T, T], direction: Direction): [T, T] =>
  direction === 'apply' ? [odoo, git] : [git, odoo];

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
  if (!isApplied(change)) return palette.held;
  return { create: palette.add, update: palette.change, delete: palette.remove, adopt: palette.adopt }[change.op];
}
