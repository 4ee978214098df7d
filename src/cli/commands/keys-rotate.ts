import { DEFAULT_OVERLAP_MS, rotateKey } from '../../app/service/keys.js';
import { showDuration } from '../../domain/plan/render-time.js';
import type { Deps, ExitCode } from '../deps.js';
import { instantOrNull, parseOverlap } from '../key-words.js';
import { findKey, withKeys } from '../with-keys.js';
import { tellNewKey } from './keys-create.js';

export interface KeysRotateOptions {
  readonly overlap?: string;
  readonly json?: boolean;
}

/** `keys rotate`: a new key in the place of another, which works on for a while. */
export async function keysRotateCommand(deps: Deps, text: string, options: KeysRotateOptions): Promise<ExitCode> {
  const { io } = deps;
  const overlapMs = options.overlap === undefined ? DEFAULT_OVERLAP_MS : parseOverlap(options.overlap);
  const { old, made } = await withKeys(deps, async (room) => {
    const found = await findKey(room, text);
    return { old: found, made: await rotateKey(room.deps, found.id, overlapMs, room.by) };
  });
  const left = made.oldExpiresAt - io.now();
  if (options.json !== true)
    io.stderr.write(
      `Key ${old.prefix} ${left > 0 ? `works for ${showDuration(left)} more` : 'opens nothing any more'}.\n`,
    );
  tellNewKey(io, made, options.json === true, { oldExpiresAt: instantOrNull(made.oldExpiresAt) });
  return 0;
}
