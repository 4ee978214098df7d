import type { PlanEntry, PlanRecords } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';
import { readPage } from './read-page.js';
import { defineTable, integer, integerOrNull, oneOf, text, textOrNull } from './table.js';

const plans = defineTable<PlanEntry>('plan', {
  id: text,
  instance: text,
  status: oneOf('running', 'ready', 'failed'),
  createdAt: integer,
  createdBy: text,
  endedAt: integerOrNull,
  ref: textOrNull,
  revision: textOrNull,
  digest: textOrNull,
  body: textOrNull,
});

export function planRecords(on: Queryable): PlanRecords {
  return {
    async add(plan) {
      const { sql, values } = plans.insert(plan);
      await on.query(sql, values);
    },
    async end(id, { status, endedAt, revision, digest, body }) {
      const ended = await on.query(
        `update plan set status = $2, ended_at = $3, revision = $4, digest = $5, body = $6
         where id = $1 and status = 'running' returning id`,
        [id, status, endedAt, revision, digest, body],
      );
      return ended.length > 0;
    },
    async endStale(createdBefore, { endedAt, body }) {
      const ended = await on.query(
        `update plan set status = 'failed', ended_at = $2, body = $3
         where status = 'running' and created_at < $1 returning id`,
        [createdBefore, endedAt, body],
      );
      return ended.length;
    },
    async get(id) {
      const [row] = await on.query(`select ${plans.select()} from plan where id = $1`, [id]);
      return row === undefined ? null : plans.read(row);
    },
    list: (instance, page) =>
      readPage(
        on,
        {
          list: 'plans',
          table: 'plan',
          select: plans.select({ body: 'null' }),
          keys: ['created_at', 'seq'],
          where: [['instance = $', instance]],
          read: (row) => plans.read(row),
        },
        page,
      ),
  };
}
