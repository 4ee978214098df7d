import { StoreError } from '../../domain/store-error.js';
import type { Session, SqlRow, SqlValue } from './engine.js';
import { Mutex } from './mutex.js';

/** One connection as a driver gives it, already between its `begin` and its end. */
export interface Connection {
  query(sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  exec(script: string): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Never throws: a connection that cannot roll back is given up, which rolls back too. */
  rollback(): Promise<void>;
}

/** A transaction holds locks that others wait for; nothing slow may happen in it. Milliseconds. */
export const TRANSACTION_LIMIT_MS = 30_000;

/**
 * Runs `work` in a transaction: committed when it resolves, rolled back when it rejects, when a statement in it failed
 * (also if `work` swallowed that), and when it takes longer than the limit.
 */
export async function runTransaction<T>(
  connection: Connection,
  work: (session: Session) => Promise<T>,
  limitMs = TRANSACTION_LIMIT_MS,
): Promise<T> {
  await connection.begin();
  const transaction = new OpenTransaction(connection);
  try {
    const result = await within(limitMs, work(transaction));
    await transaction.settle();
    await connection.commit();
    return result;
  } catch (error) {
    await transaction.abandon();
    await connection.rollback();
    throw error;
  }
}

/** Both engines behave as PostgreSQL does: after a failed statement nothing goes any more. */
class OpenTransaction implements Session {
  readonly #connection: Connection;
  readonly #turns = new Mutex();
  #failure: { readonly error: unknown } | null = null;
  #isOver = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  query(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#turn(() => this.#connection.query(sql, values));
  }

  exec(script: string): Promise<void> {
    return this.#turn(() => this.#connection.exec(script));
  }

  async atomic<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await work(this);
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  /** Waits for statements that nobody waited for; throws what failed. */
  async settle(): Promise<void> {
    await this.#turns.run(() => Promise.resolve());
    this.#isOver = true;
    if (this.#failure) throw this.#failure.error;
  }

  async abandon(): Promise<void> {
    this.#isOver = true;
    await this.#turns.run(() => Promise.resolve());
  }

  #turn<T>(statement: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      if (this.#isOver) throw new Error('This transaction has ended: its records are of no use any more.');
      if (this.#failure) throw this.#failure.error;
      try {
        return await statement();
      } catch (error) {
        this.#failure = { error };
        throw error;
      }
    });
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new StoreError(
          'store_busy',
          `A transaction took longer than ${limitMs / 1000} s and was rolled back: try again.`,
        ),
      );
    }, limitMs);
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
