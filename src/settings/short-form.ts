import type { Problem } from '../domain/problem.js';
import { mistake, type Environment, type Values } from './environment.js';
import { credentialRule, toDefinitions } from './instances-file.js';
import { Secret } from './secret.js';
import type { InstanceSettings } from './settings.js';
import { toSync } from './sync-settings.js';
import { isPlainOverTheNet } from './written-words.js';

/** Variables of the short form that describe an instance by themselves. */
export const SHORT_FORM = [
  'ODOO_URL',
  'ODOO_DB',
  'ODOO_LOGIN',
  'ODOO_API_KEY',
  'ODOO_PASSWORD',
  'ODOO_PROTOCOL',
] as const;

/** The one instance that ODOO_URL and its companions describe. */
export function fromVariables(
  values: Values,
  merged: Environment,
  folder: string,
): { instances: InstanceSettings[]; problems: Problem[] } {
  const problems: Problem[] = [];
  for (const name of ['ODOO_URL', 'ODOO_DB'] as const) {
    if (merged[name] === undefined) problems.push(mistake('variable_missing', `${name} is not set`));
  }
  const { ODOO_API_KEY: key, ODOO_PASSWORD: password, ODOO_PROTOCOL = 'auto', ODOO_LOGIN: login } = values;
  if (key === undefined && password === undefined) {
    problems.push(mistake('variable_missing', 'ODOO_API_KEY is not set (nor ODOO_PASSWORD, which would do as well)'));
  } else if (key !== undefined && password !== undefined) {
    problems.push(mistake('credential_twice', 'ODOO_API_KEY and ODOO_PASSWORD are both set: keep one'));
  }
  const kind = key === undefined && password !== undefined ? 'password' : 'api_key';
  const rule = credentialRule(ODOO_PROTOCOL, kind, login !== undefined);
  if (rule !== null) {
    const name = login === undefined && ODOO_PROTOCOL !== 'json2' ? 'ODOO_LOGIN' : 'ODOO_PROTOCOL';
    problems.push(mistake('wrong_credential', `${name}: ${rule}`));
  }
  const url = (values.ODOO_URL ?? '').replace(/\/+$/, '');
  if (isPlainOverTheNet(url)) {
    const message = 'ODOO_URL: credentials travel unencrypted over http://: use https://';
    problems.push({ ...mistake('plain_http', message), severity: 'warning' });
  }
  const credential = {
    login: login ?? '',
    kind,
    secret: new Secret(key ?? password ?? ''),
    isFallback: false,
  } as const;
  const fallback = { ...credential, isFallback: true };
  return {
    problems,
    instances: [
      {
        name: 'default',
        url,
        database: values.ODOO_DB ?? '',
        environment: null,
        protocol: ODOO_PROTOCOL as InstanceSettings['protocol'],
        definitions: definitionsOf(values, folder),
        limits: {},
        ca: null,
        credentials: { sync: credential, run: fallback, monitor: fallback },
        sync: toSync(),
      },
    ],
  };
}

/** Definitions of instances that name none; null: the environment names none either. */
export function definitionsOf(values: Values, folder: string): InstanceSettings['definitions'] {
  const { STEWARD_DEFINITIONS: text, STEWARD_DEFINITIONS_REF: ref, STEWARD_DEFINITIONS_PATH: path } = values;
  return text === undefined ? null : toDefinitions(text, ref ?? null, path ?? null, folder);
}
