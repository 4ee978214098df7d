import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { variableNames, variables } from '../../../src/settings/variables.js';
import { writtenRepository } from '../../../src/settings/written-repositories.js';
import { writtenSync } from '../../../src/settings/written-sync.js';
import { instancesJsonSchema } from '../../../src/settings/written-instances.js';
import { load } from '../../support/settings-folder.js';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** `NAME=value` lines of .env.example, those behind a `#` included. */
function examples(): Map<string, string> {
  const lines = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  return new Map(lines.map(([, name = '', value = '']) => [name, value] as const));
}

describe('the committed settings files', () => {
  it('.env.example names every variable, and no other', () => {
    const names = [...examples().keys()].filter((name) => !name.startsWith('STEWARD_SECRET_'));
    expect(names.sort()).toEqual([...variableNames].sort());
  });

  it('.env.example explains each variable as the schema does, with its example', () => {
    const text = read('.env.example');
    for (const name of variableNames) {
      const schema = variables.shape[name];
      const example = String(schema.meta()?.['example']);
      expect(text).toMatch(new RegExp(`^# ${escape(schema.description ?? '?')}\n#? ?${name}=${escape(example)}$`, 'm'));
    }
  });

  it('.env.example can be used with every line switched on, but for what excludes one another', () => {
    const all = examples();
    for (const name of ['ODOO_PASSWORD', 'STEWARD_INSTANCES', 'STEWARD_SECRET_SLACK_WEBHOOK_FILE']) all.delete(name);
    expect(load(Object.fromEntries(all)).warnings).toEqual([]);
  });

  it('the sample instances are read without a mistake', () => {
    const sample = read('config/samples/instances.yaml').replace('/run/secrets/acme_staging_key', 'staging.key');
    const keys = { ACME_SYNC_KEY: 'a', ACME_RUN_KEY: 'b', ACME_MONITOR_KEY: 'c' };
    const settings = load(
      { ...keys, FORGE_TOKEN: 'e', HOOK_SECRET: 'f', OLD_HOOK_SECRET: 'g' },
      { 'config/instances.yaml': sample, 'config/staging.key': 'd' },
    );
    expect(settings.instances.map((one) => one.name)).toEqual(['acme-production', 'acme-staging']);
    expect(settings.warnings).toEqual([]);
    expect(settings.instances.map((one) => one.sync.rules.policy)).toEqual(['manual', 'automatic']);
    expect(settings.repositories).toMatchObject([
      { name: 'acme-odoo-actions', instances: ['acme-production', 'acme-staging'] },
    ]);
  });

  it('the sample instances show every key of sync and of repositories', () => {
    const sample = read('config/samples/instances.yaml');
    for (const key of [...Object.keys(writtenSync.shape), ...Object.keys(writtenRepository.shape), 'allow', 'deny'])
      expect(sample).toMatch(new RegExp(`^ +(- )?${key}:`, 'm'));
  });

  // UPDATE_GENERATED=1 writes it anew.
  it('the JSON Schema for editors matches the code', async () => {
    const path = join(root, 'config/instances.schema.json');
    const text = await format(JSON.stringify(instancesJsonSchema()), { parser: 'json', printWidth: 120 });
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
