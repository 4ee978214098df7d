import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { roles, verbs } from '../../../src/domain/access/scopes.js';
import { httpDefaults } from '../../../src/http/index.js';
import { problemKinds } from '../../../src/http/problems/catalogue.js';
import { allRoutes, apiDocument } from '../../support/api-document.js';
import { curlCalls } from '../../support/curl-calls.js';

const path = join(import.meta.dirname, '../../../docs/api.md');
const read = (): string => readFileSync(path, 'utf8');
const routes = allRoutes();
const document = apiDocument();

const table = (head: readonly string[], rows: readonly (readonly string[])[]): Promise<string> => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return format([line(head), line(head.map(() => '---')), ...rows.map(line)].join(''), { parser: 'markdown' });
};

const generated = {
  problems: () =>
    table(
      ['code', 'status', 'meaning'],
      Object.entries(problemKinds).map(([code, { status, title }]) => [`\`${code}\``, `${status}`, title]),
    ),
  operations: () =>
    table(
      ['operation', 'needs', 'what it does'],
      routes.map(({ prefix, route: { method, path: at, scope, summary } }) => [
        `\`${method.toUpperCase()} ${prefix}${at}\``,
        { public: '', authenticated: 'a key', signature: 'a signature' }[scope as string] ?? `\`${scope}\``,
        summary,
      ]),
    ),
};

describe('docs/api.md', () => {
  // UPDATE_GENERATED=1 writes it anew.
  it.each(['problems', 'operations'] as const)('has the table of %s as it is in the code', async (name) => {
    const [begin, end] = [`<!-- generated: ${name} -->\n`, '<!-- end of generated -->'];
    const text = read();
    const from = text.indexOf(begin) + begin.length;
    const wanted = `${text.slice(0, from)}\n${await generated[name]()}\n${text.slice(text.indexOf(end, from))}`;
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, wanted);
    expect(read()).toBe(wanted);
  });

  it('explains each verb and each role', () => {
    const text = read();
    const [, verbTable = '', roleTable = ''] = /^(\| verb [\s\S]*?)\n\n(\| role [\s\S]*?)\n\n/m.exec(text) ?? [];
    const first = (rows: string): string[] => [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
    expect(first(verbTable)).toEqual(verbs);
    const named = [...roleTable.matchAll(/^\| `(\w+)` +\| (.*?) *\|$/gm)].map(([, name, cell = '']) => [
      name,
      [...cell.matchAll(/`([^`]+)`/g)].map(([, verb]) => verb),
    ]);
    expect(named).toEqual(Object.entries(roles));
  });

  it('names the limits as they are', () => {
    const { perAddress, perKey, failedPerAddress } = httpDefaults.rateLimits;
    expect(read()).toContain(
      `${perAddress} requests a minute from one address, ${perKey} with one key, and ${failedPerAddress} from one address`,
    );
    expect(httpDefaults.maxBodyBytes).toBe(1_000_000);
  });

  it('shows problems as they are answered', () => {
    const shown = [...read().matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, json = '']) => JSON.parse(json) as object);
    expect(shown).toHaveLength(1);
    expect(problemsOf('#/components/schemas/Problem', shown[0])).toBeNull();
    expect(shown[0]).toMatchObject({ ...problemKinds.apply_running, code: 'apply_running' });
  });

  describe('each call that it shows', () => {
    const calls = curlCalls(read(), { STEWARD: '/api/v1' });

    it('there are many', () => expect(calls.length).toBeGreaterThan(14));

    it.each(calls.map((call) => [`${call.method} ${call.path}`, call] as const))('%s', (_title, call) => {
      const found = routes.find(
        ({ prefix, route }) =>
          route.method.toUpperCase() === call.method &&
          new RegExp(`^${prefix}${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(call.path),
      );
      if (found === undefined) throw new Error('There is no such operation');
      const { prefix, route } = found;
      const { query, headers, body } = route.request ?? {};
      expect(query?.strict().safeParse(call.query).error?.issues ?? null).toBeNull();
      if (query === undefined) expect(call.query).toEqual({});
      const { authorization, accept, 'content-type': type, ...others } = call.headers;
      expect(authorization).toBe('Bearer $KEY');
      expect(Object.keys(headers?.shape ?? {})).toEqual(expect.arrayContaining(Object.keys(others)));
      expect(headers?.safeParse(others).error?.issues ?? null).toBeNull();
      const types = Object.values(route.responses).flatMap((one) => one.types ?? []);
      if (accept !== undefined) expect(types).toContain(accept);
      if (call.body === null) {
        expect(body === undefined || (body !== 'raw' && body.safeParse(undefined).success)).toBe(true);
        return;
      }
      expect(type).toBe('application/json');
      if (body === undefined || body === 'raw') throw new Error('It takes no JSON');
      expect(body.safeParse(call.body).error?.issues ?? null).toBeNull();
      // What clients are generated from says the same.
      const at = [
        'paths',
        `${prefix}${route.path}`,
        route.method,
        'requestBody',
        'content',
        'application/json',
        'schema',
      ];
      const pointer = at.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/');
      expect(problemsOf(`#/${pointer}`, call.body)).toBeNull();
    });
  });
});

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ ...document, $id: 'document' });

/** The document writes a pattern's flag into the pattern (`…$/u`), which then fits nothing: of `ref` and `revision`. */

function problemsOf(pointer: string, value: unknown): string | null {
  const validate = ajv.compile({ $ref: `document${pointer}` });
  return validate(value) ? null : ajv.errorsText(validate.errors);
}
