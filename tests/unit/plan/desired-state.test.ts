import { describe, expect, it } from '@jest/globals';
import { parseDefinitions } from '../../../src/domain/definitions/index.js';
import { normalizeCode, showInterval, toDesiredState } from '../../../src/domain/plan/desired-state.js';
import type { DesiredAction } from '../../../src/domain/plan/state.js';

function desired(yaml: string, extra: Readonly<Record<string, string>> = {}): DesiredAction | undefined {
  const files = Object.entries({ 'steward.yaml': 'namespace: acme\n', 'a.yaml': yaml, ...extra });
  const { set, problems } = parseDefinitions(
    files.map(([path, text]) => ({ path, text })),
    { environment: null },
  );
  if (set === null) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return toDesiredState(set, { secretDigest: (name) => (name === 'HOOK' ? 'abc' : null) }).actions[0];
}

const head = 'id: a\nname: A\nmodel: res.partner\n';

describe('toDesiredState', () => {
  it('gives an action without groups the runner’s group, and with a schedule one that its user holds', () => {
    const code = 'action: { kind: code, code: a.py }\n';
    expect(desired(head + code, { 'a.py': 'x = 1\n' })?.action['groups']).toEqual(['odoo_steward.group_runner']);
    expect(desired(`${head}${code}schedule: { every: 1 day }\n`, { 'a.py': 'x = 1\n' })?.action['groups']).toEqual([
      'base.group_system',
      'odoo_steward.group_runner',
    ]);
    expect(
      desired(`${head}action: { kind: code, code: a.py, groups: [] }\n`, { 'a.py': 'x = 1\n' })?.action['groups'],
    ).toEqual([]);
  });

  it('names a secret and never holds it', () => {
    const action = desired(`${head}action: { kind: webhook, url: { secret: HOOK }, fields: [name, email] }\n`)?.action;
    expect(action).toMatchObject({ url: { secret: 'HOOK', digest: 'abc' }, fields: ['email', 'name'] });
  });

  it.each([
    ['plain text', 'Call them', 'Call them'],
    ['the paragraph that Odoo makes of it', '<p>Call them</p>', 'Call them'],
    ['richer HTML', '<p>Call <b>them</b></p>', '<p>Call <b>them</b></p>'],
  ])('writes the note of an activity as it reads back: %s', (_, note, expected) => {
    const yaml = `${head}action: { kind: activity, type: mail.mail_activity_data_todo, note: ${JSON.stringify(note)} }\n`;
    expect(desired(yaml)?.action['note']).toBe(expected);
  });

  it('has one spelling for an interval', () => {
    expect([showInterval(1, 'days'), showInterval(15, 'minutes'), showInterval(1, 'months')]).toEqual([
      '1 day',
      '15 minutes',
      '1 month',
    ]);
  });

  it.each([
    ['a\r\nb\rc', 'a\nb\nc'],
    ['', null],
    [null, null],
    ['x\n\n', 'x\n\n'],
    ['\tx ', '\tx '],
  ])('normalises code as Odoo does and no more: %j', (code, expected) => {
    expect(normalizeCode(code)).toBe(expected);
  });
});
