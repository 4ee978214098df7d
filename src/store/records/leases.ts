import type { Lease, LeaseRecords } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';
import { defineTable, integer, text } from './table.js';

const leases = defineTable<Lease>('lease', { name: text, holder: text, fence: integer, until: integer });

/**
 * A lease's row stays for ever, so that its fence never counts down. Renewing inside a transaction locks the row until
 * the end: what is written after it is written by the holder, or not at all.
 */
export function leaseRecords(on: Queryable): LeaseRecords {
  return {
    async take(name, holder, ttlMs) {
      const [row] = await on.query(
        `insert into lease (name, holder, fence, until) values ($1, $2, 1, {NOW} + $3)
         on conflict (name) do update set
           fence = case when lease.holder = excluded.holder then lease.fence else lease.fence + 1 end,
           holder = excluded.holder, until = {NOW} + $3
         where lease.holder = excluded.holder or lease.until <= {NOW}
         returning ${leases.select()}`,
        [name, holder, ttlMs],
      );
      return row === undefined ? null : leases.read(row);
    },
    async renew({ name, holder, fence }, ttlMs) {
      const renewed = await on.query(
        `update lease set until = {NOW} + $4
         where name = $1 and holder = $2 and fence = $3 and until > {NOW} returning name`,
        [name, holder, fence, ttlMs],
      );
      return renewed.length > 0;
    },
    async release({ name, holder, fence }) {
      // No holder has an empty name: whoever takes it next is another one, and gets a new fence.
      await on.query(
        `update lease set holder = '', until = 0 where name = $1 and holder = $2 and fence = $3 returning name`,
        [name, holder, fence],
      );
    },
    async holder(name) {
      const [row] = await on.query(`select ${leases.select()} from lease where name = $1 and until > {NOW}`, [name]);
      return row === undefined ? null : leases.read(row);
    },
  };
}
