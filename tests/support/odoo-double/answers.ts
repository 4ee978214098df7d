import type { ServerResponse } from 'node:http';

import type { ReceivedRequest, Respond } from './double.js';

interface RpcBody {
  readonly params?: { readonly service?: string; readonly method?: string; readonly args?: readonly unknown[] };
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendHtml(
  response: ServerResponse,
  html: string,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
  response.end(html);
}

export const sendResult = (response: ServerResponse, result: unknown): void =>
  sendJson(response, { jsonrpc: '2.0', id: 1, result });

export const sendError = (response: ServerResponse, name: string, message: string): void =>
  sendJson(response, {
    jsonrpc: '2.0',
    id: 1,
    error: { code: 0, message: 'Odoo Server Error', data: { name, message, debug: `Traceback\n${name}: ${message}` } },
  });

/** An Odoo of that version on JSON-RPC, good enough to be signed in to; the test decides about each `execute_kw`. */
export function jsonRpcOdoo(serie: string, onCall: Respond): Respond {
  return (request, response) => {
    if (request.path === '/web/version') {
      if (Number.parseInt(serie, 10) >= 19) sendJson(response, { version: serie, version_info: [] });
      else sendHtml(response, '<title>404 Not Found</title>', 404);
      return;
    }
    const method = rpcMethod(request);
    if (method === 'version') sendResult(response, { server_version: serie, server_serie: serie });
    else if (method === 'authenticate') sendResult(response, 2);
    else onCall(request, response);
  };
}

function rpcMethod(request: ReceivedRequest): string | undefined {
  if (request.path !== '/jsonrpc') return undefined;
  return (JSON.parse(request.body) as RpcBody).params?.method;
}
