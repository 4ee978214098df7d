import { z } from 'zod';
import { databaseUrlProblem } from './database-url.js';
import { parseListen } from './listen-address.js';
import { parseTrustProxy } from './trusted-proxies.js';
import { protocols } from './written-instances.js';
import { urlProblem } from './written-words.js';

const text = z.string();

/** Text about which a function says what is wrong, or null. */
const checked = (problemOf: (value: string) => string | null): z.ZodString =>
  text.superRefine((value, context) => {
    const problem = problemOf(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

const mistakeIn = (parsed: object): string | null =>
  'mistake' in parsed && typeof parsed.mistake === 'string' ? parsed.mistake : null;

function retentionProblem(value: string): string | null {
  if (/^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 3650) return null;
  const days = /^(\d{1,4}) ?d(ays?)?$/.exec(value)?.[1];
  return days === undefined ? 'write a number of days from 1 to 3650' : `write the days alone: did you mean ${days}?`;
}

/** Every variable that we read, with what a person needs to know of it. `.env.example` is tested against this. */
export const variables = z.object({
  ODOO_URL: checked(urlProblem)
    .describe('Address of Odoo, with the path before /web where it is served under one')
    .meta({ example: 'https://odoo.example.com' }),
  ODOO_DB: text.describe('Name of the database').meta({ example: 'acme' }),
  ODOO_LOGIN: text
    .describe('Login of the user that odoo-steward works as; may be left out with ODOO_PROTOCOL=json2')
    .meta({ example: 'steward@example.com' }),
  ODOO_API_KEY: text
    .describe('API key of that user (Preferences, Account Security)')
    .meta({ example: 'paste-the-key-here' }),
  ODOO_PASSWORD: text.describe('Password of that user, in place of a key').meta({ example: 'or-a-password' }),
  ODOO_PROTOCOL: z
    .enum(protocols)
    .describe('auto (default), json2 (19 and later, with a key), jsonrpc, xmlrpc, or session (with a password)')
    .meta({ example: 'auto' }),
  STEWARD_INSTANCES: text
    .describe('Path of instances.yaml; default: config/instances.yaml, else instances.yaml')
    .meta({ example: 'config/instances.yaml' }),
  STEWARD_ENVIRONMENT: text
    .regex(/^[a-z][a-z0-9_-]*$/, { error: 'write the name of an environment in small letters, such as production' })
    .describe('Target environment of instances that name none: which definitions and variables apply')
    .meta({ example: 'production' }),
  STEWARD_DEFINITIONS: text
    .describe('Definitions of instances that name none: a folder, or the URL of a git repository')
    .meta({ example: 'https://git.example.com/acme/odoo-actions.git' }),
  STEWARD_DEFINITIONS_REF: text
    .describe('Branch, tag or commit of that repository; default: its default branch')
    .meta({ example: 'main' }),
  STEWARD_DEFINITIONS_PATH: text
    .describe('Folder in that repository that holds steward.yaml; default: its root')
    .meta({ example: 'odoo' }),
  STEWARD_CACHE: text
    .describe('Folder for clones of definitions; default: $XDG_CACHE_HOME/odoo-steward')
    .meta({ example: '/var/cache/odoo-steward' }),
  STEWARD_STATE: text
    .describe('Folder for the SQLite file, with applies, keys and audit log; default: $XDG_STATE_HOME/odoo-steward')
    .meta({ example: '/var/lib/odoo-steward' }),
  STEWARD_LISTEN: checked((value) => mistakeIn(parseListen(value)))
    .describe('Where the service listens; default: 127.0.0.1:3000, this machine alone; 0.0.0.0:3000: the network, too')
    .meta({ example: '127.0.0.1:3000' }),
  STEWARD_PUBLIC_URL: checked(urlProblem)
    .describe('Address under which people reach the service, for links; default: no links')
    .meta({ example: 'https://steward.example.com' }),
  STEWARD_TRUST_PROXY: checked((value) => mistakeIn(parseTrustProxy(value)))
    .describe('How many proxies stand in front, or their addresses (10.0.0.7,192.168.0.0/16); default: none')
    .meta({ example: '1' }),
  STEWARD_METRICS: z
    .enum(['open', 'key'])
    .describe('Who may read /metrics: key (a key that may read), open (all); default: open on this machine alone')
    .meta({ example: 'key' }),
  DATABASE_URL: checked(databaseUrlProblem)
    .describe('PostgreSQL in which the service keeps its records; default: SQLite, steward.db in STEWARD_STATE')
    .meta({ example: 'postgres://steward:a-password@localhost:5432/steward' }),
  STEWARD_RETENTION: checked(retentionProblem)
    .describe('Days that plans and webhook deliveries are kept; default: 90')
    .meta({ example: '90' }),
  STEWARD_LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'])
    .describe('How much is told on stderr: error, warn (default), info, or debug (every call to Odoo)')
    .meta({ example: 'warn' }),
  STEWARD_DEBUG: z
    .enum(['0', '1'])
    .describe('1: show where a failure came from (a stack trace)')
    .meta({ example: '0' }),
});

export type Variable = keyof typeof variables.shape;
export const variableNames = Object.keys(variables.shape) as readonly Variable[];
/** Never shown, not even in the message that finds fault with them. */
export const secretVariables: ReadonlySet<string> = new Set(['ODOO_API_KEY', 'ODOO_PASSWORD', 'DATABASE_URL']);

/** What people write out of habit, and what it is called here. */
export const otherNames: Readonly<Record<string, Variable>> = {
  ODOO_HOST: 'ODOO_URL',
  ODOO_BASE_URL: 'ODOO_URL',
  ODOO_SERVER: 'ODOO_URL',
  ODOO_DATABASE: 'ODOO_DB',
  ODOO_DB_NAME: 'ODOO_DB',
  ODOO_DBNAME: 'ODOO_DB',
  ODOO_USER: 'ODOO_LOGIN',
  ODOO_USERNAME: 'ODOO_LOGIN',
  ODOO_KEY: 'ODOO_API_KEY',
  ODOO_APIKEY: 'ODOO_API_KEY',
  ODOO_TOKEN: 'ODOO_API_KEY',
  ODOO_PASS: 'ODOO_PASSWORD',
  STEWARD_ENV: 'STEWARD_ENVIRONMENT',
  STEWARD_CONFIG: 'STEWARD_INSTANCES',
  STEWARD_LOG: 'STEWARD_LOG_LEVEL',
  STEWARD_HOST: 'STEWARD_LISTEN',
  STEWARD_PORT: 'STEWARD_LISTEN',
  STEWARD_BIND: 'STEWARD_LISTEN',
  STEWARD_ADDRESS: 'STEWARD_LISTEN',
  STEWARD_URL: 'STEWARD_PUBLIC_URL',
  STEWARD_BASE_URL: 'STEWARD_PUBLIC_URL',
  STEWARD_PROXY: 'STEWARD_TRUST_PROXY',
  STEWARD_TRUSTED_PROXIES: 'STEWARD_TRUST_PROXY',
  STEWARD_DATABASE: 'DATABASE_URL',
  STEWARD_DATABASE_URL: 'DATABASE_URL',
  STEWARD_DB: 'DATABASE_URL',
  STEWARD_RETENTION_DAYS: 'STEWARD_RETENTION',
};
