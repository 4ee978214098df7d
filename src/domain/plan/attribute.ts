import type { Moved } from './change.js';
import { fieldDigest } from './stamp.js';
import type { Value } from './values.js';

/**
 * Three-way comparison of one field that differs: against what we last applied, did the definition move, the live
 * record, or both? Without that memory: unknown.
 */
export function whoMoved(desired: Value | undefined, live: Value | undefined, applied: string | undefined): Moved {
  if (applied === undefined) return 'unknown';
  const gitMoved = fieldDigest(desired) !== applied;
  const liveMoved = fieldDigest(live) !== applied;
  if (gitMoved && liveMoved) return 'both';
  return gitMoved ? 'git' : 'live';
}
