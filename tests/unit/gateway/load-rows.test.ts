import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OdooBusyError, OdooCredentialsError, OdooTimeoutError } from '../../../src/domain/odoo-error.js';
import { loadRows, sentence, type Patience } from '../../../src/odoo/gateway/load-rows.js';
import type { LoadResult, OdooClient } from '../../../src/odoo/index.js';

const call = { instance: 'i', model: 'ir.cron', method: 'load', protocol: 'json2' } as const;
const facts = { call, happened: 'h', next: 'n' };

/** An Odoo whose `load` decides by the first cell of each row, atomically, as the real one does. */
function odoo(judge: (cells: readonly (readonly (string | number)[])[], nth: number) => LoadResult) {
  const sent: string[][] = [];
  const client = {
    load: (_model: string, _fields: readonly string[], rows: readonly (readonly (string | number)[])[]) => {
      sent.push(rows.map((row) => String(row[0])));
      return Promise.resolve().then(() => judge(rows, sent.length));
    },
  } as unknown as OdooClient;
  return { client, sent };
}

const batch = (...cells: string[]) => ({
  model: 'ir.cron',
  columns: ['id'],
  rows: cells.map((cell) => ({ key: cell, cells: [cell] })),
});
const idOf = (cell: string | number | undefined): number => Number(String(cell).replace(/\D/g, '')) + 100;
const written = (rows: readonly (readonly (string | number)[])[]): LoadResult => ({
  ids: rows.map((row) => idOf(row[0])),
  messages: [],
});

function clock(): Patience & { slept: () => number } {
  let now = 0;
  return { busyTimeoutMs: 5_000, now: () => now, sleep: (ms) => Promise.resolve(void (now += ms)), slept: () => now };
}

/** From 17 on Odoo blames every row before the bad one, too. */
const blamesAll = (rows: readonly (readonly (string | number)[])[]): LoadResult =>
  rows.some((row) => String(row[0]).startsWith('bad'))
    ? {
        ids: null,
        messages: rows.map((_, index) => ({
          type: 'error',
          message: `Broken ${index}`,
          rows: { from: index, to: index },
        })),
      }
    : written(rows);

describe('writing rows with load', () => {
  it('sends a good batch once, and gives each row the ID that Odoo gave it', async () => {
    const { client, sent } = odoo(written);
    const results = await loadRows(client, batch('r1', 'r2', 'r3'), clock());
    expect([...results]).toEqual([
      ['r1', { status: 'written', recordId: 101 }],
      ['r2', { status: 'written', recordId: 102 }],
      ['r3', { status: 'written', recordId: 103 }],
    ]);
    expect(sent).toHaveLength(1);
  });

  it('sends nothing for no rows', async () => {
    const { client, sent } = odoo(written);
    expect((await loadRows(client, batch(), clock())).size).toBe(0);
    expect(sent).toEqual([]);
  });

  it('never blames an innocent row, whichever are bad', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 24 }), async (bad) => {
        const cells = bad.map((isBad, index) => `${isBad ? 'bad' : 'good'}${index}`);
        const { client } = odoo(blamesAll);
        const results = await loadRows(client, batch(...cells), clock());
        for (const cell of cells) expect(results.get(cell)?.status).toBe(cell.startsWith('bad') ? 'failed' : 'written');
      }),
    );
  });

  it('writes every good row exactly once', async () => {
    const done: string[] = [];
    const { client } = odoo((rows) => {
      const result = blamesAll(rows);
      if (result.ids !== null) done.push(...rows.map((row) => String(row[0])));
      return result;
    });
    await loadRows(client, batch('good1', 'bad2', 'good3', 'good4', 'bad5'), clock());
    expect(done.sort()).toEqual(['good1', 'good3', 'good4']);
  });

  it('trusts a message that names a column, and sends the rest in one go', async () => {
    const { client, sent } = odoo((rows) =>
      rows.some((row) => row[0] === 'gone')
        ? {
            ids: null,
            messages: [
              { type: 'error', field: '.id', message: "Unknown database identifier '7'", rows: { from: 1, to: 1 } },
              { type: 'error', message: 'Missing required value', rows: { from: 1, to: 1 } },
            ],
          }
        : written(rows),
    );
    const results = await loadRows(client, batch('a1', 'gone', 'a2', 'a3'), clock());
    expect(results.get('gone')).toEqual({ status: 'gone' });
    expect(sent).toEqual([
      ['a1', 'gone', 'a2', 'a3'],
      ['a1', 'a2', 'a3'],
    ]);
  });

  it('tries a busy row again until it is free, and writes the others meanwhile', async () => {
    let tries = 0;
    const { client } = odoo((rows) => {
      if (rows.some((row) => row[0] === 'busy1') && (tries += 1) < 5)
        throw new OdooBusyError({ ...facts, outcome: 'not_done' });
      return written(rows);
    });
    const results = await loadRows(client, batch('a2', 'busy1', 'a3'), clock());
    expect([...results.values()].map(({ status }) => status)).toEqual(['written', 'written', 'written']);
  });

  it('gives up on a busy row when its time is over, and says so', async () => {
    const { client } = odoo((rows) => {
      if (rows.some((row) => row[0] === 'busy')) throw new OdooBusyError({ ...facts, outcome: 'not_done' });
      return written(rows);
    });
    const patience = clock();
    const results = await loadRows(client, batch('busy', 'a1'), patience);
    expect(results.get('busy')).toEqual({
      status: 'busy',
      message: expect.stringMatching(/apply again when it is done/),
    });
    expect(results.get('a1')?.status).toBe('written');
    expect(patience.slept()).toBeLessThanOrEqual(patience.busyTimeoutMs);
  });

  it('never sends again what may have been carried out, nor anything after it', async () => {
    const line = { lost: null };
    const { client, sent } = odoo(() => {
      throw new OdooTimeoutError({ ...facts, outcome: 'unknown' });
    });
    const first = await loadRows(client, batch('a1', 'a2'), clock(), line);
    const second = await loadRows(client, batch('a3'), clock(), line);
    expect([...first.values()].map(({ status }) => status)).toEqual(['unknown', 'unknown']);
    expect(second.get('a3')).toMatchObject({ status: 'failed', message: expect.stringMatching(/^Not sent, /) });
    expect(sent).toEqual([['a1', 'a2']]);
  });

  it('does not take a batch apart when no part of it can fare better', async () => {
    const { client, sent } = odoo(() => {
      throw new OdooCredentialsError({ ...facts, outcome: 'not_done' });
    });
    const results = await loadRows(client, batch('a1', 'a2', 'a3'), clock());
    expect([...results.values()].every(({ status }) => status === 'failed')).toBe(true);
    expect(sent).toHaveLength(1);
  });
});

describe('Odoo’s sentences', () => {
  it.each([
    ["Unknown error during import: <class 'odoo.exceptions.ValidationError'>: Bad code", 'Bad code.'],
    ['SyntaxError : invalid syntax at line 1\nx = (\n', 'SyntaxError : invalid syntax at line 1 x = (.'],
    ['Already a sentence!', 'Already a sentence!'],
  ])('%j is told as %j', (message, expected) => {
    expect(sentence(message)).toBe(expected);
  });
});
