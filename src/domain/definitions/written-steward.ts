import { z } from 'zod';
import { environmentName, reference, timezone, uniqueList, variableName } from './written-words.js';

/**
 * Names of Odoo's own modules, whose update may delete records that carry them in their external ID; `__export__` and
 * its like are kept out by the pattern. The plan also refuses the name of any module that the database knows.
 */
const reserved = new Set(
  (
    'base web mail account sale purchase stock crm hr project website contacts calendar product uom portal bus iap payment ' +
    'mrp pos point_of_sale auth_signup base_automation base_import base_setup digest resource sms utm rating studio_customization ' +
    'odoo openerp'
  ).split(' '),
);

const namespace = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, {
    error: 'write small letters, digits and `_`, beginning with a letter, such as your company',
  })
  .max(64, { error: 'write at most 64 characters' })
  .refine((name) => !reserved.has(name), { error: 'choose a name of your own, this one belongs to Odoo' })
  .meta({
    description: 'First half of the external IDs of all that this repository owns; no Odoo module may have this name',
    examples: ['acme'],
  });

const secretish =
  /(?:^|_)(?:password|passwd|pwd|passphrase|secret|token|credentials?|(?:api|access|private|secret|auth)_?key)(?:_|$)/;

const variables = z
  .record(
    variableName.refine((name) => !secretish.test(name), {
      error:
        'this looks like a secret, which must not stand in git: keep it in the settings and write `{secret: NAME}` where it is used',
    }),
    z.union([z.string(), z.number(), z.boolean()], { error: 'write text, a number, true or false' }),
  )
  .describe('Values for ${name} in definition files');

/** What a person types in steward.yaml. */
export const writtenSteward = z
  .strictObject({
    namespace,
    defaults: z
      .strictObject({
        groups: uniqueList(reference).optional().describe('Groups of actions that name none'),
        schedule: z
          .strictObject({
            user: reference.optional(),
            timezone: timezone.optional(),
            priority: z.int().min(0).max(2_147_483_647).optional(),
          })
          .optional()
          .describe('For schedules that do not say otherwise'),
      })
      .optional()
      .describe('Applied where a definition is silent'),
    variables: variables.optional(),
    environments: z
      .record(environmentName, z.strictObject({ variables: variables.optional() }).nullable())
      .optional()
      .describe('The environments that definitions and instances may name, with their variables'),
    ignore: uniqueList(z.string().min(1))
      .optional()
      .describe('Globs of YAML files that are no definitions, such as `docs/**`'),
  })
  .meta({ id: 'Steward', title: 'odoo-steward repository' });

export type WrittenSteward = z.input<typeof writtenSteward>;
