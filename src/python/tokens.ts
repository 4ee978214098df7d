export interface Token {
  /** ruff's name for it: `Identifier`, `Lpar`, `If`, `FStringStart`, … */
  readonly kind: string;
  /** Offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const line = /^ *([A-Za-z]+) (\d+)\.\.(\d+)/gm;
const ignored = new Set(['Comment', 'NonLogicalNewline']);

/** ruff's token listing as tokens; its offsets count UTF-8 bytes. */
export function parseTokens(listing: string, code: string): Token[] {
  const offset = utf16Offset(code);
  const tokens: Token[] = [];
  for (const [, kind, start, end] of listing.matchAll(line)) {
    if (kind === undefined || ignored.has(kind)) continue;
    tokens.push({ kind, start: offset(Number(start)), end: offset(Number(end)) });
  }
  return tokens;
}

function utf16Offset(code: string): (byte: number) => number {
  // eslint-disable-next-line no-control-regex -- ASCII is a range of control and printable characters
  if (/^[\u0000-\u007f]*$/.test(code)) return (byte) => byte;
  const map: number[] = [];
  let index = 0;
  for (const character of code) {
    const point = character.codePointAt(0) ?? 0;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i++) map.push(index);
    index += character.length;
  }
  return (byte) => map[byte] ?? index;
}
