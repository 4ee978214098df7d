import type { AcceptedDrift, DriftRecords } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';
import { defineTable, integer, integerOrNull, oneOf, text } from './table.js';

const accepted = defineTable<AcceptedDrift>('accepted_drift', {
  id: text,
  instance: text,
  object: oneOf('server_action', 'scheduled_action'),
  externalId: text,
  field: text,
  liveDigest: text,
  reason: text,
  acceptedBy: text,
  acceptedAt: integer,
  until: integer,
  endedAt: integerOrNull,
});

export function driftRecords(on: Queryable): DriftRecords {
  return {
    async accept(drift) {
      const { sql, values } = accepted.insert(drift);
      await on.query(sql, values);
    },
    async accepted(instance, now) {
      const rows = await on.query(
        `select ${accepted.select()} from accepted_drift
         where instance = $1 and ended_at is null and until > $2 order by accepted_at, seq`,
        [instance, now],
      );
      return rows.map((row) => accepted.read(row));
    },
    async end(id, endedAt) {
      const ended = await on.query(
        'update accepted_drift set ended_at = $2 where id = $1 and ended_at is null returning id',
        [id, endedAt],
      );
      return ended.length > 0;
    },
  };
}
