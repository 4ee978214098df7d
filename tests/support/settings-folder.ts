import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadSettings, SettingsInvalid, type Settings } from '../../src/settings/index.js';

/** A new folder with these files in it; removed with the machine's temporary files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-settings-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function load(environment: Record<string, string>, files: Readonly<Record<string, string>> = {}): Settings {
  return loadSettings({ environment: { HOME: '/home/me', ...environment }, folder: folderWith(files) });
}

/** The mistakes as a person sees them, one a line. */
export function mistakesOf(environment: Record<string, string>, files: Readonly<Record<string, string>> = {}): string {
  try {
    load(environment, files);
  } catch (error) {
    if (!(error instanceof SettingsInvalid)) throw error;
    return error.problems
      .map(({ at, severity, message }) => {
        const place = at === null ? '' : `${at.file}:${at.line}:${at.column} `;
        return `${place}${severity}: ${message}`;
      })
      .join('\n');
  }
  return '';
}
