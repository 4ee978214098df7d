import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../../domain/store-error.js';
import { requireBindable } from './bindable.js';
import { render, sqlite as dialect } from './dialect.js';
import type { Engine, Session, SqlRow, SqlValue } from './engine.js';
import { Mutex } from './mutex.js';
import { loadSqlite, type SqliteDatabase, type SqliteStatement } from './sqlite-driver.js';
import { isBusy, toStoreError } from './sqlite-errors.js';
import { prepareFile } from './sqlite-file.js';
import { runTransaction, type Connection } from './transaction.js';

/** How long another process may hold the file before a call gives up. */
const BUSY_TIMEOUT_MS = 5000;
/** The driver waits in the event loop's own thread: never longer than this at once. */
const BUSY_SLICE_MS = 100;
const CACHED_STATEMENTS = 200;

export interface SqliteOptions {
  readonly file: string;
  readonly warn: (message: string) => void;
}

/**
 * One connection to one file: what is committed is on the disk (WAL, synchronous=FULL). A transaction has it for itself,
 * so that nobody outside sees rows that may yet be rolled back. Other processes may have the file open too.
 */
export async function openSqlite({ file, warn }: SqliteOptions): Promise<Engine> {
  await prepareFile(file, warn);
  const { DatabaseSync } = await loadSqlite();
  try {
    const engine = new SqliteEngine(new DatabaseSync(file), file);
    await engine.configure();
    return engine;
  } catch (error) {
    throw toStoreError(error, file);
  }
}

class SqliteEngine implements Engine {
  readonly dialect = dialect;
  readonly #database: SqliteDatabase;
  readonly #file: string;
  readonly #turns = new Mutex();
  readonly #statements = new Map<string, SqliteStatement>();
  /** For the transaction whose turn it is. */
  readonly #connection: Connection = {
    query: (sql, values) => this.#patiently(() => this.#run(sql, values)),
    exec: (script) => this.#exec(script),
    // Takes the file's write lock at once: later it could be refused half-way.
    begin: () => this.#exec('begin immediate'),
    commit: () => this.#exec('commit'),
    rollback: () => this.#rollback(),
  };
  #isClosed = false;

  constructor(database: SqliteDatabase, file: string) {
    this.#database = database;
    this.#file = file;
  }

  async configure(): Promise<void> {
    this.#database.exec(`pragma busy_timeout = ${BUSY_SLICE_MS}`);
    await this.#patiently(() => {
      this.#database.exec('pragma journal_mode = wal');
    });
    this.#database.exec('pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off');
    const mode = this.#database.prepare('pragma journal_mode').all()[0];
    if (!isRow(mode) || mode['journal_mode'] !== 'wal')
      throw new StoreError(
        'store_unavailable',
        `The file system of ${this.#file} cannot keep a database safely (no WAL): use a local disk, or PostgreSQL.`,
      );
  }

  query(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#turns.run(() => this.#patiently(() => this.#run(sql, values)));
  }

  atomic<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#turns.run(() => runTransaction(this.#connection, work));
  }

  close(): Promise<void> {
    return this.#turns.run(() => {
      if (this.#isClosed) return Promise.resolve();
      this.#isClosed = true;
      // @photostructure/sqlite 1.2.1 keeps the file open until its statements are collected as garbage, so that SQLite
      // does not tidy up by itself: what was written goes into the file itself here, and not only beside it.
      this.#statements.clear();
      try {
        this.#database.exec('pragma wal_checkpoint(truncate)');
      } catch {
        // Another process uses the file, or the disk is full: all that was acknowledged lies beside it.
      }
      this.#database.close();
      return Promise.resolve();
    });
  }

  #run(sql: string, values: readonly SqlValue[]): readonly SqlRow[] {
    requireBindable(values);
    const bound = values.map((value) => (typeof value === 'number' ? BigInt(value) : value));
    return this.#prepare(sql)
      .all(...bound)
      .filter(isRow);
  }

  #prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= CACHED_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(render(sql, dialect));
    this.#statements.set(sql, statement);
    return statement;
  }

  #exec(script: string): Promise<void> {
    return this.#patiently(() => {
      this.#database.exec(render(script, dialect));
    });
  }

  #rollback(): Promise<void> {
    try {
      this.#database.exec('rollback');
    } catch {
      // SQLite rolled back by itself already, as it does when the disk is full.
    }
    return Promise.resolve();
  }

  /** Waits for other processes in short slices, so that this one goes on answering meanwhile. */
  async #patiently<T>(attempt: () => T): Promise<T> {
    if (this.#isClosed) throw new StoreError('store_unavailable', `The database ${this.#file} is closed.`);
    const giveUpAt = performance.now() + BUSY_TIMEOUT_MS;
    for (;;) {
      try {
        return attempt();
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAt) throw toStoreError(error, this.#file);
      }
      await sleep(5);
    }
  }
}

function isRow(value: unknown): value is SqlRow {
  return typeof value === 'object' && value !== null;
}
