/** The settings as every part of the command line reads them, with their warnings told. */
import type { Io } from './cli/index.js';
import type { Environment } from './compose.js';
import type { Settings } from './settings/index.js';

export interface SettingsSource {
  /** The process environment. */
  readonly environment: Environment;
  /** Where the command was called. */
  readonly folder: string;
  readonly stderr: Io['stderr'];
}

export interface ReadSettings {
  readonly settings: Settings;
  /** Says it on stderr, unless the settings want errors alone. */
  readonly warn: (message: string) => void;
}

/** Throws `SettingsInvalid` with every mistake. */
export async function readSettings(
  source: SettingsSource & { readonly needsInstance?: boolean },
): Promise<ReadSettings> {
  const { loadSettings } = await import('./settings/index.js');
  const settings = loadSettings(source);
  const warn = (message: string): void => {
    if (settings.logLevel !== 'error') source.stderr.write(`warning: ${message}\n`);
  };
  for (const { at, message } of settings.warnings)
    warn(at === null ? message : `${at.file}:${at.line}:${at.column} ${message}`);
  return { settings, warn };
}
