import type { AppliedChange, ApplyReport } from '../app/apply-plan.js';
import { showSafeLine } from '../domain/plan/render-safe.js';
import { objectWords, symbols } from '../domain/plan/render-words.js';
import type { Io } from './io.js';
import { paletteFor } from './palette.js';

/** What became of every change, and a line that counts. */
export function showReport(io: Io, report: ApplyReport): void {
  const palette = paletteFor(io.stdout);
  io.stdout.write('\n');
  for (const { change, status, recordId, message } of report.results) {
    const done = status === 'written';
    const mark = done ? palette.add('✓') : status === 'failed' ? palette.remove('✗') : palette.warning('?');
    const record = recordId === null ? '' : ` (#${recordId})`;
    const why = message === null ? '' : `: ${showSafeLine(message)}`;
    const word = done || status === 'failed' ? '' : ` ${status}`;
    io.stdout.write(
      `  ${mark} ${symbols[change.op]} ${objectWords[change.object]} ${showSafeLine(change.externalId)}${record}${word}${why}\n`,
    );
  }
  for (const warning of report.warnings)
    io.stderr.write(`${paletteFor(io.stderr).warning('warning:')} ${showSafeLine(warning)}\n`);
  io.stdout.write(`${report.results.length === 0 ? '' : '\n'}${palette.bold(reportSentence(report))}\n`);
}

/** `Applied: 2 created, 1 updated, 0 deleted. 1 failed: run "odoo-steward plan" to see what is left.` */
export function reportSentence({ results, held }: ApplyReport): string {
  const written = results.filter((result) => result.status === 'written');
  const count = (op: AppliedChange['change']['op']): number =>
    written.filter((result) => result.change.op === op).length;
  const parts = [
    ...(count('adopt') > 0 ? [`${count('adopt')} adopted`] : []),
    `${count('create')} created`,
    `${count('update')} updated`,
    `${count('delete')} deleted`,
    ...(held.length > 0 ? [`${held.length} held back`] : []),
  ];
  const bad = (['failed', 'busy', 'unknown', 'unverified'] as const).flatMap((status) => {
    const number = results.filter((result) => result.status === status).length;
    return number === 0 ? [] : [`${number} ${status}`];
  });
  const rest = bad.length === 0 ? '' : ` ${bad.join(', ')}: run "odoo-steward plan" to see what is left.`;
  return `Applied: ${parts.join(', ')}.${rest}`;
}

export const appliedDocument = (report: ApplyReport) => ({
  outcome: report.outcome,
  digest: report.digest,
  held: report.held.length,
  warnings: report.warnings,
  results: report.results.map(({ change, status, recordId, message }) => ({
    op: change.op,
    object: change.object,
    id: change.id,
    externalId: change.externalId,
    recordId,
    status,
    message,
  })),
});
