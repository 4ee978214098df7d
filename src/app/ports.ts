import type { SourceFile } from '../domain/definitions/definition.js';
import type { Problem } from '../domain/problem.js';

/** What a definitions source holds at one revision. */
export interface SourceTree {
  /** Commit hash (40 or 64 hex digits), or null for a plain folder or a work tree that is not committed. */
  readonly revision: string | null;
  /** For people: `main at 1a2b3c4 of <url>` or the folder's path. Never holds a credential. */
  readonly description: string;
  /** `.yaml`, `.yml` and `.py` files, sorted by path. */
  readonly files: readonly SourceFile[];
}

/** Where definitions come from: a git repository at a branch, tag or commit, or a folder. */
export interface DefinitionsSource {
  /** Throws `SourceError` (src/domain/source-error.ts) with what to mend. */
  read(signal?: AbortSignal): Promise<SourceTree>;
}

export interface PythonFile {
  readonly path: string;
  readonly code: string;
}

/** Checks server-action code before any Odoo is asked. `serie` is Odoo's (`19.0`); null: the rules of every version. */
export interface PythonChecker {
  check(files: readonly PythonFile[], serie: string | null): Promise<readonly Problem[]>;
}
