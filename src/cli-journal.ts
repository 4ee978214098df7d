/** The journal of the command line's applies, on the store that the settings name: the service's own. */
import { existsSync } from 'node:fs';
import type { Store } from './app/service/store.js';
import type { CliJournal } from './app/service/cli-journal.js';
import { osUser } from './cli-service.js';
import { newId } from './new-id.js';
import type { Settings } from './settings/index.js';

const LEASE_MS = 15_000;

/** Nothing is loaded, and no store opened, before a command asks. */
export function createStoredJournal(settings: Settings, warn: (message: string) => void): CliJournal {
  const { databaseUrl, databaseFile } = settings.service;
  const openStore = async (): Promise<Store> => {
    const store = await import('./store/index.js');
    return store.openStore({ url: databaseUrl?.reveal() ?? null, file: databaseFile, warn });
  };
  let journal: Promise<CliJournal> | null = null;
  const load = (): Promise<CliJournal> => (journal ??= create(openStore, warn));
  return {
    begin: async (entry) => (await load()).begin(entry),
    // A plan makes no database where nothing was ever applied.
    interrupted: async (instance) =>
      databaseUrl === null && !existsSync(databaseFile) ? null : (await load()).interrupted(instance),
    stillHeld: async () => journal === null || (await journal).stillHeld(),
  };
}

async function create(openStore: () => Promise<Store>, warn: (message: string) => void): Promise<CliJournal> {
  const [{ createCliJournal }, names] = await Promise.all([
    import('./app/service/cli-journal.js'),
    import('./process-name.js'),
  ]);
  return createCliJournal({
    openStore,
    now: Date.now,
    newId,
    holder: names.nameThisProcess,
    isGone: names.hasEnded,
    showHolder: names.showProcess,
    leaseMs: LEASE_MS,
    actor: { actor: `cli:${osUser()}`, requestId: null },
    warn,
  });
}
