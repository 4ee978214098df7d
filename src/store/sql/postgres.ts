import pg from 'pg';
import { StoreError } from '../../domain/store-error.js';
import { requireBindable } from './bindable.js';
import { postgres as dialect, render } from './dialect.js';
import type { Engine, Session, SqlRow, SqlValue } from './engine.js';
import { toStoreError } from './postgres-errors.js';
import { readPlace, type PostgresPlace } from './postgres-url.js';
import { runTransaction, type Connection } from './transaction.js';

/** Milliseconds. A process that is frozen inside a transaction keeps its locks no longer than the last of them. */
const limits = { statement_timeout: 30_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 60_000 };
const CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * A pool of connections, made when they are needed. When the server goes away, calls fail with `store_unavailable`; the
 * first call after it is back works again. Throws `StoreError` when the URL is none.
 */
export function openPostgres(url: string): Engine {
  const place = readPlace(url);
  try {
    return new PostgresEngine(makePool(url), place);
  } catch (error) {
    throw toStoreError(error, place);
  }
}

function makePool(url: string): pg.Pool {
  const config = { connectionString: url, keepAlive: true, application_name: 'odoo-steward' };
  new pg.Client(config); // reads the URL and the certificates it names, which the pool would do later
  const pool = new pg.Pool({
    ...config,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Longer than the server's own limit: it ends calls over a network that went silent.
    query_timeout: limits.statement_timeout + 5000,
    types,
  });
  // An idle connection that ends is simply gone from the pool; unheard, the event would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** The driver gives 64-bit integers as text, unless it is told otherwise. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (...[type, format]: Parameters<typeof pg.types.getTypeParser>): unknown =>
    type === pg.types.builtins.INT8 ? readInteger : pg.types.getTypeParser(type, format),
};

function readInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new StoreError('store_corrupt', 'The database holds an integer beyond 2^53 that this program did not write.');
  return value;
}

class PostgresEngine implements Engine {
  readonly dialect = dialect;
  readonly #pool: pg.Pool;
  readonly #place: PostgresPlace;
  readonly #limited = new WeakSet<pg.PoolClient>();
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(pool: pg.Pool, place: PostgresPlace) {
    this.#pool = pool;
    this.#place = place;
  }

  query(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.#open(() => this.#query(sql, values));
  }

  atomic<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#open(() => runTransaction(new HeldConnection(() => this.#begin(), this.#place), work));
  }

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.#pool.end());
    return this.#closing;
  }

  /** Does it unless the engine is closed; the pool itself would leave those stuck that wait for a connection. */
  async #open<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) throw new StoreError('store_unavailable', `The database ${this.#place.where} is closed.`);
    const started = work();
    this.#underWay.add(started);
    try {
      return await started;
    } finally {
      this.#underWay.delete(started);
    }
  }

  async #query(sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    requireBindable(values);
    // Only a read can be asked twice: nobody knows whether a change arrived before the connection broke.
    return this.#withClient(/^\s*select\b/i.test(sql), (client) => runOn(client, sql, values));
  }

  async #begin(): Promise<pg.PoolClient> {
    return this.#withClient(
      true,
      (client) => client.query('begin isolation level read committed').then(() => client),
      true,
    );
  }

  /** A connection of the pool may have died unseen: with `canRepeat`, a fresh one gets a second try. */
  async #withClient<T>(canRepeat: boolean, work: (client: pg.PoolClient) => Promise<T>, keeps = false): Promise<T> {
    const client = await this.#connect();
    try {
      await this.#limit(client);
      const result = await work(client);
      if (!keeps) giveBack(client);
      return result;
    } catch (error) {
      const known = toStoreError(error, this.#place);
      const isLost = isUnavailable(known);
      giveBack(client, isLost);
      if (isLost && canRepeat) return this.#withClient(false, work, keeps);
      throw known;
    }
  }

  /** By statement: a pooler such as PgBouncer refuses limits among the parameters of a connection. */
  async #limit(client: pg.PoolClient): Promise<void> {
    if (this.#limited.has(client)) return;
    await client.query(
      Object.entries(limits)
        .map(([name, value]) => `set ${name} = ${value}`)
        .join('; '),
    );
    this.#limited.add(client);
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.#pool.connect();
      client.on('error', ignore);
      return client;
    } catch (error) {
      throw toStoreError(error, this.#place);
    }
  }
}

/** The connection of one transaction, from its `begin` until it is given back. */
class HeldConnection implements Connection {
  readonly #take: () => Promise<pg.PoolClient>;
  readonly #place: PostgresPlace;
  #client: pg.PoolClient | null = null;

  constructor(take: () => Promise<pg.PoolClient>, place: PostgresPlace) {
    this.#take = take;
    this.#place = place;
  }

  async begin(): Promise<void> {
    this.#client = await this.#take();
  }

  async query(sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    requireBindable(values);
    return this.#use((client) => runOn(client, sql, values));
  }

  async exec(script: string): Promise<void> {
    await this.#use((client) => client.query(render(script, dialect)));
  }

  async commit(): Promise<void> {
    const { command } = await this.#use((client) => client.query('commit'));
    if (command !== 'COMMIT') throw new Error('PostgreSQL rolled a transaction back that should have been committed.');
    this.#release(false);
  }

  async rollback(): Promise<void> {
    const isBroken = await this.#use((client) => client.query('rollback')).then(
      () => false,
      () => true,
    );
    this.#release(isBroken);
  }

  async #use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (!this.#client) throw new Error('This transaction has not begun, or has ended.');
    try {
      return await work(this.#client);
    } catch (error) {
      throw toStoreError(error, this.#place);
    }
  }

  #release(isBroken: boolean): void {
    if (this.#client) giveBack(this.#client, isBroken);
    this.#client = null;
  }
}

async function runOn(client: pg.PoolClient, sql: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  return (await client.query<SqlRow>(render(sql, dialect), [...values])).rows;
}

function giveBack(client: pg.PoolClient, isBroken = false): void {
  client.off('error', ignore);
  client.release(isBroken);
}

function isUnavailable(error: Error): boolean {
  return error instanceof StoreError && error.code === 'store_unavailable';
}

/** While a connection is out of the pool, its end shows in the statement that fails. */
function ignore(): void {}
