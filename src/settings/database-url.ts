/** What is wrong with the address of a PostgreSQL database, or null. Never quotes any of it: it holds a password. */
export function databaseUrlProblem(text: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'sqlite' || scheme === 'file')
    return 'leave it out for SQLite, which is then kept as steward.db in STEWARD_STATE';
  if (scheme !== 'postgres' && scheme !== 'postgresql')
    return `only PostgreSQL is spoken here: ${WRITE}, or leave it out for SQLite`;
  // `postgres://user@/database?host=/run/postgresql` means a socket, and is no URL by the book.
  const complete = text.replace('@/', '@localhost/');
  if (!URL.canParse(complete) || new URL(complete).hash !== '')
    return `${WRITE}, with \`#\`, \`/\`, \`?\`, \`@\`, \`:\` and \`%\` in the password as %23, %2F, %3F, %40, %3A and %25`;
  return /^\/[^/]+$/.test(new URL(complete).pathname) ? null : `the name of the database is missing: ${WRITE}`;
}

const WRITE = 'write postgres://USER:PASSWORD@HOST:5432/DATABASE';
