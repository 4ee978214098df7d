import type { SyncEntry, SyncRecords } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';
import { readPage } from './read-page.js';
import { defineTable, integer, integerOrNull, text, textOrNull } from './table.js';

const syncs = defineTable<SyncEntry>('sync', {
  id: text,
  instance: text,
  createdAt: integer,
  createdBy: text,
  endedAt: integerOrNull,
  cause: text,
  revision: textOrNull,
  planId: textOrNull,
  applyId: textOrNull,
  status: text,
  message: textOrNull,
});

export function syncRecords(on: Queryable): SyncRecords {
  return {
    async add(sync) {
      const { sql, values } = syncs.insert(sync);
      await on.query(sql, values);
    },
    async end(id, { endedAt, revision, planId, applyId, status, message }) {
      const ended = await on.query(
        `update sync set ended_at = $2, revision = $3, plan_id = $4, apply_id = $5, status = $6, message = $7
         where id = $1 and ended_at is null returning id`,
        [id, endedAt, revision, planId, applyId, status, message],
      );
      return ended.length > 0;
    },
    async get(id) {
      const [row] = await on.query(`select ${syncs.select()} from sync where id = $1`, [id]);
      return row === undefined ? null : syncs.read(row);
    },
    list: (instance, page) =>
      readPage(
        on,
        {
          list: 'syncs',
          table: 'sync',
          select: syncs.select(),
          keys: ['created_at', 'seq'],
          where: instance === null ? [] : [['instance = $', instance]],
          read: (row) => syncs.read(row),
        },
        page,
      ),
    async open() {
      const rows = await on.query(`select ${syncs.select()} from sync where ended_at is null order by created_at, seq`);
      return rows.map((row) => syncs.read(row));
    },
  };
}
