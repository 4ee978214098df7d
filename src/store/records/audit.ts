import type { AuditEvent, AuditFilter, AuditRecords, StoredAuditEvent } from '../../app/service/store.js';
import { StoreError } from '../../domain/store-error.js';
import type { Queryable, SqlValue } from '../sql/engine.js';
import { readPage } from './read-page.js';
import { defineTable, integer, oneOf, text, textOrNull } from './table.js';

const fields = {
  at: integer,
  actor: text,
  action: text,
  instance: textOrNull,
  target: textOrNull,
  outcome: oneOf('succeeded', 'failed', 'refused', 'unknown'),
  requestId: textOrNull,
  body: text,
};

const events = defineTable<AuditEvent>('audit_event', fields);
const storedEvents = defineTable<StoredAuditEvent>('audit_event', { id: integer, ...fields });

/** UTF-8 bytes of one event's body. */
const MAX_BODY_BYTES = 64 * 1024;
const BATCH = 200;

/** Append-only: the database itself refuses to change or delete an event. */
export function auditRecords(on: Queryable): AuditRecords {
  return {
    append: (appended) =>
      on.atomic(async (session) => {
        for (const { action, body } of appended)
          if (Buffer.byteLength(body) > MAX_BODY_BYTES)
            throw new StoreError('not_storable', `The body of an audit event (${action}) is longer than 64 kB.`);
        for (let from = 0; from < appended.length; from += BATCH) {
          const { sql, values } = events.insert(...appended.slice(from, from + BATCH));
          await session.query(sql, values);
        }
      }),
    list: (filter, page) =>
      readPage(
        on,
        {
          list: 'audit',
          table: 'audit_event',
          select: storedEvents.select(),
          keys: ['id'],
          where: conditionsOf(filter),
          read: (row) => storedEvents.read(row),
        },
        page,
      ),
  };
}

/** `since` is included, `until` is not. */
function conditionsOf(filter: AuditFilter): [string, SqlValue][] {
  const conditions: [string, SqlValue | undefined][] = [
    ['instance = $', filter.instance],
    ['actor = $', filter.actor],
    ['action = $', filter.action],
    ['outcome = $', filter.outcome],
    ['at >= $', filter.since],
    ['at < $', filter.until],
  ];
  return conditions.filter((condition): condition is [string, SqlValue] => condition[1] !== undefined);
}
