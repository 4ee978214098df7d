import type { CallSite } from '../call-site.js';
import type { WireReply, WireRequest } from '../http.js';
import type { Credential, OdooContext, Protocol } from '../odoo-client.js';

export interface Account {
  readonly database: string;
  readonly credential: Credential;
}

/** What signing in gave. */
export interface Login {
  readonly uid: number;
  /** The web session's; on 14 and 15 also the one that a database was chosen with. */
  cookie: string | null;
}

/** A call of a method, as every protocol needs it. */
export interface MethodCall {
  readonly model: string;
  readonly method: string;
  readonly ids?: readonly number[] | undefined;
  readonly args?: Readonly<Record<string, unknown>> | undefined;
  readonly context?: OdooContext | undefined;
}

/**
 * A protocol as pure functions: what to send, and what a reply means. `read…` throw one of the `OdooError` family for
 * whatever is not a value. Sending, limits, retries and time are the client's, the same for all.
 */
export interface Transport {
  readonly protocol: Protocol;
  loginRequest(account: Account, cookie: string | null): WireRequest;
  readLogin(reply: WireReply, site: CallSite): Login;
  /** Login is null where the protocol needs none before a call. */
  callRequest(account: Account, login: Login | null, call: MethodCall): WireRequest;
  readAnswer(reply: WireReply, site: CallSite): unknown;
  /** Whether a call can do without signing in first. */
  readonly isStateless: boolean;
  /** Whether 14 and 15 have to be told the database beforehand, lest every exception be an HTML page without a word. */
  readonly wantsChosenDatabase: boolean;
  /** Takes over what a reply changes about the session. */
  refresh?(login: Login, reply: WireReply): void;
}

/** The session is over; nothing was done. Never leaves the client, which signs in again. */
export class SessionExpired extends Error {
  override readonly name = 'SessionExpired';
}
