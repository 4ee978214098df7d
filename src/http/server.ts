import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { problemKinds, type ProblemCode } from './problems/catalogue.js';

export interface ServerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** For a request to arrive whole, and for its headers. */
  readonly requestTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
}

export interface RunningServer {
  readonly address: AddressInfo;
  /** Takes no new connection; waits for requests in flight, and cuts them off after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const MAX_HEADER_BYTES = 16_384;

/** Listens; rejects when it cannot. Slow and broken clients are cut off with a short problem, before they reach the app. */
export function startServer(app: Express, options: ServerOptions): Promise<RunningServer> {
  const { host, port, requestTimeoutMs = 30_000, headersTimeoutMs = 10_000 } = options;
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
      keepAliveTimeout: 10_000,
      requireHostHeader: true,
    },
    app,
  );
  server.maxRequestsPerSocket = 1_000;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error.code ?? '', socket));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no address'));
      else resolve({ address, stop: (graceMs) => stop(server, graceMs) });
    });
  });
}

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

function refuse(error: string, socket: Duplex): void {
  if (!socket.writable || error === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = codes[error] ?? 'malformed_request';
  const { status, title } = problemKinds[code];
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, code });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
