/** What the commands `serve` and `keys` work with, put together. */
import { userInfo } from 'node:os';
import type { ServiceHandle, StoreHandle } from './cli/index.js';
import { readSettings, type SettingsSource } from './cli-settings.js';
import { newId } from './new-id.js';

/** What a stopped service may leave open (sockets that a peer keeps) does not hold the process longer than this. */
const LEAVE_MS = 1000;

/** Throws `SettingsInvalid`, `StoreError`, `CannotListen`: nothing is left open then. */
export async function startService(source: SettingsSource): Promise<ServiceHandle> {
  const { settings } = await readSettings({ ...source, needsInstance: false });
  const { serve } = await import('./serve.js');
  const service = await serve({ settings, environment: source.environment });
  return {
    url: service.url,
    hasKeys: service.hasKeys,
    howToAddInstance: settings.howToAddInstance,
    async stop() {
      await service.stop();
      setTimeout(() => process.exit(), LEAVE_MS).unref();
    },
    cut: () => process.exit(1),
  };
}

/** The service's own store; throws `SettingsInvalid` and `StoreError`. */
export async function openServiceStore(source: SettingsSource): Promise<StoreHandle> {
  const { settings, warn } = await readSettings({ ...source, needsInstance: false });
  const { openStore } = await import('./store/index.js');
  const { databaseUrl, databaseFile } = settings.service;
  const store = await openStore({ url: databaseUrl?.reveal() ?? null, file: databaseFile, warn });
  return { store, user: osUser(), newId };
}

/** A container may run as a number that has no name. */
export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
