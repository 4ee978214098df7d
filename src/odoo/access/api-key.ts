import { z } from 'zod';
import type { OdooClient } from '../odoo-client.js';

const identityCheck = z.object({ res_model: z.literal('res.users.identitycheck'), res_id: z.number() });
const shownKey = z.object({ context: z.object({ default_key: z.string().min(20) }) });

/**
 * Makes an API key for the signed-in user of a web session, the way its preferences do (facts 2.2): 18 and later ask for
 * a lifetime, and every version asks for the password again, up to 18 in a record, from 19 on in the context.
 */
export async function makeApiKey(
  session: OdooClient,
  name: string,
  password: string,
): Promise<{ key: string; validDays: number | null }> {
  const fields = await session.fieldsGet('res.users.apikeys.description');
  const offered = (fields['duration']?.selection ?? []).map(([value]) => Number(value)).filter((days) => days > 0);
  const validDays = offered.length === 0 ? null : Math.max(...offered);
  const lifetime = validDays === null ? {} : { duration: String(validDays) };
  const ids = await session.create('res.users.apikeys.description', [{ name, ...lifetime }]);
  const answer = await session.call('res.users.apikeys.description', 'make_key', { ids, effect: 'write' });
  const asked = identityCheck.safeParse(answer);
  // Right after signing in, some versions trust the session and answer with the key itself.
  if (!asked.success) return { key: shownKey.parse(answer).context.default_key, validDays };
  const check = asked.data.res_id;
  await session.write('res.users.identitycheck', [check], { password });
  const shown = await session.call('res.users.identitycheck', 'run_check', {
    ids: [check],
    context: { password },
    effect: 'write',
    result: shownKey,
  });
  return { key: shown.context.default_key, validDays };
}
