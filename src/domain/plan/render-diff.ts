import { structuredPatch } from 'diff';
import { showSafe } from './render-safe.js';

export interface DiffLine {
  readonly kind: 'add' | 'remove' | 'same' | 'place';
  /** With its `+`, `-` or blank in front. */
  readonly text: string;
}

export interface LineDiff {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

/** Two texts line by line, as `diff -u` shows them; what cannot be seen (blanks at the end, controls) is made visible. */
export function diffLines(before: string, after: string, context = 3): LineDiff {
  const patch = structuredPatch('', '', before, after, '', '', { context });
  const lines = patch.hunks.flatMap((hunk): DiffLine[] => [
    {
      kind: 'place',
      text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    },
    ...hunk.lines.map(toLine),
  ]);
  return {
    lines,
    added: lines.filter((line) => line.kind === 'add').length,
    removed: lines.filter((line) => line.kind === 'remove').length,
  };
}

function toLine(text: string): DiffLine {
  const mark = text.charAt(0);
  if (mark === '+') return { kind: 'add', text: showBlanks(showSafe(text)) };
  if (mark === '-') return { kind: 'remove', text: showBlanks(showSafe(text)) };
  return { kind: 'same', text: mark === '\\' ? '\\ no line break at the end' : showSafe(text) };
}

/** Blanks at the end of a changed line would look like no change at all. */
const showBlanks = (line: string): string =>
  line.replace(/(?<=.)[ \t]+$/, (blanks) => blanks.replaceAll(' ', '·').replaceAll('\t', '→'));

/** The first lines, and how many were left out. */
export function cutLines<T>(
  lines: readonly T[],
  limit: number,
): { readonly shown: readonly T[]; readonly cut: number } {
  // A note in place of one or two lines would save nothing.
  if (lines.length <= limit + 2) return { shown: lines, cut: 0 };
  return { shown: lines.slice(0, limit), cut: lines.length - limit };
}

/** "3 lines added, 1 removed" */
export function showLineCounts({ added, removed }: Pick<LineDiff, 'added' | 'removed'>): string {
  const parts = [added > 0 ? `${countLines(added)} added` : '', removed > 0 ? `${countLines(removed)} removed` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

export const countLines = (count: number): string => `${count} ${count === 1 ? 'line' : 'lines'}`;
