import { z } from 'zod';
import { parseDuration } from '../domain/definitions/interval.js';
import { timezone } from '../domain/definitions/written-words.js';
import type { SyncPolicy } from '../domain/sync/decide-sync.js';
import { parseWindowTimes } from '../domain/sync/parse-window.js';

const policies = ['manual', 'automatic', 'automatic_prune'] as const satisfies readonly SyncPolicy[];
const WEEK_SECONDS = 7 * 86_400;

/** A duration of at most a week, `off`, or 0, which says the same. */
const interval = (examples: readonly string[]) =>
  z
    .union(
      [
        z.string().superRefine((text, context) => {
          const mistake = intervalMistake(text);
          if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
        }),
        z
          .number()
          .refine((number) => number === 0, { error: 'give it a unit, such as `5m`, or write `off`' })
          .meta({ const: 0 }),
      ],
      { error: 'write a duration such as `5m`, or `off`' },
    )
    .meta({ examples: [...examples] });

function intervalMistake(text: string): string | null {
  if (isOff(text)) return null;
  if (['never', 'none', 'no', 'false', 'disabled'].includes(text.toLowerCase())) return 'did you mean `off`?';
  const seconds = parseDuration(text);
  if (seconds === null) return 'write a duration such as `5m`, or `off`';
  return seconds > WEEK_SECONDS ? 'write at most `7d`, or `off`' : null;
}

export const isOff = (interval: string | number): boolean => interval === 'off' || interval === '0' || interval === 0;

const times = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseWindowTimes(text);
    if ('mistake' in parsed) context.addIssue({ code: 'custom', message: parsed.mistake });
  })
  .meta({ examples: ['mon-fri 08:00-18:00', 'daily 23:00-04:00', 'sat,sun 00:00-24:00'] });

const syncWindow = z
  .strictObject({
    allow: times.optional().describe('Days and times at which it may write; with any `allow`, at no other'),
    deny: times.optional().describe('Days and times at which it must not write, whatever is allowed'),
    timezone: timezone
      .optional()
      .describe('IANA time zone of these times; default: `timezone` beside `windows`, else UTC'),
  })
  .refine((written) => (written.allow === undefined) !== (written.deny === undefined), {
    error: 'give one of `allow` and `deny`',
  });

export const writtenSync = z.strictObject({
  policy: z
    .enum(policies)
    .optional()
    .describe('manual (default): a person applies; automatic: it applies by itself; automatic_prune: and deletes'),
  poll: interval(['5m', 'off'])
    .optional()
    .describe('How often git is asked for news (default 5m); `off` or 0: only a webhook or a person says so'),
  check_drift: interval(['15m', 'off']).optional().describe('How often Odoo is compared (default 15m); `off`: never'),
  timezone: timezone.optional().describe('IANA time zone of windows that name none; default: UTC'),
  windows: z.array(syncWindow).optional().describe('When it may write; deny wins over allow'),
});

export type WrittenSync = z.output<typeof writtenSync>;
