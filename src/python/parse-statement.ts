import { NotUnderstood } from './cursor.js';
import type { Cursor } from './cursor.js';
import { parseExpression, parseList, parseParameters, parseTargets } from './parse-expression.js';
import { parseCase } from './parse-pattern.js';
import type { Block, Case, Expression, Handler, Statement } from './syntax-tree.js';

/** A whole file. */
export function parseModule(cursor: Cursor): Block {
  const statements: Statement[] = [];
  while (!cursor.atEnd) {
    if (!cursor.take('Newline')) statements.push(...parseStatement(cursor));
  }
  return statements;
}

function parseBlock(cursor: Cursor): Block {
  cursor.expect('Colon');
  if (!cursor.take('Newline')) return parseSimpleLine(cursor);
  cursor.expect('Indent');
  const statements: Statement[] = [];
  while (!cursor.take('Dedent')) statements.push(...parseStatement(cursor));
  return statements;
}

function parseStatement(cursor: Cursor): Statement[] {
  switch (cursor.kind) {
    case 'If':
      return [parseIf(cursor)];
    case 'While':
      return [parseWhile(cursor)];
    case 'For':
      return [parseFor(cursor, cursor.at, false)];
    case 'Try':
      return [parseTry(cursor)];
    case 'With':
      return [parseWith(cursor, cursor.at)];
    case 'Match':
      return [parseMatch(cursor)];
    case 'At':
    case 'Def':
    case 'Class':
      return [parseDefinition(cursor)];
    case 'Async':
      return [parseAsync(cursor)];
    default:
      return parseSimpleLine(cursor);
  }
}

function parseSimpleLine(cursor: Cursor): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    statements.push(parseSimple(cursor));
    const more = cursor.take('Semi');
    if (cursor.take('Newline') || cursor.atEnd) return statements;
    if (!more) throw new NotUnderstood(`a statement goes on with ${cursor.kind} at ${cursor.at}`);
  }
}

const isLineEnd = (cursor: Cursor): boolean => cursor.kind === 'Newline' || cursor.kind === 'Semi' || cursor.atEnd;

function parseSimple(cursor: Cursor): Statement {
  const { at, kind } = cursor;
  switch (kind) {
    case 'Pass':
    case 'Break':
    case 'Continue':
      cursor.next();
      return { type: kind === 'Pass' ? 'pass' : kind === 'Break' ? 'break' : 'continue', at };
    case 'Import':
    case 'From':
      return parseImport(cursor);
    case 'Global':
    case 'Nonlocal': {
      cursor.next();
      const names = [cursor.identifier()];
      while (cursor.take('Comma')) names.push(cursor.identifier());
      return { type: kind === 'Global' ? 'global' : 'nonlocal', names, at };
    }
    case 'Del': {
      cursor.next();
      return { type: 'delete', targets: [parseList(cursor)], at };
    }
    case 'Return':
      cursor.next();
      return { type: 'return', parts: isLineEnd(cursor) ? [] : [parseList(cursor)], at };
    case 'Raise':
    case 'Assert': {
      cursor.next();
      const parts: Expression[] = [];
      while (!isLineEnd(cursor)) {
        if (!cursor.take('From') && !cursor.take('Comma')) parts.push(parseExpression(cursor));
      }
      return { type: kind === 'Raise' ? 'raise' : 'assert', parts, at };
    }
    case 'Type':
      while (!isLineEnd(cursor)) cursor.next();
      return { type: 'type_alias', at };
    default:
      return parseExpressionStatement(cursor);
  }
}

function parseExpressionStatement(cursor: Cursor): Statement {
  const { at } = cursor;
  let value = parseList(cursor);
  if (cursor.take('Colon')) {
    const parts = [parseExpression(cursor)];
    const hasValue = cursor.take('Equal');
    if (hasValue) parts.push(parseList(cursor));
    return { type: 'annotate', target: value, parts, hasValue, at };
  }
  if (cursor.kind.endsWith('Equal') && cursor.kind !== 'Equal') {
    const matmul = cursor.kind === 'AtEqual';
    cursor.next();
    return { type: 'augment', target: value, value: parseList(cursor), matmul, at };
  }
  const targets: Expression[] = [];
  while (cursor.take('Equal')) {
    targets.push(value);
    value = parseList(cursor);
  }
  return targets.length === 0 ? { type: 'expression', value, at } : { type: 'assign', targets, value, at };
}

function parseImport(cursor: Cursor): Statement {
  const { at } = cursor;
  const isFrom = cursor.kind === 'From';
  cursor.next();
  let module = '';
  const dotted = (): { id: string; at: number } => {
    const first = cursor.identifier();
    module = first.id;
    while (cursor.take('Dot')) module += `.${cursor.identifier().id}`;
    return first;
  };
  if (isFrom) {
    while (cursor.take('Dot') || cursor.take('Ellipsis')) module = '.';
    if (cursor.is('Identifier')) dotted();
    cursor.expect('Import');
  }
  const from = module;
  const binds: { id: string; at: number }[] = [];
  while (!isLineEnd(cursor)) {
    if (cursor.kind !== 'Identifier') {
      cursor.next();
      continue;
    }
    const bound = dotted();
    binds.push(cursor.take('As') ? cursor.identifier() : bound);
  }
  return { type: 'import', module: isFrom ? from : module, binds, at };
}

function parseIf(cursor: Cursor): Statement {
  const { at } = cursor;
  cursor.next();
  const test = parseExpression(cursor);
  const body = parseBlock(cursor);
  if (cursor.kind === 'Elif') return { type: 'if', test, body, otherwise: [parseIf(cursor)], at };
  return { type: 'if', test, body, otherwise: cursor.take('Else') ? parseBlock(cursor) : [], at };
}

function parseWhile(cursor: Cursor): Statement {
  const { at } = cursor;
  cursor.next();
  const test = parseExpression(cursor);
  const body = parseBlock(cursor);
  return { type: 'while', test, body, otherwise: cursor.take('Else') ? parseBlock(cursor) : [], at };
}

function parseFor(cursor: Cursor, at: number, isAsync: boolean): Statement {
  cursor.expect('For');
  const target = parseTargets(cursor);
  cursor.expect('In');
  const iterable = parseList(cursor);
  const body = parseBlock(cursor);
  return { type: 'for', target, iterable, body, otherwise: cursor.take('Else') ? parseBlock(cursor) : [], isAsync, at };
}

function parseTry(cursor: Cursor): Statement {
  const { at } = cursor;
  cursor.next();
  const body = parseBlock(cursor);
  const handlers: Handler[] = [];
  while (cursor.kind === 'Except') {
    const { at: handlerAt } = cursor;
    cursor.next();
    const isStar = cursor.take('Star');
    const matches = cursor.is('Colon') ? null : parseList(cursor);
    const binds = cursor.take('As') ? cursor.identifier() : null;
    handlers.push({ matches, binds, isStar, body: parseBlock(cursor), at: handlerAt });
  }
  const otherwise = cursor.take('Else') ? parseBlock(cursor) : [];
  return { type: 'try', body, handlers, otherwise, finally: cursor.take('Finally') ? parseBlock(cursor) : [], at };
}

/** Odoo refuses every `with`, so of its head only the names that it binds are kept. */
function parseWith(cursor: Cursor, at: number): Statement {
  cursor.expect('With');
  const binds: { id: string; at: number }[] = [];
  let depth = 0;
  while (depth > 0 || cursor.kind !== 'Colon') {
    if (cursor.atEnd) throw new NotUnderstood('a with statement has no colon');
    if (['Lpar', 'Lsqb', 'Lbrace'].includes(cursor.kind)) depth += 1;
    if (['Rpar', 'Rsqb', 'Rbrace'].includes(cursor.kind)) depth -= 1;
    const bound = cursor.kind === 'As';
    cursor.next();
    if (bound && cursor.is('Identifier')) binds.push({ id: cursor.text, at: cursor.at });
  }
  return { type: 'with', binds, body: parseBlock(cursor), at };
}

function parseAsync(cursor: Cursor): Statement {
  const { at } = cursor;
  cursor.expect('Async');
  if (cursor.kind === 'For') return parseFor(cursor, at, true);
  if (cursor.kind === 'With') return parseWith(cursor, at);
  return parseDefinition(cursor);
}

function parseDefinition(cursor: Cursor): Statement {
  const decorators: Expression[] = [];
  while (cursor.take('At')) {
    decorators.push(parseExpression(cursor));
    cursor.expect('Newline');
  }
  cursor.take('Async');
  const { at } = cursor;
  if (cursor.take('Class')) {
    const { id: name, at: nameAt } = cursor.identifier();
    while (cursor.kind !== 'Colon') {
      if (cursor.atEnd) throw new NotUnderstood('a class has no colon');
      skipNested(cursor);
    }
    return { type: 'class', name, nameAt, decorators, body: parseBlock(cursor), at };
  }
  cursor.expect('Def');
  const { id: name, at: nameAt } = cursor.identifier();
  const isGeneric = cursor.kind === 'Lsqb';
  if (isGeneric) skipNested(cursor);
  cursor.expect('Lpar');
  const parameters = parseParameters(cursor, 'Rpar', true);
  const returns = cursor.take('Rarrow') ? [parseList(cursor)] : [];
  const body = parseBlock(cursor);
  return {
    ...{ type: 'function', name, nameAt, decorators, isGeneric, body, at },
    parameters: { names: parameters.names, outside: [...parameters.outside, ...returns] },
  };
}

/** One token, or everything up to the bracket that closes it. */
function skipNested(cursor: Cursor): void {
  let depth = 0;
  do {
    if (['Lpar', 'Lsqb', 'Lbrace'].includes(cursor.kind)) depth += 1;
    if (['Rpar', 'Rsqb', 'Rbrace'].includes(cursor.kind)) depth -= 1;
    cursor.next();
  } while (depth > 0 && !cursor.atEnd);
}

function parseMatch(cursor: Cursor): Statement {
  const { at } = cursor;
  cursor.expect('Match');
  const subject = parseList(cursor);
  cursor.expect('Colon');
  cursor.expect('Newline');
  cursor.expect('Indent');
  const cases: Case[] = [];
  while (!cursor.take('Dedent')) cases.push(parseCase(cursor, parseBlock));
  return { type: 'match', subject, cases, at };
}
