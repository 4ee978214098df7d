import { listKeys, type ListedKey } from '../../app/service/keys.js';
import { showScope } from '../../domain/access/scopes.js';
import type { Palette } from '../../domain/plan/render-palette.js';
import { showAgo } from '../../domain/plan/render-time.js';
import type { Deps, ExitCode } from '../deps.js';
import { writeJson, type Io } from '../io.js';
import { instantOrNull, keyJson } from '../key-words.js';
import { paletteFor } from '../palette.js';
import { renderTable, type Cell } from '../table.js';
import { withKeys, type KeyRoom } from '../with-keys.js';

export interface KeysListOptions {
  readonly json?: boolean;
}

const PAGE = 200;

/** `keys list`: every key, newest first, ended ones included. */
export async function keysListCommand(deps: Deps, options: KeysListOptions): Promise<ExitCode> {
  const keys = await withKeys(deps, readAll);
  if (options.json === true) writeJson(deps.io, { keys: keys.map(keyJson) });
  else if (keys.length === 0)
    deps.io.stdout.write('There is no key yet: "odoo-steward keys create" makes the first one.\n');
  else show(deps.io, keys);
  return 0;
}

async function readAll({ deps, by }: KeyRoom): Promise<readonly ListedKey[]> {
  const keys: ListedKey[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof listKeys>> = await listKeys(deps, { limit: PAGE, cursor }, by);
    keys.push(...page.items);
    if (page.nextCursor === null) return keys;
    cursor = page.nextCursor;
  }
}

function show(io: Io, keys: readonly ListedKey[]): void {
  const palette = paletteFor(io.stdout);
  const now = io.now();
  const rows = keys.map((key): Cell[] => [
    { text: key.prefix, paint: palette.bold },
    { text: key.name },
    { text: key.scopes.map(showScope).join(', ') },
    { text: `${ago(key.createdAt, now)} by ${key.createdBy}` },
    { text: key.lastUsedAt === null ? 'never' : ago(key.lastUsedAt, now) },
    stateOf(key, now, palette),
  ]);
  io.stdout.write(renderTable(['KEY', 'NAME', 'MAY', 'MADE', 'LAST USED', 'STATE'], rows, palette.bold));
}

function stateOf({ revokedAt, expiresAt }: ListedKey, now: number, palette: Palette): Cell {
  if (revokedAt !== null) return { text: `revoked ${ago(revokedAt, now)}`, paint: palette.dim };
  if (expiresAt === null) return { text: 'valid' };
  if (expiresAt <= now) return { text: `expired ${ago(expiresAt, now)}`, paint: palette.dim };
  return { text: `valid, expires ${ago(expiresAt, now)}` };
}

const ago = (at: number, now: number): string => showAgo(instantOrNull(at) ?? '', now);
