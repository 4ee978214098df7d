import { describe, expect, it } from '@jest/globals';
import { showProblem } from '../../../src/domain/problem.js';
import { pythonChecker } from '../../../src/python/index.js';

const checker = pythonChecker();
const lines = async (code: string, serie: string | null = '19.0') =>
  (await checker.check([{ path: 'a.py', code }], serie)).map(showProblem);

describe('pythonChecker', () => {
  it('has nothing to say about ordinary server-action code', async () => {
    const code = `
limit = datetime.datetime.now() - dateutil.relativedelta.relativedelta(days=30)
def stale(order, limit=limit):
    return order.write_date < limit
for order in records or model.search([('state', '=', 'draft')], limit=500):
    try:
        if stale(order):
            order.write({'state': 'cancel', 'note': f'{order.name}: {order.amount_total:.2f}'})
    except Exception as e:
        log('failed: %s' % e, level='error')
        raise UserError('no') from e
names = [line.name for order in records for line in order.order_line if line.price_unit > 0]
key = sorted(records, key=lambda record: record.name)
match uid:
    case 1 | 2:
        names.append('system')
    case _:
        pass
action = {'type': 'ir.actions.client', 'params': {**{'names': names}, 'id': env.context.get('active_id')}}
`;
    expect(await lines(code)).toEqual([]);
  });

  it.each([
    ['import json', 'a.py:1:1  error: Odoo refuses `import`: put what needs it into a module of Odoo'],
    ['x = 1\nfrom datetime import date', 'a.py:2:1  error: Odoo refuses `import`: `datetime` is there already'],
    ["record.name = 'x'", "a.py:1:8  error: Odoo refuses to set an attribute: write `….write({'name': …})`"],
    [
      "if record:\n    record.partner_id.name += 'x'",
      "a.py:2:23  error: Odoo refuses to set an attribute: write `….write({'name': …})`",
    ],
    ['a, *b = [1]', 'a.py:1:4  error: Odoo refuses `*` in an assignment: use a slice, such as `rest = values[1:]`'],
    ["d = {}\ndel d['x']", 'a.py:2:6  error: Odoo refuses `del` of an item: use `.pop(key)`, or make a new list'],
    ['assert record', 'a.py:1:1  error: Odoo refuses `assert`: write `if not …: raise UserError(…)`'],
    [
      'with env.cr.savepoint():\n    pass',
      'a.py:1:1  error: Odoo refuses `with`: call the methods themselves, with `try … finally` if something has to be closed',
    ],
    ['class A:\n    pass', 'a.py:1:1  error: Odoo refuses `class`: use functions and dictionaries'],
    ['x = record.__class__', 'a.py:1:12  error: Odoo refuses `__class__`: no name may hold two underscores'],
    ['a＿＿b = 1', 'a.py:1:1  error: Odoo refuses `a__b`: no name may hold two underscores'],
    [
      'x = record.gi_frame',
      'a.py:1:12  error: Odoo refuses the name `gi_frame`, which leads into Python itself: choose another',
    ],
    [
      'n = 0\ndef f():\n    global n\n    n = 1',
      'a.py:3:12  error: Odoo refuses `global n`: return the value, or keep it in a dictionary',
    ],
    ['n: int = 1', 'a.py:1:1  error: Odoo refuses a type annotation here: take out the `: type`'],
    [
      'def f(a):\n    return lambda x: x + a',
      'a.py:2:26  error: Odoo refuses to use `a` of the function around: pass it to the function, as a parameter with a default (`def f(x, limit=limit)`)',
    ],
    ['return 1', 'a.py:1:1  error: Python cannot read this: `return` statement outside of a function/method'],
    [
      'match uid:\n    case [a, b]:\n        pass',
      'a.py:2:10  error: Odoo refuses patterns that take a value apart: compare with values only, or use `if`',
    ],
  ])('refuses %j with its place and a way out', async (code, expected) => {
    expect(await lines(code)).toEqual([expected]);
  });

  it.each([
    ['print(1)', "a.py:1:1  warning: Not available in Odoo's server actions: `print`, use `log(…)`"],
    [
      "x = getattr(record, 'name')",
      "a.py:1:5  warning: Not available in Odoo's server actions: `getattr`, use `record['field']`",
    ],
    [
      'try:\n    x = 1\nexcept ValueError:\n    pass',
      "a.py:3:8  warning: Not available in Odoo's server actions: `ValueError`, catch `Exception`, or raise `UserError`",
    ],
    ['recrods.unlink()', 'a.py:1:1  warning: `recrods` is not defined here: did you mean `records`?'],
    ['total = 1\nlog(str(totl))', 'a.py:2:9  warning: `totl` is not defined here: did you mean `total`?'],
    ['self.write({})', 'a.py:1:1  warning: `self` is not defined here: use `records`, `record` or `model`'],
    ['x = zzqq', 'a.py:1:5  warning: `zzqq` is not defined here: give it a value first'],
    ['x = 1 is 1', 'a.py:1:5  warning: Use `==` to compare constant literals'],
  ])('warns about %j', async (code, expected) => {
    expect(await lines(code)).toEqual([expected]);
  });

  it('shows every mistake at once', async () => {
    expect(await lines('import os\nrecord.a = 1\nprint(os.__name__)\n')).toEqual([
      expect.stringContaining('a.py:1:1  error: Odoo refuses `import`'),
      expect.stringContaining('a.py:2:8  error: Odoo refuses to set an attribute'),
      expect.stringContaining('a.py:3:1  warning: Not available'),
      expect.stringContaining('a.py:3:10  error: Odoo refuses `__name__`'),
    ]);
  });

  it('counts columns as editors do, also behind umlauts and emoji', async () => {
    expect(await lines("a = 'äöü😀'; import os")).toEqual([
      expect.stringContaining('a.py:1:14  error: Odoo refuses `import`'),
    ]);
    expect(await lines("a = 'äöü😀'; )")).toContain('a.py:1:14  error: Python cannot read this: Expected a statement');
  });

  it('strips code as Odoo does before it compiles it, and keeps the places of the file', async () => {
    expect(await lines('\n\n   x = 1\n')).toEqual([]);
    expect(await lines('\n\n   import os\n')).toEqual([expect.stringContaining('a.py:3:4  error')]);
    expect(await lines('\n  x = 1\n  y = 2\n')).toEqual([
      expect.stringMatching(/^a\.py:3:\d {2}error: Python cannot read this: Unexpected indentation/),
    ]);
  });

  describe('knows the version', () => {
    it.each([
      [
        '14.0',
        'match uid:\n    case 1:\n        pass',
        /^a\.py:1:1 {2}error: Cannot use `match` statement on Python 3\.7/,
      ],
      ['14.0', "x = f'{uid}'", /^a\.py:1:5 {2}warning: Many builds of this Odoo refuse f-strings/],
      ['14.0', 'x = Command.clear()', /^a\.py:1:5 {2}warning: `Command` is not defined here/],
      [
        '14.0',
        'def f(a):\n    return [x for x in a if x in a]',
        /^a\.py:2:34 {2}error: Odoo refuses to use `a` from outside/,
      ],
      [
        '19.0',
        'def f(a):\n    return [x for x in a if x in a]',
        /^a\.py:2:34 {2}warning: With a Python before 3\.12 Odoo refuses/,
      ],
      ['19.0', "raise Warning('x')", /^a\.py:1:7 {2}warning: Not available in Odoo's server actions: `Warning`/],
      ['18.0', 'type X = int', /^a\.py:1:1 {2}warning: Needs Python 3\.12 or later on the Odoo server/],
    ])('%s: %j', async (serie, code, expected) => {
      expect(await lines(code, serie)).toEqual([expect.stringMatching(expected)]);
    });

    it.each([
      ['14.0', "raise Warning('x')"],
      [
        '17.0',
        "x = f'{uid}'\nmatch uid:\n    case 1:\n        pass\nx = Command.clear()\ny = float_compare(1, 2)\n_logger.info('x')",
      ],
      [null, "x = f'{uid}'; Command.clear()"],
    ])('%s takes %j', async (serie, code) => {
      expect(await lines(code, serie)).toEqual([]);
    });
  });

  it('gives the same answer when it is asked again, and another for another path', async () => {
    const first = await checker.check([{ path: 'x.py', code: 'import os' }], '19.0');
    expect(await checker.check([{ path: 'x.py', code: 'import os' }], '19.0')).toEqual(first);
    expect((await checker.check([{ path: 'y.py', code: 'import os' }], '19.0'))[0]?.at?.file).toBe('y.py');
  });
});
