import { bootstrap, type BootstrapReport } from '../../app/bootstrap.js';
import type { RoleName } from '../../domain/access-roles.js';
import { showSafeLine } from '../../domain/plan/render-safe.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { CliError } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import { withProgress } from '../progress.js';
import type { InstanceCard } from '../workspace.js';

export interface BootstrapOptions {
  readonly rotate?: readonly RoleName[];
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `bootstrap`: makes the groups, users and keys with the least rights, and names rights that are too many. */
export async function bootstrapCommand(
  { io, workspace }: Deps,
  name: string | undefined,
  options: BootstrapOptions,
): Promise<ExitCode> {
  if (options.yes !== true && (io.ask === null || options.json === true))
    throw new CliError(
      'yes_missing',
      'Users and keys are made in Odoo, and nobody can be asked here: add --yes to this command.',
    );
  const space = await workspace();
  const card = chooseInstance(space, name);
  if (options.yes !== true) {
    const answer = await io.ask?.(
      `Make two groups, two users and their API keys in ${card.name} (${card.url})? What is there already stays. Only "yes" is accepted: `,
    );
    if (answer?.trim() !== 'yes') throw new CliError('declined', 'Nothing was made.');
  }
  const session = await space.open(card.name, 'sync');
  try {
    const { access } = session;
    if (access === null) throw new CliError('not_available', 'This build cannot make users in Odoo.');
    const credentials = (['run', 'monitor'] as const).flatMap((role) =>
      card.credentials[role].isFallback || card.credentials[role].login === ''
        ? []
        : [{ role, login: card.credentials[role].login }],
    );
    const report = await withProgress(io, `Preparing ${card.name}`, () =>
      bootstrap({ access }, { rotate: options.rotate ?? [], credentials }),
    );
    if (options.json === true)
      writeJson(io, {
        instance: card.name,
        roles: report.roles.map(({ role, ...rest }) => ({ role: role.name, login: role.login, ...rest })),
        excess: report.excess,
      });
    else show(io, card, report);
    return 0;
  } finally {
    session.close();
  }
}

function show(io: Io, card: InstanceCard, { roles, excess }: BootstrapReport): void {
  const palette = paletteFor(io.stdout);
  for (const { role, group, user, key } of roles) {
    const made = (one: { created: boolean }): string => (one.created ? palette.add('made') : 'was there');
    io.stdout.write(
      `${palette.bold(role.name)}: group ${group.externalId} ${made(group)}, user ${role.login} ${made(user)}\n`,
    );
    if (key === null) continue;
    const valid = key.validDays === null ? 'does not expire' : `valid for ${key.validDays} days`;
    io.stdout.write(`  API key, shown this once (${valid}): ${key.key}\n`);
  }
  if (roles.some(({ key }) => key !== null)) {
    const prefix = card.name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
    io.stdout.write(
      `\nPut the keys into .env and name them under the credentials of ${card.name} in instances.yaml:\n`,
    );
    for (const { role } of roles)
      io.stdout.write(
        `  ${role.name}: { login: ${role.login}, api_key: "\${${prefix}_${role.name.toUpperCase()}_KEY}" }\n`,
      );
  }
  for (const { login, role, powerful, others } of excess) {
    const paint = powerful.length > 0 ? palette.error : palette.warning;
    io.stdout.write(
      `${paint('more rights than needed:')} ${showSafeLine(login)} (${role}) is in ${showSafeLine([...powerful, ...others].join(', '))}\n`,
    );
  }
}
