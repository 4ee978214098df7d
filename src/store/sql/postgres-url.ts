import { StoreError } from '../../domain/store-error.js';

/** What may be said of a connection URL, and what may never be said. */
export interface PostgresPlace {
  /** `host:port/database`, for messages. */
  readonly where: string;
  /** Takes the password out of a text, in whichever form it stands there. */
  readonly scrub: (text: string) => string;
}

/** Throws `StoreError` (`store_unavailable`) that does not repeat the URL: there is a password in it. */
export function readPlace(url: string): PostgresPlace {
  const parsed = parse(url);
  if (parsed === null)
    throw new StoreError(
      'store_unavailable',
      'DATABASE_URL is not an address of PostgreSQL: write postgres://user:password@host:5432/database, with special characters in the password percent-encoded.',
    );
  const host = parsed.searchParams.get('host') ?? parsed.hostname;
  const port = parsed.searchParams.get('port') ?? parsed.port;
  const secrets = [parsed.password, decode(parsed.password), parsed.searchParams.get('password') ?? ''];
  return {
    where: `${host || 'localhost'}:${port || '5432'}${parsed.pathname}`,
    scrub: (text) =>
      secrets.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '***'), text),
  };
}

function parse(url: string): URL | null {
  // `postgres://user@/database?host=/run/postgresql` means a socket, and is no URL by the book.
  const complete = url.replace('@/', '@localhost/');
  if (!URL.canParse(complete)) return null;
  const parsed = new URL(complete);
  return ['postgres:', 'postgresql:'].includes(parsed.protocol) ? parsed : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
