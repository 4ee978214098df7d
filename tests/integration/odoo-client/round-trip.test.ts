import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isOdooErrorOf } from '../../../src/domain/odoo-error.js';
import { describeEachWay } from './targets.js';

// eslint-disable-next-line no-control-regex -- what XML 1.0 has no way to write
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** XML 1.0 has no way to write the other control characters; nobody can send half a character. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((it) => it.replace(NOT_XML, ''));
const markup = fc.constantFrom(
  '<&>"\'',
  ']]>',
  '&amp;',
  '\t\n  x  \n',
  '',
  'é中文🙂',
  'a\r\nb\rc',
  '</string>',
  '<![CDATA[x]]>',
);
const integer = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });
const key = fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), fc.constantFrom('a b', '<k>', 'é'));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    markup,
    integer,
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((it) => !Number.isInteger(it)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }).map((it) => ({ ...it })),
  ),
}));

const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 'core');

describeEachWay('what is sent comes back', (target) => {
  let action = 0;
  /** A server action that answers with what the context gave it. */
  const echo = async (it: unknown): Promise<unknown> => {
    const context = { echo: it };
    const answer = await target.odoo.call('ir.actions.server', 'run', { ids: [action], context, effect: 'read' });
    return (answer as { echo: unknown }).echo;
  };

  beforeAll(async () => {
    const [model] = await target.odoo.search('ir.model', [['model', '=', 'res.partner']]);
    const code = "action = {'echo': env.context.get('echo')}";
    [action = 0] = await target.odoo.create('ir.actions.server', [
      { name: 'Echo', model_id: model, state: 'code', code },
    ]);
  });

  it('any value of text, numbers, booleans, lists and structures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 25 }), async (values) => {
        expect(await echo(values)).toEqual(values);
      }),
      { numRuns: 15 },
    );
  });

  it('the code of an action, to the byte, carriage returns included', async () => {
    const code = '\n\tx = "<&> é 🙂 ]]>"  \r\ny = 1\rz = 2\n\n';
    await target.odoo.write('ir.actions.server', [action], { help: false });
    const [id = 0] = await target.odoo.create('ir.config_parameter', [{ key: `code.${target.protocol}`, value: code }]);
    expect(await target.odoo.read('ir.config_parameter', [id], ['value'])).toEqual([{ id, value: code }]);
  });

  it('long text', async () => {
    const long = 'né <&> '.repeat(100_000);
    expect(await echo(long)).toBe(long);
  });

  it('binary, which is base64 text on every protocol', async () => {
    const datas = Buffer.from([0, 1, 2, 255, 254, 10, 13]).toString('base64');
    const [id = 0] = await target.odoo.create('ir.attachment', [{ name: 'bytes', datas }]);
    expect(await target.odoo.read('ir.attachment', [id], ['datas'])).toEqual([{ id, datas }]);
  });

  it('dates and times, as text in UTC', async () => {
    const [cron] = await target.odoo.search('ir.cron', [], { limit: 1, context: { active_test: false } });
    const ids = [cron ?? 0];
    await target.odoo.write('ir.cron', ids, { nextcall: '2031-02-03 04:05:06' });
    expect(await target.odoo.read('ir.cron', ids, ['nextcall'])).toEqual([
      { id: cron, nextcall: '2031-02-03 04:05:06' },
    ]);
  });

  it('deep nesting, as deep as is let through', async () => {
    expect(await echo(nested(190))).toEqual(nested(190));
    await expect(echo(nested(201))).rejects.toMatchObject({ code: 'odoo_unsendable', outcome: 'not_done' });
  });

  it('null inside a list on the way there; back over XML-RPC it is no value, though the call was carried out', async () => {
    const answer = target.odoo.call('ir.actions.server', 'run', {
      ids: [action],
      context: { echo: [1, null] },
      effect: 'write',
    });
    expect(await answer).toEqual(target.protocol === 'xmlrpc' ? null : { echo: [1, null] });
  });

  it('integers past 2³¹; over XML-RPC they arrive, and cannot be sent back', async () => {
    const large = 2 ** 40 + 1;
    const answer = echo(large).catch((error: unknown) => error);
    if (target.protocol === 'xmlrpc') expect(isOdooErrorOf(await answer, 'odoo_answer')).toBe(true);
    else expect(await answer).toBe(large);
    const text = "action = {'echo': str(env.context.get('echo'))}";
    await target.odoo.write('ir.actions.server', [action], { code: text });
    expect(await echo(large)).toBe(String(large));
    await target.odoo.write('ir.actions.server', [action], { code: "action = {'echo': env.context.get('echo')}" });
  });

  const refused: Record<string, unknown> = {
    'a NUL character': 'a\u0000b',
    'half a character': 'a\ud800b',
    NaN: NaN,
    'an integer that is not exact': 2 ** 60,
    'a date object': new Date(0),
    'a function': () => 1,
    'an undefined in a list': [undefined],
  };

  it.each(Object.entries(refused))('and %s is refused before anything is sent', async (_what, it) => {
    await expect(echo(it)).rejects.toMatchObject({ code: 'odoo_unsendable', outcome: 'not_done' });
  });

  it('control characters survive JSON, and are refused before XML-RPC would lose them', async () => {
    const control = 'bell \u0007 escape \u001b';
    if (target.protocol === 'xmlrpc') {
      await expect(echo(control)).rejects.toMatchObject({ code: 'odoo_unsendable', outcome: 'not_done' });
    } else expect(await echo(control)).toBe(control);
  });
});
