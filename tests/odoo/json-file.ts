import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMissingFile } from './fault.js';

/** Writes a record so that a reader sees the old one or the new one, never half of it. Only the owner may read it. */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

/** Reads a record; null when it is missing, unreadable as JSON or not of the expected shape. */
export function readJson<T>(file: string, isExpected: (value: unknown) => value is T): T | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return isExpected(value) ? value : null;
  } catch {
    return null;
  }
}

/** All records of a folder with their files; those of another shape are left out. */
export function readRecords<T>(
  folder: string,
  isExpected: (value: unknown) => value is T,
): { file: string; value: T }[] {
  return listJson(folder).flatMap((file) => {
    const value = readJson(file, isExpected);
    return value === null ? [] : [{ file, value }];
  });
}

function listJson(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

export function removeFile(file: string): void {
  rmSync(file, { force: true });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
