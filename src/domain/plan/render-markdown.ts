import { showPlace, type Problem } from '../problem.js';
import type { Change, Update } from './change.js';
import type { Plan } from './plan.js';
import { diffLines } from './render-diff.js';
import { showSafe, showSafeLine } from './render-safe.js';
import { blockPair } from './render-text.js';
import { blockText, showPair, showValue } from './render-value.js';
import {
  byDefinition,
  objectWords,
  showCounts,
  showEdit,
  showHeld,
  showMoved,
  shortRevision,
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
  const environment = plan.environment === null ? '' : `, ${code(plan.environment)}`;
  const revision = plan.revision === null ? '' : ` at ${code(shortRevision(plan.revision))}`;
  const text = new Bounded(MAX_BYTES);
  text.add(`### Plan for ${code(plan.instance)}\n\n`);
  text.add(
    `Database ${code(plan.database)}, Odoo ${code(plan.serie)}${environment}; definitions from ${code(plan.source)}${revision}.\n\n`,
  );
  text.add(`**${showCounts(plan)}**\n\n`);
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
    groups.map((group) => renderDetails(group, now)),
    MAX_BYTES,
    (left) =>
      `_The differences of ${left} more ${left === 1 ? 'definition' : 'definitions'} did not fit here: ${code('odoo-steward plan')} shows all._\n\n`,
  );
  text.addAlways(`Digest ${code(plan.digest)}\n`);
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
  return group.changes.map((change) => {
    const what = change.held === null ? change.op : 'held back';
    const fields = change.op === 'update' ? ` (${change.fields.map((diff) => diff.field).join(', ')})` : '';
    return `| ${code(symbolOf(change))} | ${cell(group.id)} | ${what} ${objectWords[change.object]}${fields} |\n`;
  });
}

function renderDetails(group: DefinitionChanges, now: number): string {
  const body = group.changes.map((change) => renderChange(change, now)).join('\n');
  const summary = `<code>${html(group.id)}</code> ${html(group.name)}`;
  return `<details><summary>${summary}</summary>\n\n${body}\n</details>\n\n`;
}

function renderChange(change: Change, now: number): string {
  const record = change.op === 'create' ? '' : ` #${change.recordId}`;
  const head = `${code(symbolOf(change))} ${objectWords[change.object]} ${code(change.externalId)}${record}`;
  switch (change.op) {
    case 'create':
      return `${head}\n\n${fence(createdLines(change.after))}`;
    case 'adopt':
      return `${head}: becomes ours, and is not changed.\n`;
    case 'delete':
      return `${head}: ${prose(change.held === null ? `no definition asks for it; last edited in Odoo ${showEdit(change.lastEdit, now)}` : showHeld(change.held, change.id, change.lastEdit, now))}.\n`;
    case 'update':
      return `${head}\n\n${movedList(change, now)}\n${fence(updatedLines(change))}`;
  }
}

function movedList(change: Update, now: number): string {
  return change.fields
    .map((diff) => {
      const words =
        diff.held === null
          ? showMoved(diff.moved, change.lastEdit, now)
          : `held back: ${showHeld(diff.held, change.id, change.lastEdit, now)}`;
      return `- ${code(diff.field)} ${prose(words)}\n`;
    })
    .join('');
}

function createdLines(values: Update['after']): string[] {
  return Object.entries(values).flatMap(([field, value]) => {
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
}

function updatedLines(change: Update): string[] {
  return change.fields.flatMap((diff) => {
    const block = blockPair(diff);
    if (block !== null) return [`  ${diff.field}:`, ...diffLines(...block).lines.map((line) => line.text)];
    const [before, after] = showPair(diff.field, diff.before, diff.after);
    return [`- ${diff.field}: ${before}`, `+ ${diff.field}: ${after}`];
  });
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
