import type { Scope, Verb } from './scopes.js';

/** Somebody who has proved who they are. */
export interface Caller {
  /** As the audit log spells it: `key:ab12cd34 ci`, `cli:anna`. */
  readonly actor: string;
  /** null: not by a key. */
  readonly keyId: string | null;
  readonly scopes: readonly Scope[];
}

/** Who may do all: the operator at the command line, on the service's own machine. */
export const localOperator = (user: string): Caller => ({
  actor: `cli:${user}`,
  keyId: null,
  scopes: [{ instances: '*', verb: 'admin' }],
});

/**
 * Whether a caller may do this on that instance; `instance` null: on the service as a whole, which only a scope on `*`
 * allows. What no scope allows is denied.
 */
export function mayDo(caller: Pick<Caller, 'scopes'>, verb: Verb, instance: string | null): boolean {
  return caller.scopes.some(
    (scope) =>
      gives(scope, verb) && (instance === null ? /^\*+$/.test(scope.instances) : fits(scope.instances, instance)),
  );
}

/** On at least one instance: enough to ask for a list, of which only what `mayDo` allows is shown. */
export const maySomewhere = (caller: Pick<Caller, 'scopes'>, verb: Verb): boolean =>
  caller.scopes.some((scope) => gives(scope, verb));

/** Whether these scopes hold each right of those others: nobody gives away, or takes over, more than they have. */
export const covers = (mine: readonly Scope[], others: readonly Scope[]): boolean =>
  others.every((other) => mine.some((scope) => gives(scope, other.verb) && fits(scope.instances, other.instances)));

const gives = (scope: Scope, verb: Verb): boolean => scope.verb === verb || scope.verb === 'admin';

/**
 * Whether a name fits a pattern. A pattern fits another when, read as a name, it does: its `*` is a character that only
 * a `*` can stand for. Linear in the name for each `*`, without a regular expression to blow up.
 */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
