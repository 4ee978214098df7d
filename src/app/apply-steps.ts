import { OdooError } from '../domain/odoo-error.js';
import type { Change } from '../domain/plan/change.js';
import type { AppliedChange, ApplyProgress } from './apply-report.js';
import type { ApplyRecord, WriteResult, WriteStatus } from './ports.js';

interface Attempt {
  readonly results: readonly WriteResult[];
  /** What became of records that the answer does not mention. */
  readonly otherwise: { readonly status: WriteStatus; readonly message: string };
  readonly stoppedBy: string | null;
}

/** Carries an apply through step by step, and keeps what became of every change. */
export class ApplySteps {
  readonly #results = new Map<string, AppliedChange>();
  #stoppedBy: string | null = null;

  constructor(
    private readonly record: ApplyRecord,
    private readonly onProgress: (event: ApplyProgress) => void,
  ) {}

  /** Writes one batch and keeps its results. Once Odoo cannot be reached, later batches are not tried. */
  async run(
    step: ApplyProgress['step'],
    batch: readonly Change[],
    write: () => Promise<readonly WriteResult[]>,
  ): Promise<void> {
    if (batch.length === 0) return;
    this.onProgress({ step, count: batch.length });
    const { results, otherwise, stoppedBy } = await attempt(write, this.#stoppedBy);
    this.#stoppedBy = stoppedBy;
    await this.record.wrote(results);
    const answers = new Map(results.map((result) => [result.externalId, result] as const));
    for (const change of batch) {
      const { status, message } = answers.get(change.externalId) ?? otherwise;
      this.note(change, status, message, answers.get(change.externalId)?.recordId ?? null);
    }
  }

  note(change: Change, status: AppliedChange['status'], message: string | null, recordId: number | null): void {
    this.#results.set(keyOf(change), { change, status, recordId, message });
  }

  /** Undefined for a change that was not tried yet, or is not part of this apply. */
  resultOf(change: Pick<Change, 'object' | 'externalId'>): AppliedChange | undefined {
    return this.#results.get(keyOf(change));
  }

  progress(step: ApplyProgress['step'], count: number): void {
    this.onProgress({ step, count });
  }
}

async function attempt(write: () => Promise<readonly WriteResult[]>, stoppedBy: string | null): Promise<Attempt> {
  if (stoppedBy !== null) {
    const message = `Not tried, because of an earlier error: ${stoppedBy}`;
    return { results: [], otherwise: { status: 'failed', message }, stoppedBy };
  }
  try {
    const results = await write();
    const message = 'The writer did not tell what became of it: plan again to see.';
    return { results, otherwise: { status: 'unknown', message }, stoppedBy: null };
  } catch (error) {
    if (!(error instanceof OdooError)) throw error;
    const status = error.outcome === 'unknown' ? 'unknown' : 'failed';
    return { results: [], otherwise: { status, message: error.message }, stoppedBy: error.message };
  }
}

const keyOf = (change: Pick<Change, 'object' | 'externalId'>): string => `${change.object}|${change.externalId}`;
