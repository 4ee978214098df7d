import http from 'node:http';
import https from 'node:https';

import axios, { AxiosHeaders, type AxiosError, type InternalAxiosRequestConfig } from 'axios';

import { isTimeout, type EndSignal } from './deadline.js';

/** One request of a transport; the address, time and size limits are the wire's. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** The first of several, empty for none. */
export function headerOf({ headers }: Pick<WireReply, 'headers'>, name: string): string {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? '';
}

export type WireFailureReason =
  | 'connect'
  | 'connect_timeout'
  | 'tls'
  | 'cut'
  | 'not_http'
  | 'timeout'
  | 'aborted'
  | 'request_too_large'
  | 'answer_too_large';

/** No reply. Made from what axios throws, whose error holds the request's body and headers and is dropped here. */
export class WireFailure extends Error {
  override readonly name = 'WireFailure';
  constructor(
    readonly reason: WireFailureReason,
    /** Whether any of the request may have reached the other side. */
    readonly isSent: boolean,
    message: string,
  ) {
    super(message);
  }
}

export interface Wire {
  send(request: WireRequest, signal: EndSignal): Promise<WireReply>;
  close(): void;
}

export interface WireOptions {
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly concurrency: number;
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean } | undefined;
}

/**
 * Idle sockets are closed by us before a proxy does it (the shortest in wide use waits 5 s): a request on a socket that
 * the other side has just closed fails in a way that leaves a write's outcome unknown.
 */
const IDLE_SOCKET_MS = 4_000;
/** axios' own; with another one every call would set the socket's option twice. */
const TCP_KEEP_ALIVE_MS = 60_000;

export function createWire(options: WireOptions): Wire {
  const base = options.url.replace(/\/+$/, '');
  const isTls = base.startsWith('https:');
  const agentOptions = {
    keepAlive: true,
    keepAliveMsecs: TCP_KEEP_ALIVE_MS,
    maxSockets: options.concurrency,
    timeout: IDLE_SOCKET_MS,
  };
  const agent = isTls ? new https.Agent({ ...agentOptions, ...options.tls }) : new http.Agent(agentOptions);
  const fixedHeaders = ['Host', new URL(base).host, 'User-Agent', 'odoo-steward', 'Accept-Encoding', 'gzip, deflate'];
  const constant = requestConfig(options, agent);

  return {
    async send({ method, path, headers, body }, signal) {
      const trip = new Trip(isTls, options.connectTimeoutMs, toHeaderList(fixedHeaders, headers, body));
      try {
        const reply = await adapter({
          ...constant,
          method,
          url: base + path,
          headers: new AxiosHeaders(),
          data: body,
          signal,
          transport: trip,
        });
        return { status: reply.status, headers: trip.replyHeaders, body: reply.data as Buffer };
      } catch (error) {
        throw toWireFailure(error as AxiosError, trip, signal);
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * axios below its own front: merging configurations, interceptors and transforms, none of which is wanted here, cost
 * as much again as the request itself.
 */
const adapter = axios.getAdapter('http');

/** HTTP has no way to carry these in a header: left out, as axios does it. */
const NOT_IN_A_HEADER = /[^\t\u0020-\u007e\u0080-\u00ff]+/g;

/** Names and values in turn, as Node writes them without another look. */
function toHeaderList(fixed: readonly string[], own: WireRequest['headers'], body: string | undefined): string[] {
  const list = [...fixed];
  for (const name in own) list.push(name, (own[name] ?? '').replace(NOT_IN_A_HEADER, '').trim());
  if (body !== undefined) list.push('Content-Length', String(Buffer.byteLength(body)));
  return list;
}

function requestConfig(options: WireOptions, agent: http.Agent): Omit<InternalAxiosRequestConfig, 'headers'> {
  return {
    httpAgent: agent,
    httpsAgent: agent,
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    // The environment's proxy is not for the instances, which are named by address.
    proxy: false,
    maxContentLength: options.maxResponseBytes,
    maxBodyLength: options.maxRequestBytes,
    responseType: 'arraybuffer',
    validateStatus: null,
  };
}

/**
 * The `transport` of one axios request: Node's own, watched, so that "never left" can be told from "may have arrived".
 * Headers go past axios both ways: it would copy and check each of them several times a call.
 */
class Trip {
  isSent = false;
  replyHeaders: WireReply['headers'] = {};
  isConnectTimeout = false;
  request = (
    options: http.RequestOptions,
    onResponse: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    options.headers = this.headers;
    const request = (this.isTls ? https : http).request(options, (response) => {
      this.replyHeaders = response.headers;
      // What axios reads the body by.
      const { 'content-length': length, 'content-encoding': encoding } = response.headers;
      response.headers = { 'content-length': length, 'content-encoding': encoding };
      onResponse(response);
    });
    request.once('socket', (socket) => {
      if (request.reusedSocket) {
        this.isSent = true;
        return;
      }
      const timer = setTimeout(() => {
        this.isConnectTimeout = true;
        request.destroy();
      }, this.connectTimeoutMs);
      socket.once(this.isTls ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        this.isSent = true;
      });
      socket.once('close', () => clearTimeout(timer));
    });
    return request;
  };

  constructor(
    private readonly isTls: boolean,
    private readonly connectTimeoutMs: number,
    private readonly headers: readonly string[],
  ) {}
}

/** OpenSSL's and Node's codes of a refused certificate or a broken handshake. */
const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;

function toWireFailure(error: AxiosError, trip: Trip, signal: EndSignal): WireFailure {
  const code = error.code ?? '';
  const at = (reason: WireFailureReason) => new WireFailure(reason, trip.isSent, error.message);
  if (trip.isConnectTimeout) return at('connect_timeout');
  if (signal.aborted) return at(isTimeout(signal) ? 'timeout' : 'aborted');
  if (error.message.includes('maxBodyLength')) return at('request_too_large');
  if (error.message.includes('maxContentLength')) return at('answer_too_large');
  if (TLS_CODE.test(code)) return at('tls');
  if (code.startsWith('HPE_')) return at('not_http');
  return at(trip.isSent ? 'cut' : 'connect');
}
