import { z } from 'zod';
import {
  codePath,
  fieldName,
  fieldPath,
  lineOfText,
  modelName,
  reference,
  secretName,
  uniqueList,
} from './written-words.js';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const assignmentKeys = ['expression', 'record', 'add', 'remove', 'replace', 'clear', 'sequence'] as const;

/** One object with all keys, of which exactly one is written: editors and messages cope better than with seven variants. */
const computed = z
  .strictObject({
    expression: z
      .string()
      .regex(/\S/, { error: 'write a Python expression' })
      .optional()
      .describe('A Python expression, computed for each record'),
    record: reference.optional().describe('A many2one becomes this record'),
    add: reference.optional().describe('This record is added to a many2many or one2many'),
    remove: reference.optional().describe('This record is removed from a many2many or one2many'),
    replace: reference.optional().describe('This record becomes the only one of a many2many or one2many'),
    clear: z.literal(true).optional().describe('A many2many or one2many becomes empty'),
    sequence: reference.optional().describe('The next number of this sequence (19 and later)'),
  })
  .check((context) => {
    // An unknown key is a problem of its own already.
    if (Object.keys(context.value).length === 1 || context.issues.length > 0) return;
    context.issues.push({
      code: 'custom',
      input: context.value,
      path: [],
      message: `write exactly one of ${assignmentKeys.map((k) => `\`${k}\``).join(', ')}`,
    });
  });

const assignments = z
  .record(
    fieldPath,
    z.union([scalar, computed], {
      error: 'write a value, or one of {expression: …}, {record: …}, {add: …}, {clear: true}',
    }),
  )
  .refine((set) => Object.keys(set).length > 0, { error: 'name at least one field' })
  .describe(
    'Field → value, or {expression: …}, {record: …}, {add: …}, {remove: …}, {replace: …}, {clear: true}, {sequence: …}',
  );

const common = {
  groups: uniqueList(reference).optional().describe('External IDs of the groups whose users may run it; [] means none'),
  binding: z
    .strictObject({
      views: uniqueList(z.enum(['list', 'form', 'kanban']))
        .min(1)
        .optional()
        .describe('Views whose Action menu shows it; list and form if not written'),
      model: modelName.optional().describe("Model whose Action menu shows it; the definition's model if not written"),
    })
    .optional()
    .describe("Shows it in a model's Action menu"),
  sequence: z.int().min(0).max(2_147_483_647).optional().describe('Order among actions; 5 if not written'),
};

const secretText = z.union(
  [lineOfText(2000), z.strictObject({ secret: secretName.describe('Name of a secret of the service') })],
  {
    error: 'write text, or {secret: NAME}',
  },
);

export const writtenAction = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('code').describe('Runs Python'), code: codePath, ...common }),
    z.strictObject({
      kind: z.literal('update_record').describe('Sets fields of the record'),
      set: assignments,
      ...common,
    }),
    z.strictObject({
      kind: z.literal('create_record').describe('Creates a record'),
      creates: modelName.describe('Model of the new record'),
      values: assignments,
      link_field: fieldName.optional().describe('Field of the record that shall point at the new one'),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('copy_record').describe('Copies a record (19 and later)'),
      copies: modelName.describe('Model of the record to copy'),
      record: reference.describe('The record to copy'),
      link_field: fieldName.optional().describe('Field of the record that shall point at the copy'),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('multi').describe('Runs other actions, in this order'),
      actions: uniqueList(
        z.string().regex(/^(?:[a-z][a-z0-9_]*|[A-Za-z0-9_]+\.[A-Za-z0-9_.-]+)$/, {
          error: 'write the id of a definition, or the external ID of an existing action',
        }),
      ).min(1, { error: 'name at least one action' }),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('webhook').describe('Posts fields of the record to a URL (17 and later)'),
      url: secretText.describe('http(s) address, or {secret: NAME}'),
      fields: uniqueList(fieldName).optional().describe('Fields that are sent'),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('email').describe('Sends an e-mail template (module mail)'),
      template: reference.describe('The e-mail template'),
      method: z
        .enum(['email', 'comment', 'note'])
        .optional()
        .describe('As e-mail (if not written), as message, or as internal note'),
      autofollow: z.boolean().optional().describe('Recipients become followers'),
      ...common,
    }),
    z.strictObject({
      kind: z.literal('activity').describe('Plans an activity (module mail)'),
      type: reference.describe('The activity type'),
      summary: lineOfText(200).optional(),
      note: z.string().optional().describe('Text of the activity; HTML is allowed'),
      due: z
        .strictObject({ in: z.int().min(0).max(10_000), unit: z.enum(['days', 'weeks', 'months']) })
        .optional()
        .describe('When it is due; today if not written'),
      assign: z
        .strictObject({ user: reference.optional(), field: fieldName.optional() })
        .refine((who) => Object.keys(who).length === 1, { error: 'write `user` or `field`' })
        .optional()
        .describe('A user, or the field that holds the user'),
      ...common,
    }),
    ...(['followers', 'remove_followers'] as const).map((kind) =>
      z
        .strictObject({
          kind: z
            .literal(kind)
            .describe(
              kind === 'followers' ? 'Adds followers (module mail)' : 'Removes followers (module mail, 17 and later)',
            ),
          partners: uniqueList(reference).min(1).optional().describe('The partners'),
          field: fieldName.optional().describe('The field that holds the partners'),
          ...common,
        })
        .refine((who) => (who.partners === undefined) !== (who.field === undefined), {
          error: 'write `partners` or `field`',
        }),
    ),
  ])
  .describe('What it does');
