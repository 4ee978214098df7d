import type { DeliveryEntry, DeliveryRecords } from '../../app/service/store.js';
import type { Queryable } from '../sql/engine.js';
import { readPage } from './read-page.js';
import { defineTable, integer, text, textOrNull } from './table.js';

const deliveries = defineTable<DeliveryEntry>('delivery', {
  id: text,
  source: text,
  receivedAt: integer,
  event: text,
  revision: textOrNull,
});

export function deliveryRecords(on: Queryable): DeliveryRecords {
  return {
    async addOnce(delivery) {
      const { sql, values } = deliveries.insert(delivery);
      return (await on.query(`${sql} on conflict (id) do nothing returning id`, values)).length > 0;
    },
    list: (page) =>
      readPage(
        on,
        {
          list: 'deliveries',
          table: 'delivery',
          select: deliveries.select(),
          keys: ['received_at', 'seq'],
          where: [],
          read: (row) => deliveries.read(row),
        },
        page,
      ),
  };
}
