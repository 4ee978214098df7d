import type { Paint } from '../domain/plan/render-palette.js';
import { showSafeLine } from '../domain/plan/render-safe.js';

export interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

/** Columns as wide as their widest cell, two blanks between them; the colours do not count. */
export function renderTable(head: readonly string[], rows: readonly (readonly Cell[])[], headPaint: Paint): string {
  const cells = rows.map((row) => row.map((cell) => ({ ...cell, text: showSafeLine(cell.text) })));
  const widths = head.map((title, column) =>
    Math.max(width(title), ...cells.map((row) => width(row[column]?.text ?? ''))),
  );
  const line = (row: readonly Cell[]): string =>
    row
      .map(({ text, paint }, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - width(text));
        return `${paint === undefined ? text : paint(text)}${column === head.length - 1 ? '' : gap}`;
      })
      .join('  ')
      .trimEnd();
  return [line(head.map((text) => ({ text, paint: headPaint }))), ...cells.map(line)].map((row) => `${row}\n`).join('');
}

/** Characters as a terminal places them: accents that combine take no room, wide ones two. */
function width(text: string): number {
  let sum = 0;
  for (const character of text.normalize('NFC')) {
    if (/\p{Mark}/u.test(character)) continue;
    sum +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return sum;
}
