import type { Io } from './io.js';
import type { Workspace } from './workspace.js';

/** What every command is given. */
export interface Deps {
  readonly io: Io;
  /** Reads the settings; throws what is wrong with them. */
  readonly workspace: (options?: { readonly needsInstance?: boolean }) => Promise<Workspace>;
}

/** 0: nothing to do, or done. 2: changes or drift. 1: failed. */
export type ExitCode = 0 | 1 | 2;
