import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request on its way to a real Odoo. */
export type Fate =
  | 'pass'
  /** Odoo carries it out; its answer never arrives, the line is cut instead. */
  | 'cut_after'
  /** The line is cut before Odoo hears of it. */
  | 'cut_before'
  /** Odoo carries it out; nothing ever comes back, the line stays open. */
  | 'hang_after'
  /** What a proxy says while Odoo restarts. */
  | 'bad_gateway'
  /** What a proxy says that keeps these paths to itself. */
  | 'forbidden';

export interface FaultyProxy {
  readonly url: string;
  /** Decides about each request by its path and body; every request passes until it is set. */
  decide: (body: string, path: string) => Fate;
  /** Resolves when a request met a fate other than passing, after Odoo (if it was asked) has answered. */
  readonly struck: Promise<void>;
  close(): Promise<void>;
}

/** A proxy before a real Odoo that makes the faults which Odoo itself cannot be made to show. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let strike: () => void = () => undefined;
  const struck = new Promise<void>((resolve) => (strike = resolve));
  const proxy: { decide: FaultyProxy['decide'] } = { decide: () => 'pass' };
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const fate = proxy.decide(body.toString(), request.url ?? '');
      if (fate === 'cut_before') {
        request.socket.destroy();
        strike();
      } else if (fate === 'bad_gateway') {
        response.writeHead(502, { 'Content-Type': 'text/html' }).end('<html><title>502 Bad Gateway</title></html>');
        strike();
      } else if (fate === 'forbidden') {
        response.writeHead(403, { 'Content-Type': 'text/html' }).end('<html><title>403 Forbidden</title></html>');
        strike();
      } else forward(target, request, body, response, fate, strike);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    struck,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function forward(
  target: string,
  request: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
  fate: Fate,
  strike: () => void,
): void {
  const onward = http.request(
    new URL(request.url ?? '/', target),
    { method: request.method, headers: request.headers },
    (answer) => {
      if (fate === 'pass') {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume();
      answer.on('end', () => {
        if (fate === 'cut_after') request.socket.destroy();
        strike();
      });
    },
  );
  onward.on('error', () => request.socket.destroy());
  onward.end(body);
}
