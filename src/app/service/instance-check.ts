import { z } from 'zod';
import type { InstanceState, Store } from './store.js';

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

interface CheckedState {
  readonly state: InstanceState;
  /** null: nobody looked yet, or another version of us kept something else. */
  readonly check: InstanceCheck | null;
}

/** The last check of each instance, by the time it was made: a board that asks often does not parse megabytes often. */
const parsed = new WeakMap<object, Map<string, { readonly checkedAt: number; readonly check: InstanceCheck | null }>>();

/** What is known of an instance, and how it stood when it was last looked at. */
export async function readCheck(store: Pick<Store, 'instances'>, name: string): Promise<CheckedState> {
  const state = await store.instances.get(name);
  const { checkedAt } = state;
  if (checkedAt === null) return { state, check: null };
  const cache = parsed.get(store.instances) ?? new Map<string, { checkedAt: number; check: InstanceCheck | null }>();
  parsed.set(store.instances, cache);
  const known = cache.get(name);
  if (known?.checkedAt === checkedAt) return { state, check: known.check };
  const text = await store.instances.lastCheck(name);
  const check = text === null ? null : (instanceCheck.safeParse(JSON.parse(text)).data ?? null);
  cache.set(name, { checkedAt, check });
  return { state, check };
}
