import type { z } from 'zod';

import type { OdooProtocol } from '../domain/odoo-error.js';
import type { FieldsCache, ModelFields } from './fields.js';
import type { Limits } from './limits.js';
import type { InstanceTraffic } from './traffic.js';

export type Protocol = OdooProtocol;

export interface Credential {
  readonly login: string;
  readonly secret: string;
  readonly kind: 'api_key' | 'password';
}

export interface CallEvent {
  readonly instance: string;
  readonly transport: Protocol;
  readonly model: string;
  readonly method: string;
  readonly durationMs: number;
  /** Bodies only. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** 1 for the first. */
  readonly attempt: number;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  /** Only `call` is what the caller asked for; the others find out version and rights, and sign in. */
  readonly phase: 'call' | 'probe' | 'login';
}

export interface ConnectOptions {
  /** The name used in messages. */
  readonly instance: string;
  /** Address of Odoo, with the path before `/web` where it is served under one. */
  readonly url: string;
  readonly database: string;
  readonly credential: Credential;
  /** `auto`: JSON-2 where Odoo has it (19) and the credential is a key; a web session for a password; else JSON-RPC. */
  readonly protocol: Protocol | 'auto';
  readonly limits?: Partial<Limits>;
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean };
  readonly onCall?: (event: CallEvent) => void;
  /** Once a day: a protocol that a coming version removes, a key about to expire. Without it neither is looked at. */
  readonly warn?: (message: string) => void;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Shared by the clients of one instance, so that its limits hold for all of them together. */
  readonly traffic?: InstanceTraffic;
  /** Shared by clients, so that only the first asks a database for its fields. */
  readonly fieldsCache?: FieldsCache;
}

export interface OdooServerVersion {
  /** `19.0`; `saas~18.2` of an online version stays as Odoo says it. */
  readonly serie: string;
  readonly major: number;
  readonly raw: string;
  readonly protocol: Protocol;
  readonly uid: number;
}

export type OdooContext = Readonly<Record<string, unknown>>;
/** Odoo's prefix notation: `[['active', '=', true], '|', …]`. */
export type OdooDomain = readonly unknown[];

export interface CallOptions {
  readonly context?: OdooContext;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface CallRequest<T = unknown> extends CallOptions {
  /** The records the method is called on; left out for a method of the model. */
  readonly ids?: readonly number[];
  /**
   * Arguments by their names on the newest version, in the order the method declares them. JSON-2 sends the names; the
   * others send the leading ones by position, since some names changed (`args` became `domain` in 16), and whatever
   * follows an `undefined` by name.
   */
  readonly args?: Readonly<Record<string, unknown>>;
  /** Only reads are tried again. Decides nothing else: Odoo checks rights by itself. */
  readonly effect: 'read' | 'write';
  readonly result?: z.ZodType<T>;
}

export interface SearchRead extends CallOptions {
  readonly domain: OdooDomain;
  readonly fields: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
  readonly order?: string;
}

export interface LoadMessage {
  readonly type: string;
  readonly message: string;
  readonly rows?: { readonly from: number; readonly to: number };
  readonly record?: number;
  readonly field?: string;
}

/** `ids` is null when nothing was written: `load` is atomic, and reports what is wrong in a successful answer. */
export interface LoadResult {
  readonly ids: readonly number[] | null;
  readonly messages: readonly LoadMessage[];
}

/** The user's own settings; calls carry none of them unless told to. */
export interface UserContext {
  readonly lang: string | null;
  readonly tz: string | null;
  readonly uid: number;
}

/** One instance as one user. Nothing is sent before the first call. Every failure is one of the `OdooError` family. */
export interface OdooClient {
  readonly instance: string;
  version(options?: CallOptions): Promise<OdooServerVersion>;
  call<T = unknown>(model: string, method: string, request: CallRequest<T>): Promise<T>;
  /** One round trip. Odoo's `false` for empty is null, told from a boolean's false by the type of the field. */
  searchRead<R extends object = Record<string, unknown>>(model: string, request: SearchRead): Promise<R[]>;
  /** Ids that are gone are left out, as Odoo does it. */
  read<R extends object = Record<string, unknown>>(
    model: string,
    ids: readonly number[],
    fields: readonly string[],
    options?: CallOptions,
  ): Promise<R[]>;
  search(
    model: string,
    domain: OdooDomain,
    options?: CallOptions & Omit<SearchRead, 'domain' | 'fields'>,
  ): Promise<number[]>;
  searchCount(model: string, domain: OdooDomain, options?: CallOptions): Promise<number>;
  /** One transaction; the ids in the order of the values. */
  create(model: string, values: readonly object[], options?: CallOptions): Promise<number[]>;
  /** Resolving proves nothing about records that are gone: read back. */
  write(model: string, ids: readonly number[], values: object, options?: CallOptions): Promise<void>;
  unlink(model: string, ids: readonly number[], options?: CallOptions): Promise<void>;
  /** Throws `odoo_busy` and `odoo_concurrency` where Odoo hides them among the messages; nothing was written then. */
  load(
    model: string,
    fields: readonly string[],
    rows: readonly (readonly (string | number)[])[],
    options?: CallOptions,
  ): Promise<LoadResult>;
  /** Cached for each database, version and user; `fresh` asks again, as modules come and go. */
  fieldsGet(model: string, options?: CallOptions & { readonly fresh?: boolean }): Promise<ModelFields>;
  userContext(options?: CallOptions): Promise<UserContext>;
  /** Closes the sockets; calls in flight fail as aborted. */
  close(): void;
}
