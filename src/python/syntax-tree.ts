/**
 * A sketch of a Python syntax tree: only what decides which names a piece of code uses, binds and changes, and which
 * statements it consists of. Operators are not told apart. `at` is an offset in UTF-16 units.
 */
export type Expression =
  | { readonly type: 'name'; readonly id: string; readonly at: number }
  | { readonly type: 'attribute'; readonly value: Expression; readonly id: string; readonly at: number }
  | { readonly type: 'subscript'; readonly value: Expression; readonly index: Expression; readonly at: number }
  | {
      readonly type: 'call';
      readonly callee: Expression;
      readonly positional: readonly Expression[];
      readonly keywords: readonly Expression[];
      readonly at: number;
    }
  | { readonly type: 'star'; readonly value: Expression; readonly at: number }
  /** Tuples and lists, which can be targets. */
  | { readonly type: 'sequence'; readonly items: readonly Expression[]; readonly tuple: boolean; readonly at: number }
  | { readonly type: 'lambda'; readonly parameters: Parameters; readonly body: Expression; readonly at: number }
  | {
      readonly type: 'comprehension';
      readonly kind: 'list' | 'set' | 'dict' | 'generator';
      readonly elements: readonly Expression[];
      readonly clauses: readonly Clause[];
      readonly at: number;
    }
  | { readonly type: 'walrus'; readonly target: Expression; readonly value: Expression; readonly at: number }
  | { readonly type: 'await' | 'yield_from'; readonly value: Expression; readonly at: number }
  | { readonly type: 'f_string'; readonly parts: readonly Expression[]; readonly at: number }
  | { readonly type: 'matmul'; readonly at: number }
  /** A literal; `truth` is known for `True`, `False`, `None` and numbers. */
  | { readonly type: 'literal'; readonly truth: boolean | null; readonly at: number }
  | { readonly type: 'not'; readonly value: Expression; readonly at: number }
  /** Anything else: its parts. */
  | { readonly type: 'group'; readonly parts: readonly Expression[]; readonly at: number };

export interface Clause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
  readonly isAsync: boolean;
  readonly at: number;
}

export interface Parameters {
  readonly names: readonly { readonly id: string; readonly at: number }[];
  /** Defaults and annotations: evaluated outside of the function. */
  readonly outside: readonly Expression[];
}

export type Statement =
  | { readonly type: 'expression'; readonly value: Expression; readonly at: number }
  | {
      readonly type: 'assign';
      readonly targets: readonly Expression[];
      readonly value: Expression;
      readonly at: number;
    }
  | {
      readonly type: 'augment';
      readonly target: Expression;
      readonly value: Expression;
      readonly matmul: boolean;
      readonly at: number;
    }
  | {
      readonly type: 'annotate';
      readonly target: Expression;
      readonly parts: readonly Expression[];
      readonly hasValue: boolean;
      readonly at: number;
    }
  | { readonly type: 'delete'; readonly targets: readonly Expression[]; readonly at: number }
  | { readonly type: 'return' | 'raise' | 'assert'; readonly parts: readonly Expression[]; readonly at: number }
  | { readonly type: 'pass' | 'break' | 'continue'; readonly at: number }
  | {
      readonly type: 'import';
      readonly module: string;
      readonly binds: readonly { readonly id: string; readonly at: number }[];
      readonly at: number;
    }
  | {
      readonly type: 'global' | 'nonlocal';
      readonly names: readonly { readonly id: string; readonly at: number }[];
      readonly at: number;
    }
  | { readonly type: 'type_alias'; readonly at: number }
  | {
      readonly type: 'if' | 'while';
      readonly test: Expression;
      readonly body: Block;
      readonly otherwise: Block;
      readonly at: number;
    }
  | {
      readonly type: 'for';
      readonly target: Expression;
      readonly iterable: Expression;
      readonly body: Block;
      readonly otherwise: Block;
      readonly isAsync: boolean;
      readonly at: number;
    }
  | {
      readonly type: 'try';
      readonly body: Block;
      readonly handlers: readonly Handler[];
      readonly otherwise: Block;
      readonly finally: Block;
      readonly at: number;
    }
  | {
      readonly type: 'with';
      readonly binds: readonly { readonly id: string; readonly at: number }[];
      readonly body: Block;
      readonly at: number;
    }
  | {
      readonly type: 'function';
      readonly name: string;
      readonly nameAt: number;
      readonly decorators: readonly Expression[];
      readonly parameters: Parameters;
      readonly isGeneric: boolean;
      readonly body: Block;
      readonly at: number;
    }
  | {
      readonly type: 'class';
      readonly name: string;
      readonly nameAt: number;
      readonly decorators: readonly Expression[];
      readonly body: Block;
      readonly at: number;
    }
  | { readonly type: 'match'; readonly subject: Expression; readonly cases: readonly Case[]; readonly at: number };

export type Block = readonly Statement[];

export interface Handler {
  readonly matches: Expression | null;
  readonly binds: { readonly id: string; readonly at: number } | null;
  readonly isStar: boolean;
  readonly body: Block;
  readonly at: number;
}

export interface Case {
  readonly captures: readonly { readonly id: string; readonly at: number }[];
  /** Names and attributes that the pattern compares with. */
  readonly uses: readonly Expression[];
  /** Where a sequence, mapping or class pattern begins. */
  readonly structureAt: number | null;
  readonly guard: Expression | null;
  readonly body: Block;
}
