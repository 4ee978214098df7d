import { z } from 'zod';

/** The lines of a journal file. Later versions may add fields; a line of an unknown event is passed over. */

const processMark = z.object({ pid: z.int(), startedAt: z.string().nullable(), machine: z.string() });

const beginLine = z.object({
  event: z.literal('begin'),
  at: z.string(),
  digest: z.string(),
  total: z.int(),
  process: processMark,
});
const wroteLine = z.object({
  event: z.literal('wrote'),
  at: z.string(),
  results: z.array(z.object({ externalId: z.string(), recordId: z.number().nullable(), status: z.string() })),
});
const endLine = z.object({ event: z.literal('end'), at: z.string(), outcome: z.enum(['applied', 'partly', 'failed']) });

const journalLine = z.discriminatedUnion('event', [beginLine, wroteLine, endLine]);

export type BeginLine = z.output<typeof beginLine>;
export type JournalLine = z.output<typeof journalLine>;

export interface JournalEntry {
  readonly begin: BeginLine;
  /** External IDs that Odoo confirmed. */
  readonly written: readonly string[];
  readonly end: 'applied' | 'partly' | 'failed' | null;
}

/** What a file says; a last line that a crash cut short is passed over. null: nothing that can be read. */
export function readEntry(text: string): JournalEntry | null {
  let begin: BeginLine | null = null;
  let end: JournalEntry['end'] = null;
  const written: string[] = [];
  for (const one of text.split('\n')) {
    const line = readLine(one);
    if (line?.event === 'begin') begin = line;
    if (line?.event === 'end') end = line.outcome;
    if (line?.event === 'wrote') {
      written.push(...line.results.filter(({ status }) => status === 'written').map(({ externalId }) => externalId));
    }
  }
  return begin === null ? null : { begin, written, end };
}

function readLine(text: string): JournalLine | null {
  try {
    return journalLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
