import type { Command } from 'commander';
import { Option } from 'commander';
import { roleNames } from '../domain/access/scopes.js';
import { after, collect, json, type CommandHelp } from './command-help.js';
import type { KeysCreateOptions } from './commands/keys-create.js';
import type { KeysListOptions } from './commands/keys-list.js';
import type { KeysRevokeOptions } from './commands/keys-revoke.js';
import type { KeysRotateOptions } from './commands/keys-rotate.js';
import type { Deps, ExitCode } from './deps.js';

/** The commands that run the service, and let people and programs into it. */
export function declareServiceCommands(program: Command, deps: Deps, finish: (code: ExitCode) => void): void {
  program
    .command('serve')
    .summary('run the service: API, syncs, drift checks')
    .description(
      'Runs the service until Ctrl-C or SIGTERM: the API with its documentation page, webhooks, syncs and drift checks. It starts without any instance, too, and then says how to add one. The first signal lets what is under way come to its end; a second one stops at once.',
    )
    .addHelpText(
      'after',
      after({
        examples: ['odoo-steward serve', 'STEWARD_LISTEN=127.0.0.1:8080 odoo-steward serve'],
        exits: { 0: 'stopped in good order', 1: 'did not start, or was stopped at once' },
      }),
    )
    .action(async () => {
      finish(await (await import('./commands/serve.js')).serveCommand(deps));
    });

  declareKeys(
    program
      .command('keys')
      .summary('make, list, rotate and revoke API keys')
      .description(
        'API keys of the service. It works on what the service keeps (DATABASE_URL, else SQLite in STEWARD_STATE), whether it runs or not: whoever may open that owns it. All of it stands in the audit log.',
      )
      .addHelpText(
        'after',
        after({
          examples: [
            'odoo-steward keys create',
            'odoo-steward keys create --role deployer --instances "acme-*" --name ci',
            'odoo-steward keys list',
          ],
          exits: { 0: 'done', 1: 'failed' },
        }),
      ),
    deps,
    finish,
  );
}

function declareKeys(keys: Command, deps: Deps, finish: (code: ExitCode) => void): void {
  const command = (usage: string, summary: string, description: string, help: CommandHelp): Command =>
    keys.command(usage).summary(summary).description(description).addHelpText('after', after(help));

  command(
    'create',
    'make a key',
    'Makes a key and prints it on stdout, this once; what it may do goes to stderr. The first key of all needs no option and may do everything. A role is a usual set of verbs: viewer (read), support (read, run), deployer (read, plan, apply, sync, drift:accept, audit), admin (everything).',
    {
      examples: [
        'odoo-steward keys create',
        'odoo-steward keys create --role deployer --instances "acme-*" --name ci --expires 90d',
        `odoo-steward keys create --scope '*:read' --scope 'acme-staging:apply'`,
      ],
      exits: { 0: 'made', 1: 'failed' },
    },
  )
    .addOption(new Option('--role <role>', 'usual set of verbs').choices(roleNames))
    .option('--scope <scope>', 'one right: an instance pattern, a colon, a verb (repeatable)', collect)
    .option('--instances <pattern>', 'with --role: instances, with * for any text (repeatable); default: all', collect)
    .option('--name <text>', 'who or what uses it')
    .option('--expires <time>', 'when it ends: a duration such as 90d or 12h, or a day such as 2027-01-31')
    .addOption(json())
    .action(async (options: KeysCreateOptions) => {
      finish(await (await import('./commands/keys-create.js')).keysCreateCommand(deps, options));
    });

  command(
    'list',
    'list the keys',
    'Lists the keys, newest first, ended ones included: what each may do, when it was last used (to the minute), and when it ends. No key itself is kept, so none is shown.',
    { examples: ['odoo-steward keys list'], exits: { 0: 'listed', 1: 'failed' } },
  )
    .addOption(json())
    .action(async (options: KeysListOptions) => {
      finish(await (await import('./commands/keys-list.js')).keysListCommand(deps, options));
    });

  command(
    'rotate',
    'make a new key in the place of another',
    'Makes a new key with the rights and the length of life of another one, and prints it on stdout, this once. The old one works on for a while, so that whoever uses it can change over.',
    {
      examples: ['odoo-steward keys rotate ab12cd34', 'odoo-steward keys rotate ab12cd34 --overlap 0'],
      exits: { 0: 'made', 1: 'failed' },
    },
  )
    .argument('<key>', KEY)
    .option('--overlap <time>', 'how long the old one works on: a duration such as 1h, or 0; default: 24h')
    .addOption(json())
    .action(async (key: string, options: KeysRotateOptions) => {
      finish(await (await import('./commands/keys-rotate.js')).keysRotateCommand(deps, key, options));
    });

  command('revoke', 'end a key', 'Ends a key at once and for good. A key that was revoked before stays so.', {
    examples: ['odoo-steward keys revoke ab12cd34'],
    exits: { 0: 'it opens nothing any more', 1: 'failed' },
  })
    .argument('<key>', KEY)
    .addOption(json())
    .action(async (key: string, options: KeysRevokeOptions) => {
      finish(await (await import('./commands/keys-revoke.js')).keysRevokeCommand(deps, key, options));
    });
}

const KEY = 'ID of the key, or its prefix (the 8 characters after osk_)';
