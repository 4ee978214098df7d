import { z } from 'zod';
import type { Value } from './values.js';

/** The shape of `plan --json`. Fields are added within a format; a field that goes or changes its meaning makes a new one. */

/** Made by us from values of ours: any JSON, which is not checked again. */
const value = z.unknown().meta({ description: 'Any JSON value' }) as unknown as z.ZodType<Value>;
const values = z.record(z.string(), value);
const place = z.strictObject({ file: z.string(), line: z.int(), column: z.int() }).nullable();
const lastEdit = z
  .strictObject({
    by: z.string(),
    at: z.string().describe('UTC, ISO 8601'),
    isOwn: z.boolean().describe('The user that we work as: whoever changed something did so before, or as that user'),
  })
  .nullable()
  .describe('Who changed the record in Odoo last');
const held = z
  .enum(['prune_not_asked', 'switched_off_by_odoo', 'switched_off_by_person', 'switched_off', 'accepted'])
  .nullable()
  .describe('Why apply leaves it alone; null: it is applied');

const base = {
  object: z.enum(['server_action', 'scheduled_action']),
  id: z.string().describe('ID of the definition'),
  externalId: z.string(),
  name: z.string(),
  at: place.describe('Where the definition stands'),
  held,
};

export const planJsonProblem = z.strictObject({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  at: place,
});

const change = z.discriminatedUnion('op', [
  z.strictObject({
    ...base,
    op: z.literal('create'),
    recordId: z.null(),
    after: values,
    moved: z.enum(['git', 'live']).describe('live: deleted in Odoo since the last apply; git: new'),
    firstRun: z
      .strictObject({
        writtenAt: z.string().nullable().describe('As the definition says it, UTC, ISO 8601'),
        timezone: z.string(),
        at: z.string().nullable().describe('When it runs first if applied now, UTC, ISO 8601; null: at once'),
      })
      .nullable()
      .describe('Of a schedule; null: a server action'),
  }),
  z.strictObject({
    ...base,
    op: z.literal('update'),
    recordId: z.int(),
    lastEdit,
    fields: z.array(
      z.strictObject({
        field: z.string(),
        before: value.describe('In Odoo'),
        after: value.describe('In git'),
        moved: z.enum(['git', 'live', 'both', 'unknown']).describe('Which side left what was last applied'),
        held,
      }),
    ),
  }),
  z.strictObject({ ...base, op: z.literal('delete'), recordId: z.int(), lastEdit, before: values }),
  z.strictObject({ ...base, op: z.literal('adopt'), recordId: z.int() }),
]);

export const planJson = z.strictObject({
  format: z.literal(1),
  instance: z.string(),
  environment: z.string().nullable(),
  source: z.string().describe('What the definitions were read from'),
  revision: z.string().nullable().describe('Commit; null: not committed'),
  database: z.string(),
  odoo: z.string().describe('Version, such as 19.0'),
  namespace: z.string(),
  digest: z.string().describe('What `apply --digest` takes'),
  counts: z.strictObject({
    create: z.int(),
    update: z.int(),
    delete: z.int(),
    adopt: z.int(),
    held: z.int(),
    unchanged: z.int(),
  }),
  owned: z.int().describe('Records that were ours before this plan'),
  applicable: z.boolean().describe('No error, and no guard that needs an override'),
  pending: z.boolean().describe('Apply would change something'),
  changes: z.array(change),
  objections: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  problems: z.array(planJsonProblem),
  interrupted: z
    .strictObject({
      startedAt: z.string().describe('UTC, ISO 8601'),
      digest: z.string(),
      total: z.int(),
      written: z.array(z.string()).describe('External IDs that Odoo confirmed'),
    })
    .nullable()
    .optional()
    .describe('The last apply from this machine, when it did not come to its end'),
});

export type PlanJson = z.output<typeof planJson>;
export type PlanJsonChange = z.output<typeof change>;
