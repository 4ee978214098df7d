import type { MethodCall } from './transport.js';

export interface RpcArguments {
  readonly positional: readonly unknown[];
  readonly keywords: Readonly<Record<string, unknown>>;
}

/**
 * Arguments for the protocols that take Python's: the leading ones by position, for some have another name on older
 * versions; from the first that is left out, by name. The context always goes by name.
 */
export function toRpcArguments({ ids, args = {}, context }: MethodCall): RpcArguments {
  const positional: unknown[] = ids === undefined ? [] : [ids];
  const keywords: Record<string, unknown> = {};
  let isLeading = true;
  for (const [name, value] of Object.entries(args)) {
    if (value === undefined) isLeading = false;
    else if (isLeading) positional.push(value);
    else keywords[name] = value;
  }
  if (context !== undefined) keywords['context'] = context;
  return { positional, keywords };
}
