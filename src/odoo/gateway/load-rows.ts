import { isOdooError, isOdooErrorOf } from '../../domain/odoo-error.js';
import type { LoadMessage, OdooClient } from '../odoo-client.js';

export interface LoadRow {
  /** The caller's name for the row; comes back with its result. */
  readonly key: string;
  readonly cells: readonly string[];
}

export interface LoadBatch {
  readonly model: string;
  readonly columns: readonly string[];
  readonly rows: readonly LoadRow[];
}

export type RowResult =
  | { readonly status: 'written'; readonly recordId: number }
  | { readonly status: 'failed' | 'unknown'; readonly message: string }
  | { readonly status: 'gone' }
  /** Locked by a running job, or by another transaction for longer than was waited. */
  | { readonly status: 'busy'; readonly message: string };

export interface Patience {
  /** How long a busy or contended row is tried again. */
  readonly busyTimeoutMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Shared by the batches of one write: after a lost answer nothing more is sent. */
export interface Line {
  lost: string | null;
}

/**
 * Texts are read as UTC and in English; rows that `load` creates are marked so that no module update touches them;
 * `active_test` lets it find archived records (`base.user_root` is one) by record ID.
 */
export const LOAD_CONTEXT = { tz: 'UTC', noupdate: true, active_test: false } as const;

/**
 * Writes a batch with `load`, which is one transaction: all rows, or none. When Odoo refuses it, the batch is halved until
 * the rows to blame stand alone, because from 17 on its messages name innocent rows, too (facts 8.2): the good rows are
 * written, the others reported. What Odoo may have carried out is never sent again.
 */
export async function loadRows(
  client: OdooClient,
  batch: LoadBatch,
  patience: Patience,
  line: Line = { lost: null },
): Promise<Map<string, RowResult>> {
  const results = new Map<string, RowResult>();
  const busy: LoadRow[] = [];

  const settle = (rows: readonly LoadRow[], result: (row: LoadRow) => RowResult): void => {
    for (const row of rows) results.set(row.key, result(row));
  };

  async function attempt(rows: readonly LoadRow[]): Promise<void> {
    if (rows.length === 0) return;
    if (line.lost !== null) {
      const { lost } = line;
      settle(rows, () => ({
        status: 'failed',
        message: `Not sent, because the answer to an earlier write was lost: ${lost}`,
      }));
      return;
    }
    const answer = await sendOnce(client, batch, rows);
    switch (answer.kind) {
      case 'written':
        settle(rows, (row) => ({ status: 'written', recordId: answer.ids[rows.indexOf(row)] ?? 0 }));
        return;
      case 'unknown':
        line.lost = answer.message;
        settle(rows, () => ({ status: 'unknown', message: answer.message }));
        return;
      case 'hopeless':
        settle(rows, () => ({ status: 'failed', message: answer.message }));
        return;
      case 'refused': {
        const [certain, rest] = splitRefused(rows, answer.messages);
        settle(
          certain,
          (row) => answer.culprits.get(rows.indexOf(row)) ?? { status: 'failed', message: answer.message },
        );
        if (certain.length > 0) {
          await attempt(rest);
          return;
        }
        break;
      }
      case 'busy':
        if (rows.length === 1) busy.push(...rows);
        break;
    }
    if (rows.length === 1) {
      if (answer.kind === 'refused') settle(rows, () => ({ status: 'failed', message: answer.message }));
      return;
    }
    const middle = Math.ceil(rows.length / 2);
    await attempt(rows.slice(0, middle));
    await attempt(rows.slice(middle));
  }

  await attempt(batch.rows);
  const deadline = patience.now() + patience.busyTimeoutMs;
  for (const row of busy) await retryBusy(row, deadline);
  return results;

  async function retryBusy(row: LoadRow, deadline: number): Promise<void> {
    for (let pause = 250; ; pause = Math.min(pause * 2, 4_000)) {
      if (patience.now() + pause > deadline) break;
      await patience.sleep(pause);
      const before = busy.length;
      await attempt([row]);
      if (busy.length === before) return;
      busy.length = before;
    }
    results.set(row.key, {
      status: 'busy',
      message: 'Odoo is working on this record right now and refuses changes to it: apply again when it is done.',
    });
  }
}

type Answer =
  | { kind: 'written'; ids: readonly number[] }
  | { kind: 'refused'; message: string; messages: readonly LoadMessage[]; culprits: ReadonlyMap<number, RowResult> }
  | { kind: 'busy' }
  | { kind: 'unknown'; message: string }
  /** Sending less of it, or again, cannot help. */
  | { kind: 'hopeless'; message: string };

async function sendOnce(client: OdooClient, batch: LoadBatch, rows: readonly LoadRow[]): Promise<Answer> {
  try {
    const { ids, messages } = await client.load(
      batch.model,
      batch.columns,
      rows.map((row) => row.cells),
      { context: LOAD_CONTEXT },
    );
    if (ids !== null) return { kind: 'written', ids };
    const errors = messages.filter((message) => message.type === 'error');
    return {
      kind: 'refused',
      message: sentence(errors[0]?.message ?? 'Odoo refused it and did not say why'),
      messages: errors,
      culprits: culpritsOf(errors),
    };
  } catch (error) {
    if (!isOdooError(error)) throw error;
    const message = sentence(error.detail ?? error.message);
    if (error.outcome === 'unknown') return { kind: 'unknown', message: error.message };
    if (isOdooErrorOf(error, 'odoo_busy', 'odoo_concurrency')) return { kind: 'busy' };
    if (
      isOdooErrorOf(
        error,
        'odoo_validation',
        'odoo_user',
        'odoo_server',
        'odoo_missing',
        'odoo_unsendable',
        'odoo_limit',
      )
    ) {
      return { kind: 'refused', message, messages: [], culprits: new Map() };
    }
    return { kind: 'hopeless', message: error.message };
  }
}

/** A message that names a column was made before anything was saved, and names the right row on every version. */
function splitRefused(rows: readonly LoadRow[], messages: readonly LoadMessage[]): [LoadRow[], LoadRow[]] {
  const surely = new Set(
    messages.flatMap((message) => (message.field === undefined || message.rows === undefined ? [] : message.rows.from)),
  );
  return [rows.filter((_, index) => surely.has(index)), rows.filter((_, index) => !surely.has(index))];
}

/** The first message counts: `load` goes on with a record that is gone as with a new one, and misses required fields. */
function culpritsOf(messages: readonly LoadMessage[]): Map<number, RowResult> {
  const culprits = new Map<number, RowResult>();
  for (const { rows, field, message } of messages) {
    if (rows === undefined || culprits.has(rows.from)) continue;
    culprits.set(rows.from, field === '.id' ? { status: 'gone' } : { status: 'failed', message: sentence(message) });
  }
  return culprits;
}

/** Odoo's own words, without what `load` puts around them. */
export function sentence(message: string): string {
  const text = message
    .replace(/^Unknown error during import: (<class '[^']*'>: )?/, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
