import { z } from 'zod';
import { writtenRepository } from './written-repositories.js';
import { writtenSync } from './written-sync.js';
import { address, duration, secret, urlProblem } from './written-words.js';

export const protocols = ['auto', 'json2', 'jsonrpc', 'xmlrpc', 'session'] as const;

const name = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, {
  error: 'write small letters, digits, `-` and `_`, such as `acme-production`',
});

const credential = z
  .strictObject({
    login: z
      .string()
      .min(1)
      .optional()
      .describe('Login of the user; may be left out with protocol json2, which goes by the key alone'),
    api_key: secret.optional().describe('API key, by reference: ${ACME_KEY} or {file: PATH}'),
    password: secret.optional().describe('Password, by reference: ${ACME_PASSWORD} or {file: PATH}'),
  })
  .refine((written) => (written.api_key === undefined) !== (written.password === undefined), {
    error: 'give one of `api_key` and `password`',
  });

const limits = z.strictObject({
  concurrency: z.int().min(1).max(64).optional().describe('Requests in flight at a time (default 4)'),
  requests_per_second: z.number().positive().max(1000).optional().describe('Requests a second at most (default 50)'),
  timeout: duration.optional().describe('For one call, every attempt included (default 130s)'),
  connect_timeout: duration.optional().describe('For a connection to be made (default 10s)'),
});

const definitions = z.union(
  [
    z.string().min(1),
    z
      .strictObject({
        folder: z.string().min(1).optional().describe('Folder that holds steward.yaml, relative to this file'),
        git: z.string().min(1).optional().describe('URL of a git repository'),
        ref: z.string().min(1).optional().describe('Branch, tag or commit; default: the default branch'),
        path: z
          .string()
          .min(1)
          .optional()
          .describe('Folder in the repository that holds steward.yaml; default: its root'),
      })
      .refine((written) => (written.folder === undefined) !== (written.git === undefined), {
        error: 'give one of `folder` and `git`',
      })
      .refine((written) => written.git !== undefined || (written.ref === undefined && written.path === undefined), {
        error: '`ref` and `path` go with `git`',
      }),
  ],
  { error: 'write a folder, or {git: URL, ref: BRANCH, path: FOLDER}' },
);

const shared = {
  environment: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, { error: 'write the name of an environment in small letters, such as `production`' })
    .optional()
    .describe('Target environment: which definitions and variables apply'),
  definitions: definitions.optional().describe('Where its definitions are: a folder, or a git repository'),
  limits: limits.optional().describe('How hard Odoo may be asked'),
  protocol: z
    .enum(protocols)
    .optional()
    .describe('auto: JSON-2 from 19 on with a key, a web session with a password, else JSON-RPC'),
  ca_file: z.string().min(1).optional().describe('PEM file of a private certificate authority, relative to this file'),
  sync: writtenSync.optional().describe('What the service does by itself, and when'),
};

const instance = z.strictObject({
  url: address(urlProblem).describe('Address of Odoo'),
  database: z.string().min(1).describe('Name of the database'),
  ...shared,
  credentials: z
    .strictObject({
      sync: credential.describe('Plans and applies: a user in Administration / Settings (base.group_system)'),
      run: credential
        .optional()
        .describe('Runs actions for people: a user with no more rights than they need; default: sync'),
      monitor: credential.optional().describe('Watches scheduled actions: may read, and nothing else; default: sync'),
    })
    .describe('Up to three users, so that each can have the least rights'),
});

/** What a person types in instances.yaml. */
export const writtenInstances = z
  .strictObject({
    defaults: z.strictObject(shared).optional().describe('For every instance that does not say otherwise'),
    instances: z.record(name, instance).nullish().describe('The instances, by name'),
    repositories: z
      .array(writtenRepository)
      .optional()
      .describe('Definitions repositories whose forge sends webhooks or gets plans posted'),
  })
  .meta({ id: 'Instances', title: 'odoo-steward instances' });

export type WrittenInstances = z.output<typeof writtenInstances>;
export type WrittenInstance = NonNullable<WrittenInstances['instances']>[string];
export type WrittenCredential = WrittenInstance['credentials']['sync'];

/** The JSON Schema that editors complete with; committed as config/instances.schema.json. */
export function instancesJsonSchema(): unknown {
  return z.toJSONSchema(writtenInstances, { io: 'input', target: 'draft-7' });
}
