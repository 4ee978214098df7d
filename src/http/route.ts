import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Actor } from '../app/service/deps.js';
import type { Caller } from '../domain/access/may-do.js';
import type { Verb } from '../domain/access/scopes.js';
import type { ProblemCode } from './problems/catalogue.js';
import type { EventSource } from './replies/event-stream.js';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * Who may call it: whoever holds the verb, anybody with a key, anybody at all, or whoever signs it (`signature`: the
 * handler itself verifies `rawBody`, and throws `signature_invalid`).
 */
export type RouteScope = Verb | 'authenticated' | 'public' | 'signature';

export interface RequestSchemas {
  /** Absent: every name in the path is a text of 1 to 200 characters. */
  readonly params?: z.ZodObject;
  /** Absent: none are taken. Unknown ones are refused in any case. */
  readonly query?: z.ZodObject;
  /** Names in small letters; others are not looked at. */
  readonly headers?: z.ZodObject;
  /** `raw`: the bytes as they came, in `rawBody`. Absent: a body is refused. */
  readonly body?: z.ZodType | 'raw';
}

/** What a status is answered with: JSON after a schema, or something by content type, or nothing. */
export interface ResponseSpec {
  readonly description: string;
  /** Sent as `application/json`. */
  readonly schema?: z.ZodType;
  /** Beside (or instead of) JSON: `text/markdown`, `application/x-ndjson`, `text/event-stream`. */
  readonly types?: readonly string[];
  /** Beside the usual: name to description. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Responses = Readonly<Partial<Record<SuccessStatus, ResponseSpec>>>;
export type SuccessStatus = 200 | 201 | 202 | 204 | 302 | 303 | 304 | 503;

/** Names in braces: `/instances/{instance}/plans/{id}` has `instance` and `id`. */
export type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;

type Parsed<Request, Part extends keyof RequestSchemas> =
  Request extends Readonly<Record<Part, infer Schema>>
    ? Schema extends z.ZodType
      ? z.output<Schema>
      : undefined
    : undefined;

type Params<Path extends string, Request> =
  Parsed<Request, 'params'> extends undefined ? Readonly<Record<PathNames<Path>, string>> : Parsed<Request, 'params'>;

/** What every handler is given, whatever it asks for. */
export interface CommonContext {
  readonly requestId: string;
  /** Aborted when the client goes away before the answer is complete, and when the service must stop at once. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The content type that the client likes best of those offered: `application/json` unless it says otherwise. */
  readonly accepts: string;
  /** Path and query, as the client sent them: for links. */
  readonly url: string;
  /** A request header as it came; null when absent or empty. */
  readonly header: (name: string) => string | null;
  /** All of them, names in small letters: for what is signed. */
  readonly allHeaders: IncomingHttpHeaders;
  /** For routes with `body: 'raw'`. */
  readonly rawBody: Buffer;
}

/** Who calls, and what they may do; on routes that need a key. */
export interface CallerContext {
  readonly caller: Caller;
  /** For use cases that write audit events. */
  readonly actor: Actor;
  readonly may: (verb: Verb, instance: string | null) => boolean;
  /** Throws `forbidden` (and has it audited) unless the caller may do this there: for what only the store can tell. */
  readonly mustBeAllowed: (verb: Verb, instance: string | null) => Promise<void>;
}

export type RouteContext<Path extends string, Scope extends RouteScope, Request> = CommonContext & {
  readonly params: Params<Path, Request>;
  readonly query: Parsed<Request, 'query'>;
  readonly headers: Parsed<Request, 'headers'>;
  readonly body: Parsed<Request, 'body'>;
} & (Scope extends 'public' | 'signature' ? unknown : CallerContext);

interface ReplyHead {
  readonly headers?: Readonly<Record<string, string>>;
  /** With quotes. A GET whose `If-None-Match` names it is answered 304 without a body. */
  readonly etag?: string;
}

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

type ReplyBody<Spec> =
  | (Spec extends { readonly schema: infer Schema extends z.ZodType }
      ? { readonly body: DeepReadonly<z.input<Schema>> }
      : Spec extends { readonly types: readonly string[] }
        ? never
        : { readonly body?: undefined })
  | (Spec extends { readonly types: readonly (infer Type)[] }
      ? | { readonly type: Type; readonly text: string }
        | { readonly type: Type; readonly stream: Readable }
        | { readonly events: EventSource }
      : never);

/** One of the declared statuses, with a body of its schema. */
export type ReplyOf<R> = {
  [Status in keyof R]: ReplyHead & { readonly status: Status } & ReplyBody<R[Status]>;
}[keyof R];

/** A reply of any route. */
export interface Reply extends ReplyHead {
  readonly status: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly text?: string;
  readonly stream?: Readable;
  readonly events?: EventSource;
}

interface RouteFacts {
  readonly method: Method;
  /** Below `/api/v1` (or `/` for system routes), names in braces. */
  readonly path: string;
  /** Stable: clients are generated from it. `createPlan`. */
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: RouteScope;
  /**
   * On what the verb must be held. A path with `{instance}` asks for it on that instance; any other on the whole service,
   * or with `some_instance` on at least one: the handler then shows only what `may` allows, or calls `mustBeAllowed`.
   */
  readonly reach?: 'service' | 'some_instance';
  readonly request?: RequestSchemas;
  readonly responses: Responses;
  /** Codes that its handler may answer with, beside those that every route may. */
  readonly problems?: readonly ProblemCode[];
}

/** A route as the router, the document and the tests see it. */
export interface Route extends RouteFacts {
  handler(context: AnyContext): Promise<Reply> | Reply;
}

export type AnyContext = CommonContext &
  CallerContext & {
    readonly params: unknown;
    readonly query: unknown;
    readonly headers: unknown;
    readonly body: unknown;
  };

/** Declares a route; what its handler gets and may answer follows from the schemas. */
export function route<
  const Path extends string,
  const Scope extends RouteScope,
  const Request extends RequestSchemas,
  const R extends Responses,
>(
  declared: Omit<RouteFacts, 'path' | 'scope' | 'request' | 'responses'> & {
    readonly path: Path;
    readonly scope: Scope;
    readonly request?: Request;
    readonly responses: R;
    handler(context: RouteContext<Path, Scope, Request>): Promise<ReplyOf<R>> | ReplyOf<R>;
  },
): Route {
  return declared as unknown as Route;
}

/** The names in a path, in order. */
export const pathNames = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

/** The schema of a route's path: its own, or a short text for each name. */
export const paramsSchema = (one: Pick<Route, 'path' | 'request'>): z.ZodObject =>
  one.request?.params ?? z.strictObject(Object.fromEntries(pathNames(one.path).map((name) => [name, pathText])));

const pathText = z.string().min(1).max(200);
