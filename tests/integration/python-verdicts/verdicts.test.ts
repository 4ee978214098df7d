import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { pythonChecker } from '../../../src/python/index.js';
import { startOdoo } from '../../odoo/index.js';
import type { TestDatabase } from '../../odoo/index.js';

interface Snippet {
  readonly name: string;
  readonly code: string;
}

const fixture = new URL('../../fixtures/python/verdicts.json', import.meta.url);
const all = (JSON.parse(readFileSync(fixture, 'utf8')) as { snippets: readonly Snippet[] }).snippets;
/** Code that can never run: we refuse it on purpose, Odoo's compiler leaves it out. */
const stricter =
  /^(?:assert|assert constant message|debug dead|lambda dead|dunder in dead branch|while true (?:else|after)|if str|after raise(?: with)?)$/;
/** Every fourth of the recorded snippets, which is enough to notice another Odoo or another Python. */
const snippets = all.filter(({ name, code }, index) => index % 4 === 0 && !stricter.test(name) && code.trim() !== '');

describe.each([['14'], ['19']] as const)('Odoo %s', (version) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await (await startOdoo(version)).createDatabase('base');
  });
  afterAll(async () => {
    await database.drop();
  });

  it('creates a server action exactly when our check lets its code pass', async () => {
    const { uid, apiKey } = database.admin;
    const execute = async (
      model: string,
      method: string,
      ...args: unknown[]
    ): Promise<{ result?: unknown; error?: unknown }> => {
      const response = await fetch(`${database.url}/jsonrpc`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          jsonrpc: '2.0',
          method: 'call',
          params: { service: 'object', method: 'execute_kw', args: [database.name, uid, apiKey, model, method, args] },
        }),
      });
      // With several databases on one server Odoo 14 shows a ValidationError as a page with status 500.
      if (response.status === 500) return { error: await response.text() };
      return (await response.json()) as { result?: unknown; error?: unknown };
    };
    const { result: models } = await execute('ir.model', 'search', [['model', '=', 'res.partner']]);
    const [modelId] = models as number[];

    const checker = pythonChecker();
    const different: string[] = [];
    for (const { name, code } of snippets) {
      const values = { name: `verdict: ${name}`, model_id: modelId, state: 'code', code };
      const { result } = await execute('ir.actions.server', 'create', [values]);
      const problems = await checker.check([{ path: 'code.py', code }], `${version}.0`);
      const refused = problems.some(({ severity }) => severity === 'error');
      // What depends on the server's Python is a warning, and may go either way.
      const depends = problems.some(({ code: problem }) => problem === 'python_version');
      const taken = result !== undefined;
      if (taken === refused && !(depends && !refused)) different.push(name);
    }
    expect(different).toEqual([]);
  });
});
