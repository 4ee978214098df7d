import { revokeKey } from '../../app/service/keys.js';
import type { Deps, ExitCode } from '../deps.js';
import { writeJson } from '../io.js';
import { findKey, withKeys } from '../with-keys.js';

export interface KeysRevokeOptions {
  readonly json?: boolean;
}

/** `keys revoke`: at once and for good; again changes nothing. */
export async function keysRevokeCommand(deps: Deps, text: string, options: KeysRevokeOptions): Promise<ExitCode> {
  const key = await withKeys(deps, async (room) => {
    const found = await findKey(room, text);
    await revokeKey(room.deps, found.id, room.by);
    return found;
  });
  if (options.json === true) writeJson(deps.io, { revoked: { id: key.id, prefix: key.prefix, name: key.name } });
  else if (key.revokedAt === null) deps.io.stdout.write(`Revoked key ${key.prefix} ("${key.name}").\n`);
  else deps.io.stdout.write(`Key ${key.prefix} ("${key.name}") was revoked before.\n`);
  return 0;
}
