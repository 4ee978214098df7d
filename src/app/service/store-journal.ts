import { ApplyRefused } from '../apply-refused.js';
import type { ApplyJournal } from '../ports.js';
import type { ServiceDeps } from './deps.js';
import type { HeldLease } from './leases.js';

/**
 * How far an apply of the service got, in its store: each batch as soon as Odoo confirmed it. Its end is written by the
 * use case, together with the audit event.
 */
export function storeJournal(
  { store, now }: Pick<ServiceDeps, 'store' | 'now'>,
  id: string,
  lease: Pick<HeldLease, 'stillHeld'>,
  revision: string | null,
): ApplyJournal {
  return {
    async begin({ total }) {
      const begun = (await lease.stillHeld()) && (await store.applies.start(id, { startedAt: now(), total, revision }));
      if (!begun) throw new ApplyRefused('apply_running', 'Another process took over this apply: nothing was written.');
      return {
        wrote: (results) => store.applies.addResults(id, results),
        end: () => Promise.resolve(),
      };
    },
    interrupted: () => Promise.resolve(null),
  };
}
