import { z } from 'zod';
import type { ActionRunner, ActionRunOutcome } from '../../app/ports.js';
import { isOdooError, isOdooErrorOf, type AnyOdooError } from '../../domain/odoo-error.js';
import type { OdooClient } from '../odoo-client.js';
import { ACTION_MODEL, SCHEDULE_MODEL } from './features.js';
import { sentence } from './load-rows.js';

/** 19: a schedule whose code failed answers with this, and with success (facts 6.5). */
const displayException = z.object({
  tag: z.literal('display_exception'),
  params: z.object({
    message: z.string().optional(),
    data: z
      .object({ name: z.string().optional(), message: z.string().optional(), debug: z.string().optional() })
      .optional(),
  }),
});

/** Runs one action, or one schedule, once: nothing here is ever sent twice. */
export function createActionRunner(client: OdooClient): ActionRunner {
  return {
    async run({ actionId, model, recordIds, context, signal, timeoutMs }) {
      return await attempt(async () => {
        // `run` on nothing answers `false`, which looks like success (facts 5.1); whether the action itself is there, `run`
        // finds out by itself, and a user who may run it need not be allowed to read it.
        const missing = await missingRecords(client, model, recordIds);
        if (missing !== null) return refused(missing);
        const result = await client.call(ACTION_MODEL, 'run', {
          ids: [actionId],
          context: {
            ...context,
            ...(recordIds.length === 0 ? {} : { active_model: model, active_id: recordIds[0], active_ids: recordIds }),
          },
          effect: 'write',
          ...(signal === undefined ? {} : { signal }),
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
        });
        return succeeded(result);
      });
    },

    async runSchedule(scheduleId, options = {}) {
      return await attempt(async () => {
        const [there] = await client.search(SCHEDULE_MODEL, [['id', '=', scheduleId]], {
          context: { active_test: false },
        });
        if (there === undefined) return refused(`There is no schedule #${scheduleId} in this database.`);
        const result = await client.call(SCHEDULE_MODEL, 'method_direct_trigger', {
          ...options,
          ids: [scheduleId],
          effect: 'write',
        });
        const failure = displayException.safeParse(result);
        return failure.success ? failed(exceptionSentence(failure.data.params)) : succeeded(null);
      });
    },
  };
}

async function missingRecords(client: OdooClient, model: string, ids: readonly number[]): Promise<string | null> {
  if (ids.length === 0) return null;
  const there = new Set(await client.search(model, [['id', 'in', ids]], { context: { active_test: false } }));
  const missing = ids.filter((id) => !there.has(id));
  return missing.length === 0
    ? null
    : `Nothing was run, because ${missing.map((id) => `${model} #${id}`).join(', ')} ${missing.length === 1 ? 'does' : 'do'} not exist or may not be read by this user.`;
}

async function attempt(run: () => Promise<ActionRunOutcome>): Promise<ActionRunOutcome> {
  try {
    return await run();
  } catch (error) {
    if (!isOdooError(error)) throw error;
    return outcomeOf(error);
  }
}

function outcomeOf(error: AnyOdooError): ActionRunOutcome {
  // Carried out and committed; only its result cannot be told (facts 5.3).
  if (isOdooErrorOf(error, 'odoo_answer')) {
    return { status: 'succeeded', result: null, message: 'It ran; Odoo could not hand over its result.' };
  }
  if (error.outcome === 'unknown') return { status: 'unknown', result: null, message: error.message };
  const said = error.detail === null ? error.message : sentence(error.detail);
  // Its own record is gone; any other missing record is the code's affair. XML-RPC tells by the text alone.
  if (/\bir\.(actions\.server|cron)\(\d+,\)/.test(said)) return refused(`It is not there any more: ${said}`);
  if (isOdooErrorOf(error, 'odoo_access', 'odoo_busy', 'odoo_credentials', 'odoo_unsendable')) return refused(said);
  return failed(said);
}

/** The exception's own class stands in the traceback alone, as the line before Odoo's wrapping begins. */
function exceptionSentence({ message, data }: z.output<typeof displayException>['params']): string {
  const debug = data?.debug ?? '';
  const cause = debug.split('\nThe above exception was the direct cause')[0] ?? '';
  const line = cause
    .trim()
    .split('\n')
    .filter((one) => /^\S/.test(one))
    .pop();
  const said = line ?? data?.message ?? message ?? '';
  return sentence(
    said === '' ? 'Its code raised an exception; the server log has it' : said.replace(/ while evaluating$/, ''),
  );
}

const succeeded = (result: unknown): ActionRunOutcome => ({
  status: 'succeeded',
  result: result ?? null,
  message: null,
});
const failed = (message: string): ActionRunOutcome => ({ status: 'failed', result: null, message });
const refused = (message: string): ActionRunOutcome => ({ status: 'refused', result: null, message });
