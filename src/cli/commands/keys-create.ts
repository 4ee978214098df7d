import { createFirstKey, createKey, KeyRefused, type KeyRequest, type NewKey } from '../../app/service/keys.js';
import {
  INSTANCE_PATTERN,
  parseScope,
  roleNames,
  scopesOfRole,
  showScope,
  verbs,
  type Role,
  type Scope,
} from '../../domain/access/scopes.js';
import { showDuration } from '../../domain/plan/render-time.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { keyJson, parseExpiry } from '../key-words.js';
import { withKeys, type KeyRoom } from '../with-keys.js';

export interface KeysCreateOptions {
  readonly role?: Role;
  readonly scope?: readonly string[];
  readonly instances?: readonly string[];
  readonly name?: string;
  readonly expires?: string;
  readonly json?: boolean;
}

/** `keys create`: the key itself goes to stdout alone, so that a script can catch it; it is written nowhere else. */
export async function keysCreateCommand(deps: Deps, options: KeysCreateOptions): Promise<ExitCode> {
  const { io } = deps;
  const wanted = toScopes(options);
  const name = checkName(options.name);
  const expiresAt = options.expires === undefined ? null : parseExpiry(options.expires, io.now());
  const made = await withKeys(deps, (room) => {
    const request = { name: name ?? `${options.role ?? 'key'} of ${room.user}`, expiresAt };
    return wanted === null
      ? makeFirst(room, { ...request, name: name ?? `first key of ${room.user}` })
      : make(room, { ...request, scopes: wanted });
  });
  tellNewKey(io, made, options.json === true);
  return 0;
}

/** The key on stdout, and what is to be known of it on stderr; with `asJson` all of it in one object on stdout. */
export function tellNewKey(io: Io, { key, secret }: NewKey, asJson: boolean, more: object = {}): void {
  if (asJson) {
    writeJson(io, { ...keyJson(key), secret, ...more });
    return;
  }
  const life = key.expiresAt === null ? 'does not expire' : `expires in ${showDuration(key.expiresAt - io.now())}`;
  io.stderr.write(
    `Made key ${key.prefix} ("${key.name}"; ${key.scopes.map(showScope).join(', ')}); it ${life}. It is shown this once:\n`,
  );
  io.stdout.write(`${secret}\n`);
}

const make = ({ deps, by }: KeyRoom, request: KeyRequest): Promise<NewKey> => createKey(deps, request, by);

async function makeFirst({ deps, by }: KeyRoom, request: Omit<KeyRequest, 'scopes'>): Promise<NewKey> {
  if (request.expiresAt !== null && (await deps.store.keys.list({ limit: 1, cursor: null })).items.length === 0)
    throw new CliError(
      'wrong_option',
      '--expires goes with --role or --scope: the first key may do everything and stays until it is revoked.',
    );
  try {
    return await createFirstKey(deps, request.name, by);
  } catch (error) {
    if (!(error instanceof KeyRefused)) throw error;
    throw new CliError(
      'role_missing',
      `There are keys already, so say what this one may do: --role ${roleNames.join(', ')}, or --scope 'acme-*:read'.`,
    );
  }
}

/** null: nothing was said, which will do for the first key alone. */
function toScopes({ role, scope, instances }: KeysCreateOptions): readonly Scope[] | null {
  if (role !== undefined && scope !== undefined)
    throw new CliError('wrong_option', '--role and --scope say the same twice: choose one.');
  if (role === undefined && instances !== undefined)
    throw new CliError('wrong_option', '--instances goes with --role; in --scope it stands before the colon.');
  if (scope !== undefined) return scope.map(toScope);
  return role === undefined ? null : (instances ?? ['*']).flatMap((pattern) => scopesOfRole(role, toPattern(pattern)));
}

function toScope(text: string): Scope {
  const parsed = parseScope(text);
  if (parsed !== null) return parsed;
  throw new CliError(
    'wrong_option',
    `--scope: "${text}" is none; write an instance pattern, a colon and a verb, such as acme-*:read. Verbs: ${verbs.join(', ')}.`,
  );
}

function toPattern(text: string): string {
  if (INSTANCE_PATTERN.test(text)) return text;
  throw new CliError('wrong_option', `--instances: "${text}" is no name of an instance, with * for any text.`);
}

function checkName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= 80 && !/[\p{Cc}\p{Cs}]/u.test(trimmed)) return trimmed;
  throw new CliError('wrong_option', '--name takes one line of at most 80 characters.');
}
