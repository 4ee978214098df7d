import type { KeyEntry, KeyRecords } from '../../app/service/store.js';
import type { Queryable, SqlValue } from '../sql/engine.js';
import { readPage } from './read-page.js';
import { defineTable, integer, integerOrNull, text, textOrNull } from './table.js';

const keys = defineTable<KeyEntry>('api_key', {
  id: text,
  prefix: text,
  hash: text,
  name: text,
  scopes: text,
  createdAt: integer,
  createdBy: text,
  expiresAt: integerOrNull,
  lastUsedAt: integerOrNull,
  revokedAt: integerOrNull,
  replaces: textOrNull,
});

export function keyRecords(on: Queryable): KeyRecords {
  const find = async (condition: string, value: SqlValue): Promise<KeyEntry | null> => {
    const [row] = await on.query(`select ${keys.select()} from api_key where ${condition}`, [value]);
    return row === undefined ? null : keys.read(row);
  };
  const change = async (sql: string, values: readonly SqlValue[]): Promise<boolean> =>
    (await on.query(`update api_key set ${sql} returning id`, values)).length > 0;
  return {
    async add(key) {
      const { sql, values } = keys.insert(key);
      await on.query(sql, values);
    },
    byPrefix: (prefix) => find('prefix = $1', prefix),
    get: (id) => find('id = $1', id),
    list: (page) =>
      readPage(
        on,
        {
          list: 'keys',
          table: 'api_key',
          select: keys.select(),
          keys: ['created_at', 'seq'],
          where: [],
          read: (row) => keys.read(row),
        },
        page,
      ),
    expire: (id, at) => change('expires_at = $2 where id = $1 and (expires_at is null or expires_at > $2)', [id, at]),
    revoke: (id, at) => change('revoked_at = $2 where id = $1 and revoked_at is null', [id, at]),
    async used(id, at) {
      await change('last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)', [id, at]);
    },
    async count() {
      const [row] = await on.query('select count(*) as n from api_key');
      return integer(row?.['n'], 'api_key');
    },
  };
}
