import { Command, Option } from 'commander';
import {
  after,
  collect,
  collectOneOf,
  digest,
  full,
  INSTANCE,
  json,
  prune,
  reactivate,
  yes,
  type CommandHelp,
} from './command-help.js';
import type { ApplyCommandOptions } from './commands/apply.js';
import type { BootstrapOptions } from './commands/bootstrap.js';
import type { CronsOptions } from './commands/crons.js';
import type { DriftOptions } from './commands/drift.js';
import type { ExportOptions } from './commands/export.js';
import type { InstancesOptions } from './commands/instances.js';
import type { PlanCommandOptions } from './commands/plan.js';
import type { RunCommandOptions } from './commands/run.js';
import type { ValidateOptions } from './commands/validate.js';
import { declareServiceCommands } from './declare-service.js';
import type { Deps, ExitCode } from './deps.js';

type Name = string | undefined;

/**
 * Every command is declared here, and loaded when it is called. `finish` is told the exit code. The descriptions are
 * the manual: docs/command-line.md is made of them.
 */
export function buildProgram(deps: Deps, version: string, finish: (code: ExitCode) => void): Command {
  const program = new Command('odoo-steward')
    .description('Keeps Odoo server actions and scheduled actions in git: plan, apply, drift, run, watch, serve.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText('after', GENERAL_HELP);

  const command = (name: string, summary: string, description: string, help: CommandHelp): Command =>
    program.command(name).summary(summary).description(description).addHelpText('after', after(help));

  command(
    'validate',
    'find every mistake in the definitions',
    'Finds every mistake in the definitions, Python included, each with its place. No Odoo is asked.',
    {
      examples: ['odoo-steward validate --source ./definitions --odoo-version 19.0'],
      exits: { 0: 'no mistake', 1: 'mistakes, or the definitions cannot be read' },
    },
  )
    .option('--source <folder>', 'folder that holds steward.yaml; default: what the settings name')
    .option('--environment <name>', 'target environment whose variables are filled in')
    .option('--odoo-version <version>', 'check Python as this version of Odoo has it, such as 19.0')
    .addOption(json())
    .action(async (options: ValidateOptions) => {
      finish(await (await import('./commands/validate.js')).validateCommand(deps, options));
    });

  command(
    'plan',
    'show what apply would change',
    'Shows what apply would change, and which side moved each field: git, Odoo, or both. Writes nothing to Odoo.',
    {
      examples: ['odoo-steward plan', 'odoo-steward plan production --out plan.md'],
      exits: { 0: 'nothing to change', 2: 'changes', 1: 'failed, or the plan cannot be applied' },
    },
  )
    .argument('[instance]', INSTANCE)
    .addOption(prune())
    .addOption(reactivate())
    .option('--out <file>', 'write the plan to a file, too: Markdown for a pull request, or JSON when it ends in .json')
    .addOption(full())
    .addOption(json())
    .action(async (name: Name, options: PlanCommandOptions) => {
      finish(await (await import('./commands/plan.js')).planCommand(deps, name, options));
    });

  command(
    'apply',
    'make Odoo match the definitions',
    'Plans, shows the plan, asks, and carries it out; then reads back what it wrote. Ctrl-C lets the batch in flight end and reports; a second one cuts the line.',
    {
      examples: ['odoo-steward apply', 'odoo-steward apply production --yes --digest 3f9a1c20'],
      exits: { 0: 'everything was applied, or nothing was to do', 1: 'refused, failed, or applied in part' },
    },
  )
    .argument('[instance]', INSTANCE)
    .addOption(yes())
    .addOption(digest())
    .addOption(prune())
    .addOption(reactivate())
    .addOption(
      new Option(
        '--override <code>',
        'apply although this guard tripped: too_many_changes or empty_desired_state (repeatable)',
      ).argParser(collectOneOf(['too_many_changes', 'empty_desired_state'])),
    )
    .addOption(full())
    .addOption(json())
    .action(async (name: Name, options: ApplyCommandOptions) => {
      finish(await (await import('./commands/apply.js')).applyCommand(deps, name, options));
    });

  command(
    'drift',
    'show what moved in Odoo',
    'Shows what moved in Odoo since the last apply and who moved it, records of ours that no definition knows, and what a deleted schedule left behind.',
    {
      examples: ['odoo-steward drift production', 'odoo-steward drift --all --json'],
      exits: { 0: 'no drift', 2: 'drift', 1: 'failed' },
    },
  )
    .argument('[instance]', INSTANCE)
    .option('--all', 'look at every instance')
    .addOption(full())
    .addOption(json())
    .action(async (name: Name, options: DriftOptions) => {
      finish(await (await import('./commands/drift.js')).driftCommand(deps, name, options));
    });

  command(
    'export',
    'turn what lives in Odoo into definition files',
    'Turns server actions and their schedules that are not ours yet into definition files. Odoo is only read; no file is written over.',
    {
      examples: [
        'odoo-steward export --to ./definitions --scheduled',
        'odoo-steward export staging --to ./definitions --model sale.order --namespace acme',
      ],
      exits: { 0: 'exported', 1: 'failed' },
    },
  )
    .argument('[instance]', INSTANCE)
    .requiredOption('--to <folder>', 'folder to write to')
    .option('--namespace <name>', 'namespace of the definitions, where the settings name none')
    .option('--model <model>', 'only actions of this model (repeatable)', collect)
    .option(
      '--module <name>',
      'only actions with an external ID of this module; none: those without (repeatable)',
      collect,
    )
    .option('--kind <kind>', 'only actions of this kind, such as code (repeatable)', collect)
    .option('--name <text>', 'only actions with this in their name')
    .option('--ids <ids>', 'only the server actions with these record IDs: 57,60')
    .option('--scheduled', 'only actions with a schedule')
    .option('--no-scheduled', 'only actions without a schedule')
    .option('--force', 'write over files that are there')
    .addOption(json())
    .action(async (name: Name, options: ExportOptions) => {
      finish(await (await import('./commands/export.js')).exportCommand(deps, name, options));
    });

  command(
    'adopt',
    'start owning records that exist',
    'Gives records that definitions name with "adopts" our external ID, and changes nothing else of them; plan then shows how they differ.',
    {
      examples: ['odoo-steward adopt production'],
      exits: { 0: 'adopted, or nothing to adopt', 1: 'refused, failed, or adopted in part' },
    },
  )
    .argument('[instance]', INSTANCE)
    .addOption(yes())
    .addOption(digest())
    .addOption(json())
    .action(async (name: Name, options: ApplyCommandOptions) => {
      finish(await (await import('./commands/apply.js')).applyCommand(deps, name, options, 'adopt'));
    });

  command(
    'run',
    'run an action once',
    'Runs the action of a definition once, as far as its trigger allows: its records, its maximum, a reason. What was begun is never tried again.',
    {
      examples: [
        'odoo-steward run mark_overdue_invoices production --ids 7,12 --reason "ticket 4711"',
        `odoo-steward run mark_overdue_invoices --domain '[["partner_id", "=", 7]]' --reason "ticket 4712"`,
      ],
      exits: { 0: 'succeeded', 1: 'failed, refused, or its outcome is unknown' },
    },
  )
    .argument('<definition>', 'ID of the definition')
    .argument('[instance]', INSTANCE)
    .option('--ids <ids>', 'record IDs: 7,12')
    .option('--domain <json>', "Odoo domain, which is added to the definition's own; [] for all that it allows")
    .option('--reason <text>', 'why; kept where the definition asks for it')
    .option('--yes', 'do not ask how many records --domain may mean')
    .addOption(json())
    .action(async (id: string, name: Name, options: RunCommandOptions) => {
      finish(await (await import('./commands/run.js')).runCommand(deps, id, name, options));
    });

  command(
    'crons',
    'list the schedules with last, next, active',
    'Lists every scheduled action of an instance, ours or not: how often, last and next run, whether it is active, late or failing.',
    {
      examples: ['odoo-steward crons production'],
      exits: { 0: 'listed', 1: 'failed' },
    },
  )
    .argument('[instance]', INSTANCE)
    .addOption(json())
    .action(async (name: Name, options: CronsOptions) => {
      finish(await (await import('./commands/crons.js')).cronsCommand(deps, name, options));
    });

  command(
    'instances',
    'list, check or bind the instances',
    'Lists the instances. --check asks each for its version and whether it is the database that it was bound to; --bind says that it is the one that is meant.',
    {
      examples: ['odoo-steward instances --check', 'odoo-steward instances --bind staging'],
      exits: { 0: 'listed, all well, or bound', 1: 'failed, or an instance cannot be used' },
    },
  )
    .option('--check', 'contact each of them')
    .option('--bind <instance>', 'bind it to the database that answers now (asks first)')
    .option('--yes', 'do not ask before binding')
    .addOption(json())
    .action(async (options: InstancesOptions) => {
      finish(await (await import('./commands/instances.js')).instancesCommand(deps, options));
    });

  command(
    'bootstrap',
    'make users with the least rights',
    'Makes two groups, two users and their API keys in Odoo, for running and for watching, with no more rights than they need; names credentials that have too many. Safe to repeat.',
    {
      examples: ['odoo-steward bootstrap production'],
      exits: { 0: 'made, or there already', 1: 'failed' },
    },
  )
    .argument('[instance]', INSTANCE)
    .addOption(
      new Option(
        '--rotate <role>',
        'make a new key for run or monitor although the user is there (repeatable)',
      ).argParser(collectOneOf(['run', 'monitor'])),
    )
    .addOption(yes())
    .addOption(json())
    .action(async (name: Name, options: BootstrapOptions) => {
      finish(await (await import('./commands/bootstrap.js')).bootstrapCommand(deps, name, options));
    });

  declareServiceCommands(program, deps, finish);
  return program;
}

const GENERAL_HELP = `
Examples:
  odoo-steward validate --source ./definitions
  odoo-steward plan production
  odoo-steward apply production
  odoo-steward crons production
  odoo-steward serve

Exit codes:
  0  nothing to do, or done
  2  changes (plan) or drift (drift)
  1  failed; the last line on stderr says why

"odoo-steward help <command>" tells more. Settings: .env.example and docs/command-line.md.`;
