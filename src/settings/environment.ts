import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { editDistance, nearest } from '../domain/definitions/did-you-mean.js';
import type { Problem } from '../domain/problem.js';
import { SECRET_PREFIX } from './environment-secrets.js';
import { errorCode } from './file-values.js';
import { otherNames, secretVariables, variableNames, variables, type Variable } from './variables.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process environment over `.env`; what is empty counts as not set. */
export function readEnvironment(
  environment: Environment,
  folder: string,
): { merged: Environment; problems: Problem[] } {
  const problems: Problem[] = [];
  let file: Environment = {};
  const path = join(folder, '.env');
  if (existsSync(path)) {
    try {
      // `parse`, not `config`: nothing is printed, and the process environment stays as it is.
      file = parse(readFileSync(path));
    } catch (error) {
      problems.push(mistake('file_unreadable', `.env cannot be read (${errorCode(error)}): mend its rights`));
    }
  }
  const entries = [...Object.entries(file), ...Object.entries(environment)].filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return { merged: Object.fromEntries(entries), problems };
}

export type Values = Readonly<Partial<Record<Variable, string>>>;

/** Our variables, checked; a value that is wrong is left out and is among the problems. */
export function checkVariables(environment: Environment): { values: Values; problems: Problem[] } {
  const problems: Problem[] = [];
  const values: Partial<Record<Variable, string>> = {};
  for (const name of variableNames) {
    const value = environment[name];
    if (value === undefined) continue;
    const result = variables.shape[name].safeParse(value);
    if (result.success) values[name] = value;
    else {
      const shown =
        secretVariables.has(name) || value.includes('@') ? 'cannot be used' : `is \`${value.slice(0, 60)}\``;
      problems.push(mistake('wrong_value', `${name} ${shown}: ${hint(name, value, result.error.issues)}`));
    }
  }
  return { values, problems };
}

function hint(
  name: Variable,
  value: string,
  issues: readonly { readonly code?: string; readonly message: string }[],
): string {
  const [issue] = issues;
  const schema = variables.shape[name];
  if (issue?.code !== 'invalid_value' || !('options' in schema)) return issue?.message ?? 'write something else';
  const options = schema.options.map(String);
  const near = nearest(value, options);
  return near === null ? `write one of ${options.join(', ')}` : `did you mean ${near}?`;
}

/** Names that look like ours and are not read: a typo there is a setting that silently does nothing. */
export function unknownVariables(environment: Environment, references: ReadonlySet<string>): Problem[] {
  const names = Object.keys(environment).filter((name) => /^(STEWARD|ODOO)_/.test(name) || isNearDatabaseUrl(name));
  return names.sort().flatMap((name): Problem[] => {
    if ((variableNames as readonly string[]).includes(name) || references.has(name)) return [];
    if (name.startsWith(SECRET_PREFIX)) return [];
    // `STEWARD_PORT=tcp://…` is what a cluster sets for a service that is called steward.
    if (/^(tcp|udp):\/\//.test(environment[name] ?? '')) return [];
    const near = otherNames[name] ?? nearest(name, variableNames);
    if (near !== null) {
      const message = `${name} is not read: did you mean ${near}?`;
      // A cluster sets variables such as ODOO_PORT for its own reasons; only a name of ours is surely meant for us.
      return [{ ...mistake('unknown_variable', message), severity: name.startsWith('STEWARD_') ? 'error' : 'warning' }];
    }
    if (!name.startsWith('STEWARD_') || /_(SERVICE_HOST|SERVICE_PORT.*|PORT(_.*)?)$/.test(name)) return [];
    return [{ ...mistake('unknown_variable', `${name} is not read: there is no such setting`), severity: 'warning' }];
  });
}

/** The one name of ours without a prefix. */
const isNearDatabaseUrl = (name: string): boolean =>
  Math.abs(name.length - 'DATABASE_URL'.length) <= 2 && editDistance(name, 'DATABASE_URL') <= 2;

/** `STEWARD_SECRET_<NAME>` and `STEWARD_SECRET_<NAME>_FILE`. */
export function readSecrets(environment: Environment): { secrets: Map<string, string>; problems: Problem[] } {
  const secrets = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(SECRET_PREFIX) || value === undefined) continue;
    const isFile = variable.endsWith('_FILE');
    const name = variable.slice(SECRET_PREFIX.length, isFile ? -'_FILE'.length : undefined);
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      problems.push(mistake('wrong_name', `${variable} names no secret: write ${SECRET_PREFIX}NAME`));
    } else if (!isFile) {
      if (environment[`${variable}_FILE`] === undefined) secrets.set(name, value);
    } else if (environment[`${SECRET_PREFIX}${name}`] !== undefined) {
      problems.push(mistake('secret_twice', `${SECRET_PREFIX}${name} and ${variable} are both set: keep one`));
    } else {
      try {
        secrets.set(name, readFileSync(value, 'utf8').trim());
      } catch (error) {
        const message = `${variable}: the file cannot be read (${errorCode(error)}): mend the path or its rights`;
        problems.push(mistake('file_unreadable', message));
      }
    }
  }
  return { secrets, problems };
}

export const mistake = (code: string, message: string): Problem => ({ severity: 'error', code, message, at: null });
