import type { ForgeKind } from '../domain/forge/index.js';
import type { ForgeLimits } from './limits.js';

export interface ForgePosterOptions {
  /** Of the API, as `apiAddressOf` derives it or as it is set: `https://git.acme.example/api/v4`. */
  readonly baseUrl: string;
  /** `owner/name`; on GitLab with all its groups. */
  readonly repository: string;
  /** Asked for at each request, and kept nowhere. */
  readonly token: { reveal(): string };
  /** PEM certificates of the authority that signs a self-hosted forge's own. */
  readonly ca?: string | undefined;
  readonly limits?: Partial<ForgeLimits> | undefined;
  /** Waits, and ends early when the signal is aborted. For tests. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** UTC, milliseconds; to read a `Retry-After` that is a date. */
  readonly now?: (() => number) | undefined;
}

/** What the client must know of the forge it speaks to. */
export interface ForgeDialect {
  readonly forge: ForgeKind;
  headers(token: string): Readonly<Record<string, string>>;
}
