import type { WireReply, WireRequest } from '../http.js';

/**
 * On 14 and 15 with several databases, `/jsonrpc` and `/web/session/authenticate` answer each exception with an HTML
 * page of status 500 unless the session names a database (14: `_dispatch_nodb` catches nothing). This makes one that does.
 */
export const chooseDatabase = (database: string): WireRequest => ({
  method: 'GET',
  path: `/web/login?db=${encodeURIComponent(database)}`,
  headers: { Accept: 'text/html' },
});

export const cookieHeader = (cookie: string | null): Record<string, string> =>
  cookie === null ? {} : { Cookie: cookie };

export function readSessionCookie(reply: WireReply): string | null {
  const header = reply.headers['set-cookie'] ?? [];
  const cookies = typeof header === 'string' ? [header] : header;
  const cookie = cookies.find((each) => each.startsWith('session_id='));
  return cookie?.split(';', 1)[0] ?? null;
}
