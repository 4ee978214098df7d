/** The part of Node's own SQLite interface that is used here; both drivers have it. */
export interface SqliteDatabase {
  exec(script: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

export interface SqliteStatement {
  all(...values: (string | bigint | null)[]): unknown[];
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqliteDatabase;
}

/** Node's own SQLite where it is there without a flag (Node 22.13 and later), else a package with the same interface. */
export async function loadSqlite(): Promise<SqliteModule> {
  const builtin: unknown = process.getBuiltinModule('node:sqlite');
  if (isSqlite(builtin)) return builtin;
  const { DatabaseSync } = await import('@photostructure/sqlite');
  return { DatabaseSync };
}

function isSqlite(module: unknown): module is SqliteModule {
  return typeof module === 'object' && module !== null && 'DatabaseSync' in module;
}
