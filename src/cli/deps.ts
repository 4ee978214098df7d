import type { Store } from '../app/service/store.js';
import type { Io } from './io.js';
import type { Workspace } from './workspace.js';

/** What every command is given. */
export interface Deps {
  readonly io: Io;
  /** Reads the settings; throws what is wrong with them. */
  readonly workspace: (options?: { readonly needsInstance?: boolean }) => Promise<Workspace>;
  /** Starts the service; throws what kept it from starting, with nothing left open. */
  readonly startService: () => Promise<ServiceHandle>;
  /** Opens what the service keeps; throws `StoreError`. */
  readonly openStore: () => Promise<StoreHandle>;
}

/** A service that runs. */
export interface ServiceHandle {
  /** Where it listens. */
  readonly url: string;
  /** One sentence; null: there is an instance. */
  readonly howToAddInstance: string | null;
  readonly hasKeys: boolean;
  /** Lets what is under way come to its end. */
  stop(): Promise<void>;
  /** Ends the process at once. */
  cut(): void;
}

export interface StoreHandle {
  readonly store: Store;
  /** Who works here, as the operating system knows them. */
  readonly user: string;
  readonly newId: () => string;
}

/** 0: nothing to do, or done. 2: changes or drift. 1: failed. */
export type ExitCode = 0 | 1 | 2;
