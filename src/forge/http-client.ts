import http from 'node:http';
import https from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';

import axios, { AxiosHeaders, type AxiosError } from 'axios';

import { ForgeError, forgeNames } from '../domain/forge/index.js';
import { forgeLimits } from './limits.js';
import type { ForgeDialect, ForgePosterOptions } from './options.js';
import { retryAfterOf } from './retry-after.js';
import { toForgeError, toUnreachable, type ForgeCall } from './to-forge-error.js';

export interface ForgeReply {
  /** Parsed JSON. */
  readonly data: unknown;
  /** Whether a `Link` header came, and whether it names a next page. */
  readonly hasLinks: boolean;
  readonly hasNext: boolean;
}

/** One forge's API over HTTP: bounded in time and size, no redirects followed, `ForgeError` for whatever is not a success. */
export interface ForgeClient {
  send(call: ForgeCall): Promise<ForgeReply>;
  close(): void;
}

interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Idle sockets are closed by us before a proxy does it: a request on a socket just closed by the other side is lost. */
const IDLE_SOCKET_MS = 4_000;

/** axios below its own front, as the wire to Odoo uses it: nothing of its defaults, interceptors or environment proxies. */
const adapter = axios.getAdapter('http');

export function createForgeClient(dialect: ForgeDialect, options: ForgePosterOptions): ForgeClient {
  const limits = { ...forgeLimits, ...options.limits };
  const base = checkBaseUrl(dialect, options.baseUrl);
  const agentOptions = { keepAlive: true, maxSockets: 4, timeout: IDLE_SOCKET_MS };
  const agent = base.startsWith('https:')
    ? new https.Agent({ ...agentOptions, ...(options.ca === undefined ? {} : { ca: options.ca }) })
    : new http.Agent(agentOptions);
  const closing = new AbortController();
  const sleep = options.sleep ?? ((ms, signal) => wait(ms, undefined, { signal }));
  const now = options.now ?? Date.now;

  async function once(call: ForgeCall, token: string): Promise<RawReply> {
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    try {
      const reply = await adapter({
        method: call.method,
        url: base + call.path,
        headers: new AxiosHeaders({
          'User-Agent': 'odoo-steward',
          Accept: 'application/json',
          'Accept-Encoding': 'gzip, deflate',
          ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...dialect.headers(token),
        }),
        data: call.body === undefined ? undefined : JSON.stringify(call.body),
        httpAgent: agent,
        httpsAgent: agent,
        // A redirect would carry the token to wherever it points.
        maxRedirects: 0,
        proxy: false,
        maxContentLength: limits.maxResponseBytes,
        maxBodyLength: Infinity,
        responseType: 'arraybuffer',
        validateStatus: null,
        signal: AbortSignal.any([timeout, closing.signal]),
      });
      return { status: reply.status, headers: reply.headers, body: reply.data as Buffer };
    } catch (error) {
      // What axios throws holds the request with its headers: it is dropped here.
      throw toUnreachable(dialect.forge, call, whyOf(error as AxiosError, timeout, closing.signal, limits));
    }
  }

  async function send(call: ForgeCall): Promise<ForgeReply> {
    const token = checkToken(dialect, options.token.reveal());
    let reply = await once(call, token);
    const retryAfterMs = retryAfterOf(reply, now());
    if (retryAfterMs !== null && retryAfterMs <= limits.maxRetryAfterMs) {
      await sleep(retryAfterMs, closing.signal).catch(() => undefined);
      reply = await once(call, token);
    }
    if (reply.status < 200 || reply.status > 299)
      throw toForgeError(dialect.forge, call, { ...reply, retryAfterMs: retryAfterOf(reply, now()), token });
    const link = reply.headers['link'];
    return {
      data: parse(reply.body) ?? notTheApi(dialect, call, reply.status),
      hasLinks: typeof link === 'string',
      hasNext: typeof link === 'string' && /;\s*rel="?next"?/.test(link),
    };
  }

  return {
    send,
    close: () => {
      closing.abort();
      agent.destroy();
    },
  };
}

function checkBaseUrl({ forge }: ForgeDialect, baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash !== '')
    throw new ForgeError(
      'forge_refused',
      `The address of ${forgeNames[forge]}'s API is not one: write https://…, without user name and query`,
      { forge, status: null },
    );
  return url.href.replace(/\/+$/, '');
}

/** A line break from the end of a file would be refused by Node, in words that help nobody. */
function checkToken({ forge }: ForgeDialect, token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ForgeError(
    'forge_unauthorised',
    `The token for ${forgeNames[forge]} is empty or has characters that no token has: set it without blanks and line breaks`,
    { forge, status: null },
  );
}

function whyOf(
  error: AxiosError,
  timeout: AbortSignal,
  closing: AbortSignal,
  limits: { timeoutMs: number; maxResponseBytes: number },
): string {
  if (closing.aborted) return 'was given up, because the service stops';
  if (timeout.aborted) return `got no complete answer within ${limits.timeoutMs / 1000} s`;
  if (error.message.includes('maxContentLength'))
    return `got an answer of more than ${limits.maxResponseBytes} bytes, which is not read`;
  const code = error.code ?? '';
  return /^[A-Z][A-Z0-9_]{2,50}$/.test(code) ? `got no answer (${code})` : 'got no answer';
}

/** Undefined: no JSON. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function notTheApi({ forge }: ForgeDialect, call: ForgeCall, status: number): never {
  throw toUnreachable(
    forge,
    call,
    'got an answer that is not the API’s: look at its address, and what is in front of it',
    status,
  );
}
