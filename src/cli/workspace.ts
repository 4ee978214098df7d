import type { PlanPorts, PlanTarget } from '../app/make-plan.js';
import type {
  AccessAdmin,
  ActionRunner,
  ApplyJournal,
  DefinitionsSource,
  LiveWriter,
  PythonChecker,
} from '../app/ports.js';
import type { RecordFinder } from '../app/run-action.js';

export type CredentialRole = 'sync' | 'run' | 'monitor';

/** What may be told of an instance: no secret is in it. */
export interface InstanceCard {
  readonly name: string;
  readonly url: string;
  readonly database: string;
  readonly environment: string | null;
  readonly protocol: string;
  /** Where its definitions are, for people; null: it has none. */
  readonly definitions: string | null;
  readonly credentials: Readonly<Record<CredentialRole, CredentialCard>>;
}

export interface CredentialCard {
  readonly login: string;
  readonly kind: 'api_key' | 'password';
  readonly isFallback: boolean;
}

/** What Odoo says of itself at the first contact. */
export interface Contact {
  readonly serie: string;
  readonly protocol: string;
  /** ID of the user that the credential belongs to. */
  readonly userId: number;
  /** That user's login; JSON-2 goes by the key alone, whatever login the settings name. */
  readonly login: string;
}

/** An instance with all that works on it; nothing is sent before something of it is called. */
export interface Session extends PlanPorts {
  readonly target: PlanTarget;
  readonly writer: LiveWriter;
  readonly journal: ApplyJournal;
  readonly runner: ActionRunner;
  readonly records: RecordFinder;
  readonly access: AccessAdmin | null;
  contact(): Promise<Contact>;
  /** What is under way fails as aborted. */
  close(): void;
}

/** The settings as the commands see them. */
export interface Workspace {
  readonly instances: readonly InstanceCard[];
  readonly instancesFrom: string;
  open(name: string, role: CredentialRole): Promise<Session>;
  /** Definitions in a folder, or those of an instance, or those that the settings name for all; null: there are none. */
  definitions(
    from: { readonly folder: string } | { readonly instance: string } | 'default',
  ): Promise<DefinitionsSource | null>;
  readonly python: PythonChecker;
}
