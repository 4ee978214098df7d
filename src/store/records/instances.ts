import type { InstanceRecords, InstanceState } from '../../app/service/store.js';
import type { Queryable, SqlValue } from '../sql/engine.js';
import { columnOf, defineTable, integer, integerOrNull, text, textOrNull } from './table.js';

const states = defineTable<InstanceState>('instance_state', {
  instance: text,
  version: integer,
  pinnedRevision: textOrNull,
  pinnedBy: textOrNull,
  pinnedAt: integerOrNull,
  pinReason: textOrNull,
  seenRevision: textOrNull,
  seenAt: integerOrNull,
  appliedRevision: textOrNull,
  appliedAt: integerOrNull,
  checkedAt: integerOrNull,
});

type Fields = Omit<InstanceState, 'instance' | 'version'>;

const unknown: Fields = {
  pinnedRevision: null,
  pinnedBy: null,
  pinnedAt: null,
  pinReason: null,
  seenRevision: null,
  seenAt: null,
  appliedRevision: null,
  appliedAt: null,
  checkedAt: null,
};

const names = [...(Object.keys(unknown) as (keyof Fields)[]), 'lastCheck'] as const;

export function instanceRecords(on: Queryable): InstanceRecords {
  return {
    async get(instance) {
      const [row] = await on.query(`select ${states.select()} from instance_state where instance = $1`, [instance]);
      return row === undefined ? { instance, version: 0, ...unknown } : states.read(row);
    },
    async lastCheck(instance) {
      const [row] = await on.query('select last_check from instance_state where instance = $1', [instance]);
      return row === undefined ? null : textOrNull(row['last_check'], 'last_check');
    },
    async change(instance, fields, ifVersion) {
      const given = names.flatMap((name): [string, SqlValue][] => {
        const value = fields[name];
        return value === undefined ? [] : [[columnOf(name), value]];
      });
      if (ifVersion !== undefined && ifVersion > 0) return update(on, instance, given, ifVersion);
      const columns = given.map(([column]) => column);
      const changed = await on.query(
        `insert into instance_state (${['instance', 'version', ...columns].join(', ')})
         values (${['$1', '1', ...columns.map((_, index) => `$${index + 2}`)].join(', ')})
         on conflict (instance) ${ifVersion === 0 ? 'do nothing' : `do update set ${replace(columns)}`} returning version`,
        [instance, ...given.map(([, value]) => value)],
      );
      return changed.length > 0;
    },
  };
}

function replace(columns: readonly string[]): string {
  const set = columns.map((column) => `${column} = excluded.${column}`);
  return ['version = instance_state.version + 1', ...set].join(', ');
}

async function update(
  on: Queryable,
  instance: string,
  given: readonly (readonly [column: string, value: SqlValue])[],
  ifVersion: number,
): Promise<boolean> {
  const set = ['version = version + 1', ...given.map(([column], index) => `${column} = $${index + 3}`)];
  const changed = await on.query(
    `update instance_state set ${set.join(', ')} where instance = $1 and version = $2 returning version`,
    [instance, ifVersion, ...given.map(([, value]) => value)],
  );
  return changed.length > 0;
}
