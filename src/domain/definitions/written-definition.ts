import { z } from 'zod';
import { limits } from './limits.js';
import { writtenAction } from './written-action.js';
import {
  channelName,
  dateTime,
  duration,
  environmentName,
  every,
  lineOfText,
  localId,
  modelName,
  reference,
  serviceRole,
  timezone,
  uniqueList,
  variableName,
} from './written-words.js';

const parameter = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'date', 'datetime', 'selection']),
  label: lineOfText(200).optional().describe('Shown beside the field; made of the name if not written'),
  required: z.boolean().optional(),
  help: z.string().optional().describe('Shown under the field'),
  default: z.union([z.string(), z.number(), z.boolean()], { error: 'write text, a number, true or false' }).optional(),
  max_length: z.int().min(1).max(100_000).optional().describe('For `string`'),
  min: z.number().optional().describe('For `integer` and `number`'),
  max: z.number().optional().describe('For `integer` and `number`'),
  options: z
    .array(
      z.union([lineOfText(200), z.strictObject({ value: lineOfText(200), label: lineOfText(200).optional() })], {
        error: 'write text, or {value: …, label: …}',
      }),
    )
    .min(1)
    .optional()
    .describe('For `selection`: values, or {value, label}'),
});

const trigger = z
  .strictObject({
    roles: uniqueList(serviceRole)
      .min(1, { error: 'name at least one role' })
      .describe('Roles of the service whose people may run it'),
    records: z
      .strictObject({
        domain: z.array(z.unknown()).describe('Odoo domain that the records have to match; [] means all'),
        max: z.int().min(1).max(100_000).optional().describe('Most records at once; 100 if not written'),
      })
      .optional()
      .describe('Absent: the action runs without records'),
    parameters: z
      .record(variableName, parameter)
      .optional()
      .describe('Form fields; reach the code through the context'),
    reason: z
      .enum(['required', 'optional', 'none'])
      .optional()
      .describe('Whether a person has to say why; optional if not written'),
    mode: z
      .enum(['direct', 'enqueue'])
      .optional()
      .describe("In the request (if not written), or by Odoo's own cron worker"),
  })
  .describe('How people may run it; absent: nobody may');

const schedule = z
  .strictObject({
    every,
    first_run: dateTime.optional(),
    timezone: timezone.optional(),
    user: reference.optional().describe('User that it runs as; base.user_root if not written'),
    priority: z.int().min(0).max(2_147_483_647).optional().describe('0 runs first; 5 if not written'),
    active: z.boolean().optional().describe('true if not written'),
    adopts: reference.optional().describe('Existing scheduled action that `adopt` takes over'),
  })
  .describe('Odoo runs it at this interval');

const monitor = z
  .strictObject({
    grace: duration.optional().describe('How late it may be before it counts as late'),
    max_duration: duration.optional().describe('How long it may run before it counts as stuck'),
    alert: uniqueList(channelName).optional().describe('Alert channels of the service'),
  })
  .describe('When somebody wants to hear of it');

/** What a person types in a definition file. What each key means stands in docs/definitions.md. */
export const writtenDefinition = z
  .strictObject({
    id: localId,
    name: lineOfText(limits.nameLength).describe('Name in Odoo'),
    description: z.string().max(10_000).optional().describe('What it is for'),
    model: modelName.describe('Model that the action works on'),
    action: writtenAction,
    trigger: trigger.optional(),
    schedule: schedule.optional(),
    monitor: monitor.optional(),
    adopts: reference.optional().describe('Existing server action that `adopt` takes over'),
    environments: uniqueList(environmentName).min(1).optional().describe('Where it exists; everywhere if not written'),
  })
  .meta({ id: 'Definition', title: 'odoo-steward definition' });

export type WrittenDefinition = z.input<typeof writtenDefinition>;
export type WrittenAction = WrittenDefinition['action'];
export type WrittenParameter = NonNullable<NonNullable<WrittenDefinition['trigger']>['parameters']>[string];
export type WrittenAssignments = Extract<WrittenAction, { kind: 'update_record' }>['set'];
