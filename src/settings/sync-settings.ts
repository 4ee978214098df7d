import { parseDuration } from '../domain/definitions/interval.js';
import { parseWindowTimes } from '../domain/sync/parse-window.js';
import type { SyncWindow } from '../domain/sync/windows.js';
import type { SyncSettings } from './settings.js';
import { isOff, type WrittenSync } from './written-sync.js';

const POLL_MS = 5 * 60_000;
const CHECK_DRIFT_MS = 15 * 60_000;

/**
 * What an instance says goes before the defaults, key by key. Windows are one key: an instance's own replace those of
 * the defaults as a whole; those that name no zone are in the instance's.
 */
export function toSync(own: WrittenSync = {}, defaults: WrittenSync = {}): SyncSettings {
  const { policy = 'manual', poll, check_drift, timezone = 'UTC', windows = [] } = { ...defaults, ...withoutGaps(own) };
  return {
    rules: { policy, windows: windows.map((window) => toWindow(window, timezone)) },
    pollMs: toMilliseconds(poll, POLL_MS),
    checkDriftMs: toMilliseconds(check_drift, CHECK_DRIFT_MS),
  };
}

/** `{...}` would let what is undefined win. */
const withoutGaps = (written: WrittenSync): WrittenSync =>
  Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));

function toMilliseconds(written: string | number | undefined, whenSilent: number): number | null {
  if (written === undefined) return whenSilent;
  return isOff(written) ? null : (parseDuration(String(written)) ?? 0) * 1000;
}

function toWindow(
  { allow, deny, timezone }: NonNullable<WrittenSync['windows']>[number],
  zoneBeside: string,
): SyncWindow {
  const parsed = parseWindowTimes(deny ?? allow ?? '');
  // The schema has read it already.
  if ('mistake' in parsed) throw new Error(parsed.mistake);
  return { kind: deny === undefined ? 'allow' : 'deny', ...parsed.times, timezone: timezone ?? zoneBeside };
}
