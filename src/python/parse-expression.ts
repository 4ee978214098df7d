import { NotUnderstood } from './cursor.js';
import type { Cursor } from './cursor.js';
import type { Clause, Expression, Parameters } from './syntax-tree.js';

const operators = new Set(
  (
    'Plus Minus Star Slash DoubleSlash Percent DoubleStar Amper Vbar CircumFlex LeftShift RightShift Less Greater EqEqual ' +
    'NotEqual LessEqual GreaterEqual And Or In Is'
  ).split(' '),
);
const signs = new Set(['Plus', 'Minus', 'Tilde']);
/** Tokens that end an expression list: nothing of an expression begins with them. */
const closers = new Set(
  (
    'Newline Semi Rpar Rsqb Rbrace Colon Equal EndOfFile Dedent In PlusEqual MinusEqual StarEqual SlashEqual DoubleSlashEqual ' +
    'PercentEqual DoubleStarEqual AmperEqual VbarEqual CircumflexEqual LeftShiftEqual RightShiftEqual AtEqual Exclamation For Async'
  ).split(' '),
);

const group = (parts: readonly Expression[], at: number): Expression =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'group', parts, at };

/** One or more expressions with commas; a comma makes a tuple. */
export function parseList(cursor: Cursor): Expression {
  const { at } = cursor;
  const items: Expression[] = [];
  let tuple = false;
  while (!closers.has(cursor.kind)) {
    items.push(parseItem(cursor));
    if (!cursor.take('Comma')) break;
    tuple = true;
  }
  const [only] = items;
  return !tuple && only !== undefined ? only : { type: 'sequence', items, tuple: true, at };
}

/** The targets of `for`, up to `in`. */
export function parseTargets(cursor: Cursor): Expression {
  const { at } = cursor;
  const items: Expression[] = [];
  let tuple = false;
  while (cursor.kind !== 'In') {
    const { at: starAt } = cursor;
    const starred = cursor.take('Star');
    const target = parsePrimary(cursor);
    items.push(starred ? { type: 'star', value: target, at: starAt } : target);
    if (!cursor.take('Comma')) break;
    tuple = true;
  }
  const [only] = items;
  return !tuple && only !== undefined ? only : { type: 'sequence', items, tuple: true, at };
}

function parseItem(cursor: Cursor): Expression {
  const { at } = cursor;
  if (cursor.take('Star')) return { type: 'star', value: parseExpression(cursor), at };
  return parseExpression(cursor);
}

/** An expression without commas; inside a comprehension's clauses a bare `if` belongs to the comprehension. */
export function parseExpression(cursor: Cursor, inClause = false): Expression {
  const { at } = cursor;
  if (cursor.kind === 'Lambda') return parseLambda(cursor);
  if (cursor.kind === 'Yield') return parseYield(cursor);
  const first = parseOperand(cursor);
  if (first.type === 'name' && cursor.take('ColonEqual'))
    return { type: 'walrus', target: first, value: parseExpression(cursor, inClause), at };
  const parts = [first];
  for (;;) {
    if (cursor.kind === 'At') {
      parts.push({ type: 'matmul', at: cursor.at });
      cursor.next();
      parts.push(parseOperand(cursor));
    } else if (cursor.kind === 'Not' && cursor.peekKind(1) === 'In') {
      cursor.next();
    } else if (operators.has(cursor.kind)) {
      cursor.next();
      parts.push(parseOperand(cursor));
    } else if (cursor.kind === 'If' && !inClause) {
      cursor.next();
      parts.push(parseExpression(cursor, true));
      cursor.expect('Else');
      parts.push(parseExpression(cursor));
    } else {
      return group(parts, at);
    }
  }
}

function parseOperand(cursor: Cursor): Expression {
  const { at, kind } = cursor;
  if (kind === 'Lambda') return parseLambda(cursor);
  if (cursor.take('Not')) return { type: 'not', value: parseOperand(cursor), at };
  if (signs.has(kind)) {
    cursor.next();
    return { type: 'group', parts: [parseOperand(cursor)], at };
  }
  if (cursor.take('Await')) return { type: 'await', value: parseOperand(cursor), at };
  return parsePrimary(cursor);
}

function parseYield(cursor: Cursor): Expression {
  const { at } = cursor;
  cursor.expect('Yield');
  if (cursor.take('From')) return { type: 'yield_from', value: parseExpression(cursor), at };
  return { type: 'group', parts: closers.has(cursor.kind) ? [] : [parseList(cursor)], at };
}

function parsePrimary(cursor: Cursor): Expression {
  let value = parseAtom(cursor);
  for (;;) {
    const { at } = cursor;
    if (cursor.take('Dot')) {
      const name = cursor.identifier();
      value = { type: 'attribute', value, id: name.id, at: name.at };
    } else if (cursor.take('Lpar')) {
      value = { type: 'call', callee: value, ...parseArguments(cursor, at), at };
    } else if (cursor.take('Lsqb')) {
      value = { type: 'subscript', value, index: parseIndex(cursor), at };
    } else {
      return value;
    }
  }
}

function parseAtom(cursor: Cursor): Expression {
  const { at, kind } = cursor;
  switch (kind) {
    case 'Identifier':
      return { type: 'name', ...cursor.identifier() };
    case 'True':
    case 'False':
    case 'None':
      cursor.next();
      return { type: 'literal', truth: kind === 'True', at };
    case 'Int':
    case 'Float':
    case 'Complex': {
      const truth = /^\d+$/.test(cursor.text) ? /[1-9]/.test(cursor.text) : null;
      cursor.next();
      return { type: 'literal', truth, at };
    }
    case 'Ellipsis':
      cursor.next();
      return { type: 'literal', truth: null, at };
    case 'String':
    case 'FStringStart':
    case 'TStringStart':
      return parseStrings(cursor);
    case 'Lpar':
      return parseParentheses(cursor);
    case 'Lsqb':
      cursor.next();
      return parseBrackets(cursor, at);
    case 'Lbrace':
      cursor.next();
      return parseBraces(cursor, at);
    default:
      throw new NotUnderstood(`no expression begins with ${kind} at ${at}`);
  }
}

/** Strings that stand side by side are one. */
function parseStrings(cursor: Cursor): Expression {
  const { at } = cursor;
  const parts: Expression[] = [];
  for (;;) {
    if (cursor.take('String')) continue;
    if (cursor.kind !== 'FStringStart' && cursor.kind !== 'TStringStart') break;
    const end = cursor.kind.replace('Start', 'End');
    cursor.next();
    while (!cursor.take(end)) parseReplacement(cursor, parts);
  }
  return parts.length === 0 ? { type: 'literal', truth: null, at } : { type: 'f_string', parts, at };
}

/** `{value!r:{width}}`, or the text between such. */
function parseReplacement(cursor: Cursor, parts: Expression[]): void {
  if (cursor.take('FStringMiddle') || cursor.take('TStringMiddle')) return;
  cursor.expect('Lbrace');
  parts.push(parseList(cursor));
  cursor.take('Equal');
  if (cursor.take('Exclamation')) cursor.next();
  if (cursor.take('Colon')) while (cursor.kind !== 'Rbrace') parseReplacement(cursor, parts);
  cursor.expect('Rbrace');
}

function parseParentheses(cursor: Cursor): Expression {
  const { at } = cursor;
  cursor.expect('Lpar');
  if (cursor.take('Rpar')) return { type: 'sequence', items: [], tuple: true, at };
  const inside = parseList(cursor);
  if (cursor.kind === 'For' || cursor.kind === 'Async') {
    const clauses = parseClauses(cursor);
    cursor.expect('Rpar');
    return { type: 'comprehension', kind: 'generator', elements: [inside], clauses, at };
  }
  cursor.expect('Rpar');
  return inside.type === 'sequence' ? { ...inside, at } : inside;
}

function parseBrackets(cursor: Cursor, at: number): Expression {
  const inside = cursor.kind === 'Rsqb' ? null : parseList(cursor);
  if (inside !== null && (cursor.kind === 'For' || cursor.kind === 'Async')) {
    const clauses = parseClauses(cursor);
    cursor.expect('Rsqb');
    return { type: 'comprehension', kind: 'list', elements: [inside], clauses, at };
  }
  cursor.expect('Rsqb');
  // What parseList makes of `a, b` begins where `a` begins; a tuple of its own begins at its parenthesis.
  const bare = inside?.type === 'sequence' && inside.tuple && inside.at === inside.items[0]?.at;
  return { type: 'sequence', items: inside === null ? [] : bare ? inside.items : [inside], tuple: false, at };
}

function parseBraces(cursor: Cursor, at: number): Expression {
  const parts: Expression[] = [];
  let kind: 'set' | 'dict' = 'set';
  while (cursor.kind !== 'Rbrace') {
    if (cursor.take('DoubleStar')) {
      parts.push(parseExpression(cursor));
      kind = 'dict';
    } else {
      parts.push(parseItem(cursor));
      if (cursor.take('Colon')) {
        kind = 'dict';
        parts.push(parseExpression(cursor));
      }
    }
    if (cursor.kind === 'For' || cursor.kind === 'Async') {
      const clauses = parseClauses(cursor);
      cursor.expect('Rbrace');
      return { type: 'comprehension', kind, elements: parts, clauses, at };
    }
    if (!cursor.take('Comma')) break;
  }
  cursor.expect('Rbrace');
  return { type: 'group', parts, at };
}

function parseClauses(cursor: Cursor): Clause[] {
  const clauses: Clause[] = [];
  while (cursor.kind === 'For' || cursor.kind === 'Async') {
    const { at } = cursor;
    const isAsync = cursor.take('Async');
    cursor.expect('For');
    const target = parseTargets(cursor);
    cursor.expect('In');
    const iterable = parseExpression(cursor, true);
    const conditions: Expression[] = [];
    while (cursor.take('If')) conditions.push(parseExpression(cursor, true));
    clauses.push({ target, iterable, conditions, isAsync, at });
  }
  return clauses;
}

function parseArguments(cursor: Cursor, at: number): { positional: Expression[]; keywords: Expression[] } {
  const positional: Expression[] = [];
  const keywords: Expression[] = [];
  while (!cursor.is('Rpar')) {
    const { at: starAt } = cursor;
    if (cursor.take('DoubleStar')) {
      keywords.push(parseExpression(cursor));
    } else if (cursor.take('Star')) {
      positional.push({ type: 'star', value: parseExpression(cursor), at: starAt });
    } else if (cursor.is('Identifier') && cursor.peekKind(1) === 'Equal') {
      cursor.next();
      cursor.next();
      keywords.push(parseExpression(cursor));
    } else {
      const value = parseExpression(cursor);
      const isGenerator = cursor.is('For') || cursor.is('Async');
      positional.push(
        isGenerator
          ? { type: 'comprehension', kind: 'generator', elements: [value], clauses: parseClauses(cursor), at }
          : value,
      );
    }
    if (!cursor.take('Comma')) break;
  }
  cursor.expect('Rpar');
  return { positional, keywords };
}

/** `x`, `a:b:c`, `1, *y` */
function parseIndex(cursor: Cursor): Expression {
  const { at } = cursor;
  const parts: Expression[] = [];
  while (!cursor.take('Rsqb')) {
    if (cursor.take('Colon') || cursor.take('Comma')) continue;
    parts.push(parseItem(cursor));
  }
  return group(parts, at);
}

function parseLambda(cursor: Cursor): Expression {
  const { at } = cursor;
  cursor.expect('Lambda');
  const parameters = parseParameters(cursor, 'Colon', false);
  return { type: 'lambda', parameters, body: parseExpression(cursor), at };
}

/** Parameters up to and with the closing token. */
export function parseParameters(cursor: Cursor, closer: 'Colon' | 'Rpar', annotated: boolean): Parameters {
  const names: { id: string; at: number }[] = [];
  const outside: Expression[] = [];
  while (!cursor.take(closer)) {
    if (cursor.take('Comma') || cursor.take('Slash') || cursor.take('Star') || cursor.take('DoubleStar')) continue;
    names.push(cursor.identifier());
    if (annotated && cursor.take('Colon')) outside.push(parseItem(cursor));
    if (cursor.take('Equal')) outside.push(parseExpression(cursor));
  }
  return { names, outside };
}
