/** Where ruff found something: 1-based row, 1-based column in UTF-16 units. */
interface Finding {
  readonly code: string | null;
  readonly message: string;
  readonly row: number;
  readonly column: number;
}

export interface Ruff {
  /** Syntax errors and a few sure mistakes, as Python `target` (`py310`) has it. */
  check(code: string, target: string): readonly Finding[];
  /** ruff's own listing of the tokens of syntactically valid code. */
  tokens(code: string): string;
}

const select = ['E9', 'F404', 'F406', 'F5', 'F6', 'F7', 'PLE'];

/** Loads the WebAssembly build (about 0.1 s and 150 MB, so only when there is code to check). */
export async function loadRuff(): Promise<Ruff> {
  const { Workspace, PositionEncoding } = await import('@astral-sh/ruff-wasm-nodejs');
  const workspaces = new Map<string, InstanceType<typeof Workspace>>();
  const workspace = (target: string): InstanceType<typeof Workspace> => {
    let found = workspaces.get(target);
    if (found === undefined) {
      found = new Workspace({ 'target-version': target, lint: { select } }, PositionEncoding.Utf16);
      workspaces.set(target, found);
    }
    return found;
  };
  return {
    check: (code, target) =>
      (workspace(target).check(code) as readonly Diagnostic[]).map(
        ({ code: rule, message, start_location: { row, column } }) => ({
          code: rule,
          message,
          row,
          column,
        }),
      ),
    tokens: (code) => workspace('py313').tokens(code),
  };
}

/** The part of ruff's answer that is used; its own type for it is `any`. */
interface Diagnostic {
  readonly code: string | null;
  readonly message: string;
  readonly start_location: { readonly row: number; readonly column: number };
}
