import { z } from 'zod';
import { planJson, planJsonProblem } from '../../domain/plan/render-json-schema.js';
import type { PlanEntry } from './store.js';

export const failureJson = z
  .object({ code: z.string(), message: z.string(), problems: z.array(planJsonProblem) })
  .meta({ id: 'Failure' });

const planBody = z.union([
  z.object({ plan: planJson, markdown: z.string() }),
  z.object({ failure: failureJson }).transform(({ failure }) => ({ plan: null, markdown: null, failure })),
]);

export interface PlanBody {
  readonly plan: z.output<typeof planJson> | null;
  readonly markdown: string | null;
  readonly failure: z.output<typeof failureJson> | null;
}

/** What a stored plan holds: itself, or why there is none; neither while it is being made. */
export function readPlanBody({ body }: Pick<PlanEntry, 'body'>): PlanBody {
  if (body === null) return { plan: null, markdown: null, failure: null };
  return { failure: null, ...planBody.parse(JSON.parse(body)) };
}
