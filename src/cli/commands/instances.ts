import { judgeIdentity } from '../../domain/plan/identity.js';
import { showSafeLine } from '../../domain/plan/render-safe.js';
import { showAgo } from '../../domain/plan/render-time.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError, toFailure } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import { withProgress } from '../progress.js';
import { renderTable, type Cell } from '../table.js';
import type { Contact, CredentialRole, InstanceCard, Session, Workspace } from '../workspace.js';
import { errorJson } from './drift.js';

export interface InstancesOptions {
  readonly check?: boolean;
  readonly bind?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `instances`: what is configured, whether it can be reached, and the clone guard's binding. */
export async function instancesCommand({ io, workspace }: Deps, options: InstancesOptions): Promise<ExitCode> {
  const space = await workspace();
  if (options.bind !== undefined) return bindInstance(io, space, options.bind, options);
  const checks = options.check === true ? await checkAll(io, space) : null;
  if (options.json === true)
    writeJson(io, {
      from: space.instancesFrom,
      instances: space.instances.map((card) => ({ ...card, check: checks?.get(card.name) })),
    });
  else show(io, space, checks);
  return [...(checks?.values() ?? [])].every((check) => check.ok) ? 0 : 1;
}

type Check =
  | { readonly ok: true; readonly contacts: Readonly<Record<CredentialRole, Contact>>; readonly identity: string }
  | { readonly ok: false; readonly error: ReturnType<typeof errorJson> };

async function checkAll(io: Io, space: Workspace): Promise<ReadonlyMap<string, Check>> {
  const checks = await withProgress(io, 'Asking every instance', () =>
    Promise.all(space.instances.map(async (card) => [card.name, await check(space, card)] as const)),
  );
  return new Map(checks);
}

async function check(space: Workspace, card: InstanceCard): Promise<Check> {
  try {
    const sync = await withSession(space, card, 'sync', async (session) => {
      const { binding, identity } = await readIdentity(session);
      const verdict = judgeIdentity(binding, identity, card.url);
      const words = { unbound: 'not bound yet', same: 'the database that it is bound to', copy: 'a copy' }[
        verdict.kind
      ];
      return {
        contact: await session.contact(),
        identity: verdict.kind === 'copy' ? `${words}: ${verdict.reasons.join('; ')}` : words,
      };
    });
    const other = async (role: 'run' | 'monitor'): Promise<Contact> =>
      card.credentials[role].isFallback ? sync.contact : withSession(space, card, role, (session) => session.contact());
    const contacts = { sync: sync.contact, run: await other('run'), monitor: await other('monitor') };
    return { ok: true, contacts, identity: sync.identity };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'defect') throw error;
    return { ok: false, error: errorJson(failure) };
  }
}

async function withSession<T>(
  space: Workspace,
  card: InstanceCard,
  role: CredentialRole,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await space.open(card.name, role);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** No record is asked for: what identifies the database comes along with every read. */
const readIdentity = (session: Session) =>
  session.reader.read({ namespace: 'odoo_steward', references: [], secretDigests: new Map() });

function show(io: Io, space: Workspace, checks: ReadonlyMap<string, Check> | null): void {
  const palette = paletteFor(io.stdout);
  const rows = space.instances.map((card): Cell[] => [
    { text: card.name, paint: palette.bold },
    { text: card.url },
    { text: card.database },
    { text: card.environment ?? '-' },
    { text: card.definitions ?? '-' },
    ...(checks === null ? [] : [checkCell(checks.get(card.name), palette)]),
  ]);
  const head = ['INSTANCE', 'URL', 'DATABASE', 'ENVIRONMENT', 'DEFINITIONS', ...(checks === null ? [] : ['CHECK'])];
  io.stdout.write(renderTable(head, rows, palette.bold));
  for (const card of space.instances) {
    for (const warning of otherLogins(card, checks?.get(card.name)))
      io.stderr.write(`${palette.warning('warning:')} ${card.name}: ${warning}\n`);
    const missing = (['run', 'monitor'] as const).filter((role) => card.credentials[role].isFallback);
    if (missing.length > 0) {
      io.stderr.write(
        `${palette.warning('warning:')} ${card.name}: ${missing.join(' and ')} ${missing.length === 1 ? 'uses' : 'use'} the sync credential, which has every right; "odoo-steward bootstrap ${card.name}" makes better ones.\n`,
      );
    }
  }
}

/** With JSON-2 a wrong login goes unnoticed, and work is done as somebody else than the settings say. */
function otherLogins(card: InstanceCard, check: Check | undefined): string[] {
  if (check?.ok !== true) return [];
  return (['sync', 'run', 'monitor'] as const).flatMap((role) => {
    const { login, isFallback } = card.credentials[role];
    const contact = check.contacts[role];
    if (isFallback || login === '' || contact.protocol !== 'json2' || contact.login === login) return [];
    return [
      `the key of ${role} belongs to ${showSafeLine(contact.login)}, not to ${showSafeLine(login)}; JSON-2 goes by the key alone, so mend the login or the key.`,
    ];
  });
}

function checkCell(check: Check | undefined, palette: ReturnType<typeof paletteFor>): Cell {
  if (check === undefined) return { text: '' };
  if (!check.ok) return { text: check.error.message, paint: palette.error };
  const { serie, protocol } = check.contacts.sync;
  const copy = check.identity.startsWith('a copy');
  return { text: `Odoo ${serie} over ${protocol}; ${check.identity}`, paint: copy ? palette.warning : palette.add };
}

/** The clone guard's way out: only a person says that this database is the one that is meant. */
async function bindInstance(io: Io, space: Workspace, name: string, options: InstancesOptions): Promise<ExitCode> {
  const card = chooseInstance(space, name);
  if (options.yes !== true && (io.ask === null || options.json === true))
    throw new CliError(
      'yes_missing',
      'Binding is a decision, and nobody can be asked here: look at "odoo-steward instances --check", then add --yes to this command.',
    );
  return withSession(space, card, 'sync', async (session): Promise<ExitCode> => {
    const { binding, identity } = await withProgress(io, `Reading ${name}`, () => readIdentity(session));
    const verdict = judgeIdentity(binding, identity, card.url);
    if (identity.neutralized)
      throw new CliError(
        'database_neutralized',
        'This database is neutralized, so it is a copy for tests: remove the parameter database.is_neutralized there if it is meant for real.',
      );
    if (verdict.kind === 'same') {
      if (options.json === true) writeJson(io, { instance: name, bound: false, identity });
      else io.stdout.write(`${name} is bound to this database already.\n`);
      return 0;
    }
    if (options.yes !== true) {
      io.stdout.write(
        `${name} is database "${identity.database}" at ${identity.baseUrl ?? card.url} (UUID ${identity.uuid}).\n${binding === null ? 'It is not bound yet.' : `It was bound ${showAgo(binding.boundAt, io.now())} to "${binding.database}" at ${binding.baseUrl ?? '?'} (UUID ${binding.uuid}).`}\n`,
      );
      const answer = await io.ask?.(
        'Plans will switch schedules on here, and actions can be run. Bind it? Only "yes" is accepted: ',
      );
      if (answer?.trim() !== 'yes') throw new CliError('declined', 'Nothing was bound.');
    }
    const { uuid, database, baseUrl } = identity;
    await session.writer.bind({ uuid, database, baseUrl, boundAt: new Date(io.now()).toISOString() });
    if (options.json === true) writeJson(io, { instance: name, bound: true, identity });
    else io.stdout.write(`Bound ${name} to "${database}".\n`);
    return 0;
  });
}
