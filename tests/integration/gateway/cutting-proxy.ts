import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands before an Odoo and cuts the line where the answer to one method should come: after Odoo carried the call out, or
 * without asking it. The method is looked for in the path (JSON-2) and in the body (the others).
 */
export async function cuttingProxy(target: string, options: { cutAnswersTo: string; carryOut: boolean }) {
  const seen: string[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const isCut =
        (incoming.url ?? '').endsWith(`/${options.cutAnswersTo}`) || body.includes(`"${options.cutAnswersTo}"`);
      if (isCut) seen.push(options.cutAnswersTo);
      if (isCut && !options.carryOut) {
        incoming.socket.destroy();
        return;
      }
      const onward = request(
        { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
        (answer) => {
          if (isCut) {
            answer.resume();
            answer.on('end', () => incoming.socket.destroy());
            return;
          }
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on('error', () => incoming.socket.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: (method: string): number => seen.filter((one) => one === method).length,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
