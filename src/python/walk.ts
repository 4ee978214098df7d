import { insteadOfImport } from './alternatives.js';
import { Scope } from './scope.js';
import type { Block, Expression, Parameters, Statement } from './syntax-tree.js';

/** What the walk comes across. */
export interface Visitor {
  /** Odoo refuses it, whatever the version. */
  refused(message: string, at: number): void;
  /** It works from Python 3.`minor` on. */
  since(minor: number, what: string, instead: string, at: number): void;
  fString(at: number): void;
  attribute(id: string, at: number): void;
}

/** Finds the statements that safe_eval refuses, and the names of every scope. */
export class Walk {
  readonly module = new Scope('module', null);
  /** Python compiles no code that it can never reach, so safe_eval does not see it either. */
  private unreachable = 0;

  constructor(private readonly visitor: Visitor) {}

  block(statements: Block, scope: Scope): void {
    let ended = 0;
    for (const statement of statements) {
      this.statement(statement, scope);
      if (['return', 'break', 'continue'].includes(statement.type)) {
        ended += 1;
        this.unreachable += 1;
      }
    }
    this.unreachable -= ended;
  }

  private refused(message: string, at: number): void {
    if (this.unreachable === 0) this.visitor.refused(message, at);
  }

  private since(minor: number, what: string, instead: string, at: number): void {
    if (this.unreachable === 0) this.visitor.since(minor, what, instead, at);
  }

  private unless(truth: boolean | null, dead: boolean | null, statements: Block, scope: Scope): void {
    const isDead = dead !== null && truth === dead;
    if (isDead) this.unreachable += 1;
    this.block(statements, scope);
    if (isDead) this.unreachable -= 1;
  }

  private statement(node: Statement, scope: Scope): void {
    switch (node.type) {
      case 'expression':
        if (node.value.type === 'star')
          this.refused('Python cannot read this: put the `*` into a list, `[*…]`', node.at);
        this.expression(node.value, scope);
        return;
      case 'assign':
        this.expression(node.value, scope);
        node.targets.forEach((target) => this.target(target, scope));
        return;
      case 'augment':
        if (node.matmul) this.since(11, '`@=`', 'call a method', node.at);
        this.expression(node.value, scope);
        if (node.target.type === 'name') scope.use(node.target.id, node.target.at);
        this.target(node.target, scope);
        return;
      case 'annotate':
        if (scope.kind === 'module')
          this.refused('Odoo refuses a type annotation here: take out the `: type`', node.at);
        node.parts.forEach((part) => this.expression(part, scope));
        this.target(node.target, scope, node.hasValue);
        return;
      case 'delete':
        node.targets.forEach((target) => this.deleted(target, scope));
        return;
      case 'assert':
        this.refused('Odoo refuses `assert`: write `if not …: raise UserError(…)`', node.at);
        node.parts.forEach((part) => this.expression(part, scope));
        return;
      case 'return':
      case 'raise':
        node.parts.forEach((part) => this.expression(part, scope));
        return;
      case 'pass':
      case 'break':
      case 'continue':
      case 'type_alias':
        return;
      case 'import':
        this.refused(`Odoo refuses \`import\`: ${insteadOfImport(node.module)}`, node.at);
        node.binds.forEach(({ id, at }) => scope.bind(id, at));
        return;
      case 'global':
        node.names.forEach(({ id, at }) => scope.globals.set(id, at));
        return;
      case 'nonlocal':
        this.refused(
          'Odoo refuses `nonlocal`: return the value, or keep it in a list or dictionary that is passed on',
          node.at,
        );
        return;
      default:
        this.compound(node, scope);
        return;
    }
  }

  private compound(node: Extract<Statement, { body: Block } | { cases: unknown }>, scope: Scope): void {
    switch (node.type) {
      case 'if':
      case 'while': {
        this.expression(node.test, scope);
        const truth = truthOf(node.test);
        this.unless(truth, false, node.body, scope);
        // After `while True` an `else` is compiled all the same.
        this.unless(truth, node.type === 'if' ? true : null, node.otherwise, scope);
        return;
      }
      case 'for':
        if (node.isAsync) this.refused('Odoo refuses `async for`: write `for`', node.at);
        this.expression(node.iterable, scope);
        this.target(node.target, scope);
        this.block(node.body, scope);
        this.block(node.otherwise, scope);
        return;
      case 'try':
        this.block(node.body, scope);
        for (const handler of node.handlers) {
          if (handler.isStar) this.refused('Odoo refuses `except*`: write `except`', handler.at);
          if (handler.matches !== null) this.expression(handler.matches, scope);
          if (handler.binds !== null) scope.bind(handler.binds.id, handler.binds.at);
          this.block(handler.body, scope);
        }
        this.block(node.otherwise, scope);
        this.block(node.finally, scope);
        return;
      case 'with':
        this.refused(
          'Odoo refuses `with`: call the methods themselves, with `try … finally` if something has to be closed',
          node.at,
        );
        node.binds.forEach(({ id, at }) => scope.bind(id, at));
        this.block(node.body, scope);
        return;
      case 'function':
        if (node.isGeneric) this.refused('Odoo refuses type parameters: take out the `[…]`', node.at);
        node.decorators.forEach((decorator) => this.expression(decorator, scope));
        scope.bind(node.name, node.nameAt);
        this.block(node.body, this.enter(node.parameters, scope));
        return;
      case 'class':
        this.refused('Odoo refuses `class`: use functions and dictionaries', node.at);
        node.decorators.forEach((decorator) => this.expression(decorator, scope));
        scope.bind(node.name, node.nameAt);
        this.block(node.body, new Scope('class', scope));
        return;
      case 'match':
        this.expression(node.subject, scope);
        for (const branch of node.cases) {
          if (branch.structureAt !== null) {
            this.refused(
              'Odoo refuses patterns that take a value apart: compare with values only, or use `if`',
              branch.structureAt,
            );
          }
          branch.uses.forEach((use) => this.expression(use, scope));
          branch.captures.forEach(({ id, at }) => scope.bind(id, at));
          if (branch.guard !== null) this.expression(branch.guard, scope);
          this.block(branch.body, scope);
        }
    }
  }

  private enter(parameters: Parameters, scope: Scope): Scope {
    parameters.outside.forEach((expression) => this.expression(expression, scope));
    const inner = new Scope('function', scope);
    parameters.names.forEach(({ id, at }) => inner.bind(id, at));
    return inner;
  }

  private target(node: Expression, scope: Scope, stores = true): void {
    switch (node.type) {
      case 'name':
        scope.bind(node.id, node.at);
        return;
      case 'attribute':
        if (stores) this.refused(`Odoo refuses to set an attribute: write \`….write({'${node.id}': …})\``, node.at);
        this.visitor.attribute(node.id, node.at);
        this.expression(node.value, scope);
        return;
      case 'star':
        this.refused('Odoo refuses `*` in an assignment: use a slice, such as `rest = values[1:]`', node.at);
        this.target(node.value, scope);
        return;
      case 'sequence':
        node.items.forEach((item) => this.target(item, scope));
        return;
      default:
        this.expression(node, scope);
        return;
    }
  }

  private deleted(node: Expression, scope: Scope): void {
    switch (node.type) {
      case 'name':
        scope.bind(node.id, node.at);
        return;
      case 'attribute':
        this.refused("Odoo refuses `del` of an attribute: write `….write({'field': False})`", node.at);
        this.expression(node, scope);
        return;
      case 'subscript':
        this.refused('Odoo refuses `del` of an item: use `.pop(key)`, or make a new list', node.at);
        this.expression(node, scope);
        return;
      case 'sequence':
        node.items.forEach((item) => this.deleted(item, scope));
        return;
      default:
        this.expression(node, scope);
        return;
    }
  }

  private expression(node: Expression, scope: Scope): void {
    const all = (nodes: readonly Expression[]): void => nodes.forEach((part) => this.expression(part, scope));
    switch (node.type) {
      case 'name':
        scope.use(node.id, node.at);
        return;
      case 'attribute':
        this.visitor.attribute(node.id, node.at);
        this.expression(node.value, scope);
        return;
      case 'subscript':
        all([node.value, node.index]);
        return;
      case 'call':
        if (node.positional.length > 1 && node.positional.some(({ type }) => type === 'star')) this.starred(node.at);
        all([node.callee, ...node.positional, ...node.keywords]);
        return;
      case 'sequence':
        if (node.tuple && node.items.some(({ type }) => type === 'star')) this.starred(node.at);
        all(node.items);
        return;
      case 'star':
      case 'not':
        this.expression(node.value, scope);
        return;
      case 'lambda':
        this.expression(node.body, this.enter(node.parameters, scope));
        return;
      case 'comprehension':
        this.comprehension(node, scope);
        return;
      case 'walrus':
        this.expression(node.value, scope);
        if (node.target.type !== 'name') return;
        this.walrusScope(node.at, scope);
        scope.owner.bind(node.target.id, node.target.at);
        return;
      case 'await':
        this.refused('Odoo refuses `await`: call the function without `async`', node.at);
        this.expression(node.value, scope);
        return;
      case 'yield_from':
        this.refused('Odoo refuses `yield from`: write `for x in …: yield x`', node.at);
        this.expression(node.value, scope);
        return;
      case 'f_string':
        if (this.unreachable === 0) this.visitor.fString(node.at);
        all(node.parts);
        return;
      case 'matmul':
        this.since(11, '`@` between values', 'call a method', node.at);
        return;
      case 'literal':
        return;
      case 'group':
        all(node.parts);
        return;
    }
  }

  /** In a comprehension `:=` reaches out of it, which takes a global or a closure, except in the functions of 3.12. */
  private walrusScope(at: number, scope: Scope): void {
    if (scope === scope.owner) return;
    if (scope.owner.kind === 'function' && scope.kind === 'inline')
      this.since(12, '`:=` in a comprehension', 'use a `for` loop', at);
    else this.refused('Odoo refuses `:=` in a comprehension: use a `for` loop', at);
  }

  private starred(at: number): void {
    this.since(12, '`*` beside other values', 'put the values together with `+` first', at);
  }

  private comprehension(node: Extract<Expression, { type: 'comprehension' }>, scope: Scope): void {
    const inner = new Scope(node.kind === 'generator' ? 'generator' : 'inline', scope);
    for (const [index, clause] of node.clauses.entries()) {
      if (clause.isAsync) this.refused('Odoo refuses `async for`: write `for`', clause.at);
      // The first thing that is gone through is looked up outside.
      this.expression(clause.iterable, index === 0 ? scope : inner);
      this.target(clause.target, inner);
      clause.conditions.forEach((condition) => this.expression(condition, inner));
    }
    node.elements.forEach((element) => this.expression(element, inner));
  }
}

function truthOf(node: Expression): boolean | null {
  if (node.type === 'literal') return node.truth;
  if (node.type !== 'not') return null;
  const truth = truthOf(node.value);
  return truth === null ? null : !truth;
}
