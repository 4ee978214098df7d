import { spawn } from 'node:child_process';
import { run, type CommandLine } from './command.js';
import { OdooToolError } from './fault.js';
import { readCluster } from './postgres.js';

export type SqlParameter = string | number | bigint | boolean | Date | null;
export type SqlRow = Record<string, unknown>;

/** Runs one statement, with $1, $2 ... for its parameters, and returns its rows as JSON has them. */
export async function query(
  database: string,
  statement: string,
  parameters: readonly SqlParameter[] = [],
): Promise<SqlRow[]> {
  const text = statement.trim().replace(/;$/, '');
  const wrapped = returnsRows(text) ? `WITH answer AS (${text}\n) SELECT json_agg(to_json(answer)) FROM answer` : text;
  const script =
    parameters.length === 0
      ? wrapped
      : `PREPARE asked AS ${wrapped};\nEXECUTE asked(${parameters.map(renderLiteral).join(', ')})`;
  const { line, env } = psql(database);
  const output = (await run(line, { input: `${script};\n`, env })).trim();
  return output.startsWith('[') ? (JSON.parse(output) as SqlRow[]) : [];
}

/** A transaction that stays open, with the locks it took, until it is released. */
export interface HeldTransaction {
  /** Rolls back, so that nothing but the waiting remains. */
  release(): Promise<void>;
}

/** Opens a transaction, runs the statement in it and leaves it open: a lock that others wait for. */
export async function holdTransaction(database: string, statement: string): Promise<HeldTransaction> {
  const { line, env } = psql(database);
  const child = spawn(line.command, [...line.args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const held = new Promise<void>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (/^held$/m.test(output)) resolve();
    });
    child.once('close', () =>
      reject(new OdooToolError(`The transaction failed: ${Buffer.concat(errors).toString().trim()}`)),
    );
  });
  child.stdin.write(`BEGIN;\n${statement.trim().replace(/;$/, '')};\n\\echo held\n`);
  await held;
  return {
    async release() {
      child.stdin.end('ROLLBACK;\n');
      await ended;
    },
  };
}

function psql(database: string): { line: CommandLine; env: NodeJS.ProcessEnv } {
  const cluster = readCluster();
  if (!cluster) throw new OdooToolError('PostgreSQL is not running: "npm run odoo -- up 19" starts it.');
  const where = ['-h', '127.0.0.1', '-p', String(cluster.port), '-U', 'postgres', '-d', database];
  const args = ['--no-psqlrc', '--quiet', '--no-align', '--tuples-only', '-v', 'ON_ERROR_STOP=1', ...where];
  return {
    line: { command: 'psql', args },
    env: { ...process.env, PGPASSWORD: cluster.password, PGCLIENTENCODING: 'UTF8' },
  };
}

/** Writes a value as an untyped literal: PostgreSQL reads it as the type that its place in the statement asks for. */
export function renderLiteral(value: SqlParameter): string {
  if (value === null) return 'NULL';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

/** Quotes the name of a database or a user. */
export function renderName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function returnsRows(statement: string): boolean {
  return /^\s*(select|values|with|table)\b/i.test(statement) || /\breturning\b/i.test(statement);
}
