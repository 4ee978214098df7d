import { createHash } from 'node:crypto';
import { Secret } from './secret.js';

export const SECRET_PREFIX = 'STEWARD_SECRET_';

/** Secrets that definitions name, from `STEWARD_SECRET_<NAME>`; the names are spelled as in the definitions. */
export class EnvironmentSecrets {
  readonly #secrets: ReadonlyMap<string, Secret>;

  constructor(secrets: ReadonlyMap<string, string>) {
    this.#secrets = new Map([...secrets].map(([name, value]) => [name, new Secret(value)] as const));
  }

  names(): readonly string[] {
    return [...this.#secrets.keys()].sort();
  }

  /** SHA-256, hex; null when it is not set. */
  digest(name: string): string | null {
    const secret = this.#secrets.get(name);
    return secret === undefined ? null : createHash('sha256').update(secret.reveal()).digest('hex');
  }

  describe(name: string): string {
    return `${SECRET_PREFIX}${name}`;
  }

  /** For the writer alone, on the way to Odoo. */
  reveal(name: string): string | null {
    return this.#secrets.get(name)?.reveal() ?? null;
  }
}
