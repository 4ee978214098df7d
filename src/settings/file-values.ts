import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Path, YamlFile } from '../domain/definitions/read-yaml.js';
import type { Problem } from '../domain/problem.js';
import { PLACEHOLDER } from './refuse-literals.js';
import { isPlainOverTheNet, type WrittenSecret } from './written-words.js';

/** Value of a variable, or null. */
export type Variables = (name: string) => string | null;

export const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** What a settings file refers to: variables and files, each mistake gathered with its place. */
export class FileValues {
  readonly problems: Problem[] = [];

  constructor(
    readonly yaml: YamlFile,
    /** From which paths in the file are counted. */
    readonly folder: string,
    private readonly variables: Variables,
  ) {}

  report(path: Path, code: string, message: string, severity: Problem['severity'] = 'error'): void {
    this.problems.push({ severity, code, message, at: this.yaml.at(path) });
  }

  /** Text with its `${NAME}` filled in. */
  fill(text: string, path: Path): string {
    return text.replace(REFERENCE, (_whole, name: string) => {
      const value = this.variables(name);
      if (value !== null) return value;
      this.report(path, 'variable_missing', `${name} is not set: put it into the environment or .env`);
      return '';
    });
  }

  /** What is missing, wherever it is named: for a file whose other mistakes keep it from being read further. */
  reportMissing(value: unknown, path: Path = []): void {
    if (typeof value === 'string') {
      if (value !== PLACEHOLDER) this.fill(value, path);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.reportMissing(item, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, entry] of Object.entries(value)) this.reportMissing(entry, [...path, key]);
    }
  }

  /** An address, filled in and without `/` at its end; `problemOf` is asked about what variables made of it. */
  address(text: string, path: Path, problemOf: (url: string) => string | null): string {
    const url = this.fill(text, path);
    const problem = text.includes('${') && url !== '' ? problemOf(url) : null;
    if (problem !== null)
      this.report(
        path,
        'wrong_value',
        `\`${String(path.at(-1))}\`, as the variables make it, cannot be used: ${problem}`,
      );
    if (isPlainOverTheNet(url))
      this.report(path, 'plain_http', 'Credentials travel unencrypted over http://: use https://', 'warning');
    return url.replace(/\/+$/, '');
  }

  secret(written: WrittenSecret | undefined, path: Path): string {
    if (written === undefined) return '';
    if (typeof written === 'string') return this.fill(written, path);
    const secret = this.file(written.file, [...path, 'file'])?.trim();
    if (secret === '')
      this.report([...path, 'file'], 'secret_empty', `${written.file} is empty: put the secret into it`);
    return secret ?? '';
  }

  /** Text of a file; null, and reported, when it cannot be read. */
  file(path: string, at: Path): string | null {
    try {
      return readFileSync(resolve(this.folder, path), 'utf8');
    } catch (error) {
      this.report(at, 'file_unreadable', `${path} cannot be read (${errorCode(error)}): mend the path or its rights`);
      return null;
    }
  }
}

export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unreadable';
