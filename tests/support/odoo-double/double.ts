import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo } from 'node:net';

import { selfSigned } from './certificate.js';

/** Stands in for what a real Odoo cannot be made to show: faults of lines, proxies and pages. */
export interface Double {
  readonly url: string;
  /** The requests received, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections that are open now. */
  readonly openSockets: () => number;
  /** Resolves once no connection is open, rejects if that takes longer than `ms`. */
  readonly whenClosed: (ms: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Respond = (request: ReceivedRequest, response: http.ServerResponse) => void;

/** An HTTP server on a free port of the loopback. */
export async function startDouble(respond: Respond): Promise<Double> {
  const requests: ReceivedRequest[] = [];
  const server = http.createServer(listener(requests, respond));
  return { ...(await listen(server)), requests };
}

/** The same behind TLS, with a certificate that nobody else has signed. */
export async function startTlsDouble(respond: Respond): Promise<Double> {
  const requests: ReceivedRequest[] = [];
  const server = https.createServer(selfSigned, listener(requests, respond));
  const double = await listen(server);
  return { ...double, url: double.url.replace('http:', 'https:'), requests };
}

function listener(requests: ReceivedRequest[], respond: Respond): http.RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const received = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(received);
      respond(received, response);
    });
  };
}

/** A bare TCP server: what answers before, or instead of, HTTP. */
export async function startLineDouble(onSocket: (socket: net.Socket) => void): Promise<Double> {
  return { ...(await listen(net.createServer(onSocket))), requests: [] };
}

async function listen(server: net.Server): Promise<Omit<Double, 'requests'>> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    openSockets: () => sockets.size,
    async whenClosed(ms) {
      const until = Date.now() + ms;
      while (sockets.size > 0) {
        if (Date.now() > until) throw new Error(`${sockets.size} connections are still open after ${ms} ms`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
