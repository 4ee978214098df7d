import { showPlace, type Problem } from '../problem.js';
import { isApplied, type Change, type Create, type Update } from './change.js';
import type { Plan } from './plan.js';
import { blockPair } from './render-change.js';
import { diffLines } from './render-diff.js';
import { showSafe, showSafeLine } from './render-safe.js';
import { blockText, showPair, showValue } from './render-value.js';
import {
  byDefinition,
  describePlan,
  extraLines,
  objectWords,
  showCounts,
  showEdit,
  showErrors,
  showGone,
  showHeld,
  showMoved,
  showSides,
  symbolOf,
  type DefinitionChanges,
} from './render-words.js';

export interface MarkdownOptions {
  /** UTC, milliseconds. */
  readonly now: number;
}

/** Code hosts refuse a comment of more than 65,536 characters. */
const MAX_BYTES = 60_000;
const TABLE_BYTES = 15_000;
const BLOCK_LINES = 300;

/** A plan as a comment on a pull request: a table first, the differences folded below. Every text of others is code. */
export function renderMarkdown(plan: Plan, { now }: MarkdownOptions): string {
  const groups = byDefinition(plan.changes);
  const { target, definitions } = describePlan(plan, code);
  const errors = showErrors(plan);
  const text = new Bounded(MAX_BYTES);
  text.add(`### Plan for ${code(plan.instance)}\n\n`);
  text.add(`${target.replace(/^d/, 'D')}; definitions: ${definitions}\n\n`);
  text.add(`**${showCounts(plan)}**\n\n`);
  if (errors !== null) text.add(`**${errors}**\n\n`);
  for (const objection of plan.objections) {
    text.add(
      `> **Guard:** ${prose(objection.message)} To apply it all the same: ${code(`--override ${objection.code}`)}\n\n`,
    );
  }
  addAll(text, plan.problems.map(renderProblem), 5000, (left) => `- … and ${left} more.\n`);
  if (plan.problems.length > 0) text.add('\n');
  if (groups.length > 0) {
    text.add('| | definition | change |\n| --- | --- | --- |\n');
    addAll(text, groups.flatMap(renderRows), TABLE_BYTES, (left) => `| | … and ${left} more | |\n`);
    text.add('\n');
  }
  addAll(
    text,
    groups.map((group) => renderDetails(group, plan, now)),
    MAX_BYTES,
    (left) =>
      `_The differences of ${left} more ${left === 1 ? 'definition' : 'definitions'} did not fit here: ${code('odoo-steward plan')} shows all._\n\n`,
  );
  const isAppliable = errors === null && plan.changes.some(isApplied);
  const apply = code(`odoo-steward apply ${plan.instance} --digest ${plan.digest.slice(0, 12)}`);
  text.addAlways(
    `Digest ${code(plan.digest)}${isAppliable ? `: ${apply}, with the options of this plan, applies it and no other.` : ''}\n`,
  );
  return text.toString();
}

/** Text that stops growing before the limit. */
class Bounded {
  private parts: string[] = [];
  private bytes = 0;

  constructor(private readonly limit: number) {}

  /** Keeps 600 bytes for what must be said at the end. */
  add(part: string): boolean {
    if (this.bytes + byteLength(part) > this.limit - 600) return false;
    this.addAlways(part);
    return true;
  }

  addAlways(part: string): void {
    this.parts.push(part);
    this.bytes += byteLength(part);
  }

  toString(): string {
    return this.parts.join('');
  }
}

function addAll(text: Bounded, parts: readonly string[], limit: number, note: (left: number) => string): void {
  let bytes = 0;
  for (const [index, part] of parts.entries()) {
    bytes += byteLength(part);
    if (bytes <= limit && text.add(part)) continue;
    text.addAlways(note(parts.length - index));
    return;
  }
}

const renderProblem = (problem: Problem): string =>
  `- **${problem.severity}**${problem.at === null ? '' : ` ${code(showPlace(problem.at))}`} ${prose(problem.message)}\n`;

function renderRows(group: DefinitionChanges): string[] {
  return group.changes.map(
    (change) =>
      `| ${code(symbolOf(change))} | ${cell(group.id)} | ${change.op} ${objectWords[change.object]}${rowNote(change)} |\n`,
  );
}

function rowNote(change: Change): string {
  if (change.op === 'update') {
    const names = (held: boolean): string =>
      change.fields.flatMap((diff) => ((diff.held !== null) === held ? [diff.field] : [])).join(', ');
    const [written, held] = [names(false), names(true)];
    return `${written === '' ? '' : `: ${written}`}${held === '' ? '' : `; held back: ${held}`}`;
  }
  if (change.held !== null) return ': held back';
  const gone = change.op === 'create' ? showGone(change) : null;
  return gone === null ? '' : ` (${gone})`;
}

function renderDetails(group: DefinitionChanges, plan: Plan, now: number): string {
  const body = group.changes.map((change) => renderChange(change, plan, now)).join('\n');
  const summary = `<code>${html(group.id)}</code> ${html(group.name)}`;
  return `<details><summary>${summary}</summary>\n\n${body}\n</details>\n\n`;
}

function renderChange(change: Change, plan: Plan, now: number): string {
  const record = change.op === 'create' ? '' : ` #${change.recordId}`;
  const head = `${code(symbolOf(change))} ${objectWords[change.object]} ${code(change.externalId)}${record}`;
  switch (change.op) {
    case 'create': {
      const gone = showGone(change);
      return `${head}${gone === null ? '' : `: ${gone}; apply makes it again`}\n\n${fence(createdLines(change, now))}`;
    }
    case 'adopt':
      return `${head}: becomes ours, and is not changed.\n`;
    case 'delete': {
      const who = change.lastEdit === null ? '' : `; last edited in Odoo ${prose(showEdit(change.lastEdit, now))}`;
      if (change.held === null) return `${head}: no definition asks for it${who}.\n`;
      return `${head} stays: ${heldNote(change.held, change, now)}.\n`;
    }
    case 'update': {
      const lines = updatedLines(change, plan, now);
      return `${head}\n\n${movedList(change, now)}${lines.length === 0 ? '' : `\n${fence(lines)}`}`;
    }
  }
}

function heldNote(held: NonNullable<Change['held']>, change: Pick<Update, 'id' | 'lastEdit'>, now: number): string {
  const { reason, option, effect } = showHeld(held, change.id, change.lastEdit, now);
  return `${prose(reason)}; ${code(option)} ${effect}`;
}

function movedList(change: Update, now: number): string {
  return change.fields
    .map((diff) => {
      if (diff.held === null) return `- ${code(diff.field)} ${prose(showMoved(diff.moved, change.lastEdit, now))}\n`;
      const [before, after] = showPair(diff.field, diff.before, diff.after);
      return `- ${code(diff.field)} stays ${code(before)}, in git ${code(after)}: ${heldNote(diff.held, change, now)}\n`;
    })
    .join('');
}

function createdLines(change: Create, now: number): string[] {
  const values = Object.entries(change.after).flatMap(([field, value]) => {
    if (value === null) return [];
    const block = blockText(field, value);
    if (block === null) return [`+ ${field}: ${showValue(field, value, 'git')}`];
    return [
      `+ ${field}:`,
      ...block
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `+     ${showSafe(line)}`),
    ];
  });
  return [...values, ...extraLines(change, now).map(([field, text]) => `+ ${field}: ${text}`)];
}

/** What is written, in one diff; what is held back is no part of it. */
function updatedLines(change: Update, plan: Plan, now: number): string[] {
  const written = change.fields.filter((diff) => diff.held === null);
  // Who edited last matters when Odoo moved any of the fields.
  const [first] = written;
  if (first === undefined) return [];
  const { odoo, git } = showSides(written.find(({ moved }) => moved !== 'git') ?? first, change.lastEdit, plan, now);
  const lines = written.flatMap((diff) => {
    const block = blockPair(diff);
    if (block !== null) return [`  ${diff.field}:`, ...diffLines(...block).lines.map((line) => line.text)];
    const [before, after] = showPair(diff.field, diff.before, diff.after);
    return [`- ${diff.field}: ${before}`, `+ ${diff.field}: ${after}`];
  });
  return [`--- ${odoo}`, `+++ ${git}`, ...lines];
}

/** A fence that nothing in the text can close. */
function fence(lines: readonly string[]): string {
  const shown = lines.slice(0, BLOCK_LINES);
  const note = lines.length > shown.length ? `\n_${lines.length - shown.length} more lines are not shown here._\n` : '';
  const text = shown.join('\n');
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}diff\n${text}\n${ticks}\n${note}`;
}

/** Inline code that nothing in the text can close, on one line; mentions and links in it do nothing. */
function code(text: string): string {
  const line = showSafeLine(text);
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** In a table a `|` ends the cell, in code as well. */
const cell = (text: string): string => code(text).replaceAll('|', '\\|');

/** Our own sentences, which quote names of others. */
const prose = (text: string): string =>
  showSafeLine(text)
    .replace(/[\\`*_[\]<>|~#]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u2060')
    .replaceAll('&', '&amp;');

const html = (text: string): string =>
  showSafeLine(text).replace(/[&<>"'@]/g, (character) => `&#${character.charCodeAt(0)};`);

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
