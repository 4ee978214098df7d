import type { ForgeKind } from './forge-kind.js';

export type ForgeErrorCode =
  /** No usable answer: no connection, no time left, a broken or too large answer, a fault of the forge. */
  | 'forge_unreachable'
  /** The token is not known, or may not do this; the message says which scope does it. */
  | 'forge_unauthorised'
  /** No such repository, pull request or commit, or not for this token. */
  | 'forge_not_found'
  /** Asked too often; `retryAfterMs` says for how long to be quiet, where the forge does. */
  | 'forge_rate_limited'
  /** Understood, and not done. */
  | 'forge_refused';

export interface ForgeErrorFacts {
  readonly forge: ForgeKind;
  /** HTTP status; null: there was no answer. */
  readonly status: number | null;
  readonly retryAfterMs?: number | null;
  /** The forge's own words, already without secrets and control characters. */
  readonly detail?: string | null;
}

/** A forge did not do what it was asked. Holds no token, no header and no body of the request, also not in a cause. */
export class ForgeError extends Error {
  override readonly name = 'ForgeError';
  readonly forge: ForgeKind;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly detail: string | null;

  constructor(
    readonly code: ForgeErrorCode,
    message: string,
    facts: ForgeErrorFacts,
  ) {
    super(message);
    this.forge = facts.forge;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.detail = facts.detail ?? null;
  }
}
