/** A comment that its forge takes, and whether something had to be left out for that. */
export interface CutMarkdown {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Markdown of at most `maxCharacters` (UTF-16 units, never fewer than what a forge counts). What does not fit is left out
 * from the end, by whole lines; code blocks and folds that stay open are closed, and a sentence says that it was cut.
 */
export function cutMarkdown(markdown: string, maxCharacters: number): CutMarkdown {
  if (markdown.length <= maxCharacters) return { text: markdown, isCut: false };
  const lines = markdown.split('\n');
  const sentence = `_This comment was cut at the ${maxCharacters.toLocaleString('en')} characters that fit here: \`odoo-steward plan\` shows all._`;
  // Room for the sentence, and for closing one code block and a few folds.
  const room = maxCharacters - sentence.length - 200;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    if (length + line.length + 1 > room) break;
    kept.push(line);
    length += line.length + 1;
  }
  // One line longer than everything: better its start than nothing.
  if (kept.length === 0) kept.push(`${(lines[0] ?? '').slice(0, Math.max(0, room)).replace(/[\ud800-\udbff]$/, '')}…`);
  return { text: [...kept, ...closing(kept), '', sentence].join('\n'), isCut: true };
}

function closing(lines: readonly string[]): string[] {
  let fence: string | null = null;
  let folds = 0;
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence === null) {
      if (mark?.[1] !== undefined) fence = mark[1];
      else folds += count(line, /<details\b/gi) - count(line, /<\/details>/gi);
    } else if (mark?.[1]?.startsWith(fence) === true && mark[2]?.trim() === '') fence = null;
  }
  return [
    ...(fence === null ? [] : [fence]),
    ...Array.from({ length: Math.min(Math.max(0, folds), 10) }, () => '\n</details>'),
  ];
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Cuts to one line of at most so many characters, marking that it was cut. */
export function cutLine(text: string, maxCharacters: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= maxCharacters ? line : `${line.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
