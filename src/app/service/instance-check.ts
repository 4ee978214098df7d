import { z } from 'zod';

/** How an instance stood against its definitions when it was last looked at. */
export const instanceCheck = z
  .strictObject({
    status: z
      .enum(['in_sync', 'pending', 'drifted', 'unreachable'])
      .describe('pending: git moved and waits; drifted: Odoo moved; unreachable: nobody could look'),
    since: z.int().describe('UTC, milliseconds: since when it has this status'),
    revision: z.string().nullable(),
    odoo: z.string().nullable().describe('Version, such as 19.0'),
    digest: z.string().nullable().describe('Of the plan that would bring it in line'),
    counts: z
      .strictObject({
        create: z.int(),
        update: z.int(),
        delete: z.int(),
        adopt: z.int(),
        held: z.int(),
        unchanged: z.int(),
      })
      .nullable(),
    driftCount: z.int(),
    drift: z.unknown().describe('As `odoo-steward drift --json` prints it'),
    definitions: z.array(
      z.strictObject({
        id: z.string(),
        externalId: z.string(),
        name: z.string(),
        model: z.string().nullable(),
        kind: z.string().nullable(),
        file: z.string(),
        hasSchedule: z.boolean(),
        status: z.enum(['in_sync', 'held', 'new', 'pending', 'drifted']),
      }),
    ),
    problem: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'InstanceCheck' });

export type InstanceCheck = Readonly<z.output<typeof instanceCheck>>;

/** The last text and what it says: a board that asks often does not parse it often. */
const parsed = new Map<string, InstanceCheck>();

/** null where nothing was kept yet, or where another version of us kept something else. */
export function readCheck(text: string | null): InstanceCheck | null {
  if (text === null) return null;
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const check = instanceCheck.safeParse(JSON.parse(text));
  if (!check.success) return null;
  if (parsed.size >= 50) parsed.clear();
  parsed.set(text, check.data);
  return check.data;
}
