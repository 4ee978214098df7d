import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Parsed JSON; null for none. */
  readonly body: unknown;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object becomes JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** `silent`: no answer; `truncated`: half of the body, then the line is cut; `cut`: the line is cut at once. */
  readonly bad?: 'silent' | 'truncated' | 'cut';
}

/** An HTTP server on loopback that records what it is asked and answers by a table. */
export interface ForgeDouble {
  readonly url: string;
  readonly requests: readonly Recorded[];
  /** Answers of `METHOD /path`, in turn; the last one stays. What is not in the table is 404. */
  answer(route: string, ...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function startDouble(): Promise<ForgeDouble> {
  const requests: Recorded[] = [];
  const table = new Map<string, Answer[]>();
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const text = Buffer.concat(parts).toString();
      requests.push({ method, path, headers, body: text === '' ? null : (JSON.parse(text) as unknown) });
      const answers = table.get(`${method} ${path}`) ?? [{ status: 404, body: { message: 'Not Found' } }];
      reply(response, (answers.length > 1 ? answers.shift() : answers[0]) ?? {});
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (route, ...answers) => void table.set(route, [...answers]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function reply(response: http.ServerResponse, { status = 200, headers = {}, body = {}, bad }: Answer): void {
  if (bad === 'silent') return;
  if (bad === 'cut') {
    response.destroy();
    return;
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
  });
  if (bad === undefined) {
    response.end(text);
    return;
  }
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}
