/**
 * `inline`: a list, set or dict comprehension, which is a function of its own before Python 3.12 and part of its
 * surroundings from then on.
 */
export type ScopeKind = 'module' | 'function' | 'generator' | 'inline' | 'class';

interface Mention {
  readonly id: string;
  readonly at: number;
}

/** The names that one module, function or comprehension binds and uses. */
export class Scope {
  readonly bound = new Map<string, number>();
  readonly globals = new Map<string, number>();
  readonly uses: Mention[] = [];
  readonly stores: Mention[] = [];
  readonly children: Scope[] = [];

  constructor(
    readonly kind: ScopeKind,
    readonly parent: Scope | null,
  ) {
    parent?.children.push(this);
  }

  bind(id: string, at: number): void {
    if (!this.bound.has(id)) this.bound.set(id, at);
    this.stores.push({ id, at });
  }

  use(id: string, at: number): void {
    this.uses.push({ id, at });
  }

  /** The scope that `:=` binds in. */
  get owner(): Scope {
    const isComprehension = this.kind === 'generator' || this.kind === 'inline';
    return isComprehension && this.parent !== null ? this.parent.owner : this;
  }
}

export type Resolution =
  | 'local'
  /** Of the module, or of nobody. */
  | 'global'
  /** Of a function around: Odoo refuses the opcodes that this takes. */
  | 'closure'
  /** As closure before Python 3.12, as local from then on. */
  | 'inlined';

/** Whose name it is. */
export function resolve(id: string, from: Scope): Resolution {
  let inlined = true;
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    if (scope.globals.has(id) || scope.kind === 'module') return 'global';
    const visible = scope.kind !== 'class' || scope === from;
    if (visible && scope.bound.has(id)) return scope === from ? 'local' : inlined ? 'inlined' : 'closure';
    inlined &&= scope.kind === 'inline';
  }
  return 'global';
}

export function* allScopes(root: Scope): Generator<Scope> {
  yield root;
  for (const child of root.children) yield* allScopes(child);
}
