import type { Dialect } from './dialect.js';

/** What may be bound: both engines keep these, and only these, as they are. Numbers are safe integers. */
export type SqlValue = string | number | null;

export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * Something that runs statements: the engine itself, or one open transaction. The SQL is written once for all engines,
 * with the tokens of `dialect.ts` and `$1`, `$2`, … for values.
 */
export interface Queryable {
  /** Runs one statement; throws `StoreError`. Integers come as safe numbers. */
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** All of `work` or nothing: in a transaction of its own, or as part of the one that it is called in. */
  atomic<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** An open transaction. After a statement of it failed, all further ones fail, and it is rolled back. */
export interface Session extends Queryable {
  /** Runs a script of several statements, without values. */
  exec(script: string): Promise<void>;
}

export interface Engine extends Queryable {
  readonly dialect: Dialect;
  /** Waits for what is under way. Everything asked for later fails with `store_unavailable`. */
  close(): Promise<void>;
}
