import { z } from 'zod';
import { isDateTime, isTimezone, nearestTimezone } from './first-run.js';
import { isSaneInterval, parseDuration, parseEvery } from './interval.js';
import { limits } from './limits.js';

/** The small words that definition files are made of. An `error` says what to write instead; schema-problems.ts says what stands there. */
const word = (pattern: RegExp, error: string): z.ZodString => z.string().regex(pattern, { error });

export const localId = word(/^[a-z][a-z0-9_]*$/, 'write small letters, digits and `_`, beginning with a letter')
  .max(limits.idLength, { error: `write at most ${limits.idLength} characters` })
  .refine((id) => !id.endsWith('_schedule'), {
    error: 'choose an id that does not end in `_schedule`, which is kept for scheduled actions',
  })
  .meta({
    description: 'Name of this definition; with the namespace it becomes the external ID',
    examples: ['mark_overdue_invoices'],
  });

export const reference = word(
  /^(?:[A-Za-z0-9_]+\.[A-Za-z0-9_.-]+|#[1-9][0-9]{0,9})$/,
  'write an external ID such as `base.user_root`, or "#57" (in quotes) for a record ID',
).meta({ description: 'External ID (module.name), or "#57" for a record ID that is valid in one database only' });

export const modelName = word(
  /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/,
  'write the technical name of a model, such as `res.partner`',
).meta({
  description: 'Technical name of a model',
  examples: ['account.move'],
});

export const fieldName = word(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'write the technical name of a field, such as `partner_id`',
).meta({
  description: 'Technical name of a field',
});

export const fieldPath = word(
  /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/,
  'write the technical name of a field, or a path over many2one fields such as `partner_id.comment`',
);

export const lineOfText = (maximum: number): z.ZodString =>
  z
    .string()
    .regex(/\S/, { error: 'write some text' })
    .regex(/^[^\n\t]*$/, { error: 'write one line' })
    .max(maximum, { error: `write at most ${maximum} characters` });

/** What people may do in the service, from least to most. */
export const serviceRole = z.enum(['viewer', 'support', 'deployer', 'admin']);

export const channelName = word(
  /^[a-z][a-z0-9_-]*$/,
  'write small letters, digits, `_` and `-`, beginning with a letter',
).max(64);

export const environmentName = word(
  /^[a-z][a-z0-9_-]*$/,
  'write the name of an environment in small letters, such as `production`',
).max(64);

export const variableName = word(
  /^[a-z][a-z0-9_]*$/,
  'write a name in small letters, digits and `_`, such as `overdue_days`',
).max(64);

export const secretName = word(
  /^[A-Za-z][A-Za-z0-9_]*$/,
  'write the name of a secret in the settings, such as `SLACK_WEBHOOK`',
).max(128);

export const codePath = word(/^[^\\\0]+\.py$/, 'write the path of a .py file, relative to this file, with `/`').meta({
  description: 'Path of the .py file, relative to this file',
  examples: ['mark-overdue-invoices.py'],
});

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, { error: 'write a duration such as `30m`, `1h30m` or `2 days`' })
  .meta({ description: 'Duration: 90s, 30m, 1h30m, 2 days', examples: ['30m', '1h30m', '2 days'] });

const unit = z.enum(['minutes', 'hours', 'days', 'weeks', 'months']);
const tooLong = { error: 'write an interval of at most ten years' };

export const every = z
  .union(
    [
      z
        .string()
        .refine((text) => parseEvery(text) !== null, {
          error: 'write a number and a unit, such as `1 day` or `15 minutes`',
        })
        .refine((text) => isSaneInterval(parseEvery(text) ?? { number: 1, unit: 'days' }), tooLong),
      z
        .strictObject({ number: z.int().min(1).max(1_000_000), unit })
        .refine((written) => written.number < 1 || isSaneInterval(written), tooLong),
    ],
    { error: 'write `1 day`, `15 minutes` or `{number: 1, unit: days}`' },
  )
  .meta({ description: 'How often Odoo runs it', examples: ['1 day', '15 minutes'] });

export const timezone = z
  .string()
  .refine(isTimezone, {
    error: (issue) => {
      const near = typeof issue.input === 'string' ? nearestTimezone(issue.input) : null;
      return near === null
        ? 'write an IANA time zone such as `Europe/Brussels`, or `UTC`'
        : `did you mean \`${near}\`?`;
    },
  })
  .meta({ description: 'IANA time zone of `first_run`', examples: ['Europe/Brussels', 'UTC'] });

export const dateTime = z
  .string()
  .refine(isDateTime, {
    error: 'write a date and time such as "2026-01-01T02:00:00", with `Z` or an offset if it is not local',
  })
  .meta({
    description: 'Date and time, local to `timezone` unless it ends in Z or an offset',
    examples: ['2026-01-01T02:00:00'],
  });

/** A list in which nothing stands twice. */
export const uniqueList = <T extends z.ZodType>(item: T): z.ZodArray<T> =>
  z.array(item).check((context) => {
    const seen = new Set<string>();
    context.value.forEach((value, index) => {
      const text = JSON.stringify(value);
      if (seen.has(text)) {
        context.issues.push({
          code: 'custom',
          input: value,
          path: [index],
          message: 'take it out, it is already in this list',
          continue: true,
        });
      }
      seen.add(text);
    });
  });
