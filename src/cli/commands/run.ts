import type { ActionRunOutcome } from '../../app/ports.js';
import { prepareRun, runPrepared, type PreparedRun, type RunPorts, type RunRecords } from '../../app/run-action.js';
import { showDuration } from '../../domain/plan/render-time.js';
import { showSafeLine } from '../../domain/plan/render-safe.js';
import { chooseInstance } from '../choose-instance.js';
import type { Deps, ExitCode } from '../deps.js';
import { describeResult } from '../describe-result.js';
import { CliError } from '../failure.js';
import { writeJson, type Io } from '../io.js';
import { paletteFor } from '../palette.js';
import { withProgress } from '../progress.js';

export interface RunCommandOptions {
  readonly ids?: string;
  readonly domain?: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `run`: runs an action once, as far as its definition's trigger allows it, and says what became of it. */
export async function runCommand(
  { io, workspace }: Deps,
  definitionId: string,
  name: string | undefined,
  options: RunCommandOptions,
): Promise<ExitCode> {
  const records = toRecords(options);
  const space = await workspace();
  const card = chooseInstance(space, name);
  // The least rights that do: a reader that may see the definition's action, a runner that may run it.
  const reading = await space.open(card.name, 'sync');
  const running = await space.open(card.name, 'run');
  try {
    const ports: RunPorts = {
      source: reading.source,
      secrets: reading.secrets,
      reader: reading.reader,
      records: running.records,
      runner: running.runner,
    };
    const request = { definitionId, records, reason: options.reason ?? null };
    const prepared = await withProgress(io, `Reading ${card.name}`, () => prepareRun(ports, reading.target, request));
    if (records.kind === 'domain') await confirm(io, prepared, card.name, options);
    const startedAt = io.now();
    const outcome = await withProgress(io, `Running ${definitionId} on ${card.name}`, () =>
      runPrepared(ports, prepared),
    );
    const durationMs = io.now() - startedAt;
    if (options.json === true) writeJson(io, toDocument(prepared, card.name, outcome, durationMs));
    else showOutcome(io, prepared, outcome, durationMs);
    return outcome.status === 'succeeded' ? 0 : 1;
  } finally {
    reading.close();
    running.close();
  }
}

function toRecords({ ids, domain }: RunCommandOptions): RunRecords {
  if (ids !== undefined && domain !== undefined)
    throw new CliError('wrong_option', 'Give --ids or --domain: not both.');
  if (ids !== undefined) {
    if (!/^\d{1,10}(,\d{1,10})*$/.test(ids.replaceAll(' ', '')))
      throw new CliError('wrong_option', `--ids takes record IDs with commas between them, such as 7,12.`);
    return { kind: 'ids', ids: ids.split(',').map(Number) };
  }
  return domain === undefined ? { kind: 'none' } : { kind: 'domain', domain: toDomain(domain) };
}

function toDomain(text: string): readonly unknown[] {
  let domain: unknown;
  try {
    domain = JSON.parse(text);
  } catch {
    domain = null;
  }
  if (Array.isArray(domain) && domain.every(isPart)) return domain;
  throw new CliError(
    'wrong_option',
    `--domain takes an Odoo domain as JSON, such as '[["partner_id", "=", 7]]' ('[]' for all that the definition allows).`,
  );
}

const isPart = (part: unknown): boolean =>
  part === '&' || part === '|' || part === '!' || (Array.isArray(part) && part.length === 3);

/** How many records a domain means is seen only now, so a person agrees to the number. */
async function confirm(
  io: Io,
  { recordIds, definition }: PreparedRun,
  instance: string,
  options: RunCommandOptions,
): Promise<void> {
  if (options.yes === true || recordIds.length === 0) return;
  const count = countRecords(recordIds, definition.model);
  if (io.ask === null || options.json === true)
    throw new CliError(
      'yes_missing',
      `${count} would be run on, and nobody can be asked here: add --yes to this command, or name the records with --ids.`,
    );
  const answer = await io.ask(`Run "${definition.id}" on ${count} of ${instance}? Only "yes" is accepted: `);
  if (answer?.trim() !== 'yes') throw new CliError('declined', 'Nothing was run.');
}

function showOutcome(
  io: Io,
  { definition, recordIds }: PreparedRun,
  outcome: ActionRunOutcome,
  durationMs: number,
): void {
  const palette = paletteFor(io.stdout);
  const on = recordIds.length === 0 ? '' : ` on ${countRecords(recordIds, definition.model)}`;
  const paint =
    outcome.status === 'succeeded' ? palette.add : outcome.status === 'unknown' ? palette.warning : palette.error;
  const took = durationMs >= 1000 ? ` (${showDuration(durationMs)})` : '';
  io.stdout.write(`${paint(outcome.status)}: ${definition.id}${on}${took}\n`);
  if (outcome.message !== null) io.stdout.write(`${showSafeLine(outcome.message)}\n`);
  if (outcome.status === 'succeeded') io.stdout.write(`${describeResult(outcome.result)}\n`);
}

const toDocument = (
  { definition, actionId, recordIds }: PreparedRun,
  instance: string,
  outcome: ActionRunOutcome,
  durationMs: number,
) => ({
  instance,
  definition: definition.id,
  actionId,
  model: definition.model,
  recordIds,
  status: outcome.status,
  message: outcome.message,
  result: outcome.result,
  inWords: outcome.status === 'succeeded' ? describeResult(outcome.result) : null,
  durationMs,
});

const countRecords = (ids: readonly number[], model: string): string =>
  `${ids.length} ${ids.length === 1 ? 'record' : 'records'} of ${model}`;
