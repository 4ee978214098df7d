import { AsyncLocalStorage } from 'node:async_hooks';
import type { Engine } from './engine.js';

/**
 * Refuses to use the engine itself from inside one of its transactions: on SQLite that would wait for its own end for
 * ever, on PostgreSQL it would run outside of the transaction, unseen.
 */
export function refuseNesting(engine: Engine): Engine {
  const inside = new AsyncLocalStorage<{ isOpen: boolean }>();
  const requireOutside = () => {
    if (inside.getStore()?.isOpen) throw new Error('Inside a transaction, use the records that it hands over.');
  };
  return {
    dialect: engine.dialect,
    async query(sql, values) {
      requireOutside();
      return engine.query(sql, values);
    },
    async atomic(work) {
      requireOutside();
      const scope = { isOpen: true };
      try {
        return await engine.atomic((session) => inside.run(scope, () => work(session)));
      } finally {
        scope.isOpen = false;
      }
    },
    close: () => engine.close(),
  };
}
