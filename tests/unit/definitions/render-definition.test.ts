import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderDefinition } from '../../../src/domain/definitions/index.js';
import type { WrittenDefinition } from '../../../src/domain/definitions/index.js';
import { readYaml } from '../../../src/domain/definitions/read-yaml.js';
import { checkSchema } from '../../../src/domain/definitions/schema-problems.js';
import { fillIn } from '../../../src/domain/definitions/variables.js';
import { writtenDefinition } from '../../../src/domain/definitions/written-definition.js';

/** As parseDefinitions does it: YAML → variables → schema. */
function readBack(text: string): unknown {
  const { yaml, problems } = readYaml({ path: 'x.yaml', text });
  expect(problems).toEqual([]);
  if (yaml === null) return null;
  const variables = { environment: null, values: new Map(), elsewhere: new Set<string>() };
  const filled = fillIn(yaml.value, variables, (_code, message) => {
    throw new Error(message);
  });
  const checked = checkSchema(writtenDefinition, filled, yaml);
  expect(checked.problems).toEqual([]);
  return checked.written;
}

const awkward = fc.constantFrom(
  'yes',
  'null',
  '12',
  '1e3',
  '#x',
  '- a',
  'a: b',
  '${x}',
  '$${x}',
  '"',
  "'",
  '~',
  '*a',
  '&a',
  '!t',
  '%',
  '@',
  '`',
  '2026-01-01',
  '{a',
  '[a',
  'a #b',
  'é 😀',
  ' x ',
  'x:',
);
const lineText = fc.oneof(
  awkward,
  fc
    .string({ maxLength: 40, unit: 'grapheme' })
    .map((text) => `x${text.replace(/[\p{Cc}\p{Cs}\uFEFF\uFFFE\uFFFF\u2028\u2029]/gu, '')}`),
);
const text = fc.oneof(
  lineText,
  fc.array(lineText, { maxLength: 4 }).map((lines) => lines.join('\n')),
  fc.constantFrom('a\n', 'a\n\n', '\na', '  a\n b', 'a \nb\t\n'),
);
const reference = fc.constantFrom('base.group_user', '#57', 'mail.x-y.z');
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((n) => (Number.isInteger(n) && !Number.isSafeInteger(n) ? 0.5 : Object.is(n, -0) ? 0 : n)),
);
const assignment = fc.oneof(
  scalar,
  fc.record({ expression: text.filter((t) => /\S/.test(t)) }),
  fc.record({ record: reference }),
  fc.constant({ clear: true as const }),
);
const assignments = fc.dictionary(fc.constantFrom('name', 'a.b', 'x_1', 'state'), assignment, { minKeys: 1 });
const action: fc.Arbitrary<WrittenDefinition['action']> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('update_record' as const),
      set: assignments,
      groups: fc.uniqueArray(reference),
      sequence: fc.nat(),
    },
    { requiredKeys: ['kind', 'set'] },
  ),
  fc.record({ kind: fc.constant('code' as const), code: fc.constant('a/b.py') }),
  fc.record({
    kind: fc.constant('multi' as const),
    actions: fc.uniqueArray(fc.constantFrom('a', 'b', 'base.c'), { minLength: 1 }),
  }),
  fc.record(
    {
      kind: fc.constant('activity' as const),
      type: reference,
      summary: lineText.filter((t) => /\S/.test(t)),
      note: text,
    },
    { requiredKeys: ['kind', 'type'] },
  ),
);
const domain = fc.array(
  fc.oneof(
    fc.constantFrom('&', '|', '!'),
    fc.tuple(fc.constant('state'), fc.constantFrom('=', 'in'), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }))),
  ),
  { maxLength: 5 },
);
const definition: fc.Arbitrary<WrittenDefinition> = fc.record(
  {
    id: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/).filter((id) => !id.endsWith('_schedule')),
    name: lineText.filter((t) => /\S/.test(t)),
    description: text,
    model: fc.constantFrom('res.partner', 'account.move'),
    action,
    trigger: fc.record(
      { roles: fc.constant(['support']), records: fc.record({ domain }) },
      { requiredKeys: ['roles'] },
    ),
    schedule: fc.record(
      {
        every: fc.constantFrom('1 day' as const, { number: 2, unit: 'hours' as const }),
        active: fc.boolean(),
        user: reference,
      },
      { requiredKeys: ['every'] },
    ),
    adopts: reference,
  },
  { requiredKeys: ['id', 'name', 'model', 'action'] },
);

describe('renderDefinition', () => {
  it('writes a text that reads back as what it was made of', () => {
    fc.assert(
      fc.property(definition, (written) => {
        expect(readBack(renderDefinition(written))).toEqual(written);
      }),
      { numRuns: 500 },
    );
  });

  it('writes keys in the order of the house, and short values in one line', () => {
    const written: WrittenDefinition = {
      schedule: { user: 'base.user_root', every: '1 day' },
      action: {
        groups: ['base.group_user'],
        set: { ref: { record: '#5' }, name: 'Price ${x}' },
        kind: 'update_record',
      },
      model: 'res.partner',
      name: 'One',
      description: 'First line\nSecond line\n',
      id: 'one',
    };
    expect(renderDefinition(written, { schemaUrl: 'https://example.com/definition.schema.json' }))
      .toBe(`# yaml-language-server: $schema=https://example.com/definition.schema.json
id: one
name: One
description: |
  First line
  Second line
model: res.partner
action:
  kind: update_record
  set:
    ref: {record: "#5"}
    name: Price $\${x}
  groups: [base.group_user]
schedule:
  every: 1 day
  user: base.user_root
`);
  });
});
