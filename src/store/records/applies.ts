import type { ApplyEntry, ApplyRecords, ApplyResultEntry } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';
import { readPage } from './read-page.js';
import { defineTable, integer, integerOrNull, oneOf, text, textOrNull } from './table.js';

const applies = defineTable<ApplyEntry>('apply', {
  id: text,
  instance: text,
  status: oneOf('queued', 'running', 'applied', 'partly', 'failed', 'refused', 'interrupted'),
  createdAt: integer,
  createdBy: text,
  startedAt: integerOrNull,
  endedAt: integerOrNull,
  digest: text,
  revision: textOrNull,
  total: integerOrNull,
  origin: oneOf('api', 'sync', 'rollback', 'cli'),
  reason: textOrNull,
  idempotencyKey: textOrNull,
  requestHash: textOrNull,
  request: text,
  report: textOrNull,
});

const results = defineTable<ApplyResultEntry & { readonly applyId: string }>('apply_result', {
  applyId: text,
  externalId: text,
  recordId: integerOrNull,
  status: text,
  message: textOrNull,
});

/** Rows of one insert; engines limit how many values a statement may have. */
const BATCH = 500;

export function applyRecords(on: Queryable): ApplyRecords {
  const byKey = async (createdBy: string, idempotencyKey: string | null): Promise<ApplyEntry | null> => {
    const [row] = await on.query(
      `select ${applies.select()} from apply where created_by = $1 and idempotency_key = $2`,
      [createdBy, idempotencyKey],
    );
    return row === undefined ? null : applies.read(row);
  };
  return {
    byKey,
    async addOnce(apply) {
      const { sql, values } = applies.insert(apply);
      const added = await on.query(`${sql} on conflict (created_by, idempotency_key) do nothing returning id`, values);
      if (added.length > 0) return null;
      const standing = await byKey(apply.createdBy, apply.idempotencyKey);
      if (standing === null) throw new Error('An apply was neither added nor there already.');
      return standing;
    },
    async get(id) {
      const [row] = await on.query(`select ${applies.select()} from apply where id = $1`, [id]);
      return row === undefined ? null : applies.read(row);
    },
    list: (instance, page) =>
      readPage(
        on,
        {
          list: 'applies',
          table: 'apply',
          select: applies.select(),
          keys: ['created_at', 'seq'],
          where: instance === null ? [] : [['instance = $', instance]],
          read: (row) => applies.read(row),
        },
        page,
      ),
    async start(id, { startedAt, total, revision }) {
      const started = await on.query(
        `update apply set status = 'running', started_at = $2, total = $3, revision = $4
         where id = $1 and status = 'queued' returning id`,
        [id, startedAt, total, revision],
      );
      return started.length > 0;
    },
    addResults: (id, added) =>
      on.atomic(async (session) => {
        for (let from = 0; from < added.length; from += BATCH) {
          const batch = added.slice(from, from + BATCH).map((result) => ({ ...result, applyId: id }));
          const { sql, values } = results.insert(...batch);
          await session.query(sql, values);
        }
      }),
    async results(id) {
      const rows = await on.query(`select ${results.select()} from apply_result where apply_id = $1 order by seq`, [
        id,
      ]);
      return rows.map((row) => {
        const { applyId: _, ...result } = results.read(row);
        return result;
      });
    },
    async end(id, { status, endedAt, report }) {
      const ended = await on.query(
        `update apply set status = $2, ended_at = $3, report = $4
         where id = $1 and status in ('queued', 'running') returning id`,
        [id, status, endedAt, report],
      );
      return ended.length > 0;
    },
    async open(instance) {
      const rows = await on.query(
        `select ${applies.select()} from apply where status in ('queued', 'running')
         ${instance === null ? '' : 'and instance = $1'} order by created_at, seq`,
        instance === null ? [] : [instance],
      );
      return rows.map((row) => applies.read(row));
    },
  };
}
