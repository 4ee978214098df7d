import { NotUnderstood } from './cursor.js';
import type { Cursor } from './cursor.js';
import { parseExpression } from './parse-expression.js';
import type { Block, Case, Expression } from './syntax-tree.js';

/** `case pattern if guard:` and its block. */
export function parseCase(cursor: Cursor, parseBlock: (cursor: Cursor) => Block): Case {
  cursor.expect('Case');
  const captures: { id: string; at: number }[] = [];
  const uses: Expression[] = [];
  let structureAt: number | null = null;
  let depth = 0;
  while (depth > 0 || (cursor.kind !== 'Colon' && cursor.kind !== 'If')) {
    if (cursor.atEnd) throw new NotUnderstood('a case has no colon');
    const { kind, at } = cursor;
    // Parentheses alone only group; a comma, bracket, brace or call takes the value apart.
    if (kind === 'Lsqb' || kind === 'Lbrace' || kind === 'Comma' || kind === 'Star') structureAt ??= at;
    if (kind === 'Lpar' || kind === 'Lsqb' || kind === 'Lbrace') depth += 1;
    if (kind === 'Rpar' || kind === 'Rsqb' || kind === 'Rbrace') depth -= 1;
    if (kind !== 'Identifier') {
      cursor.next();
      continue;
    }
    let value: Expression = { type: 'name', ...cursor.identifier() };
    while (cursor.take('Dot')) {
      const name = cursor.identifier();
      value = { type: 'attribute', value, id: name.id, at: name.at };
    }
    if (cursor.kind === 'Lpar') {
      structureAt ??= at;
      uses.push(value);
    } else if (value.type === 'attribute') {
      uses.push(value);
    } else if (value.id !== '_' && !(depth > 0 && cursor.kind === 'Equal')) {
      captures.push({ id: value.id, at });
    }
  }
  const guard = cursor.take('If') ? parseExpression(cursor) : null;
  return { captures, uses, structureAt, guard, body: parseBlock(cursor) };
}
