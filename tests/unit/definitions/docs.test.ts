import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { problemsOf } from './repository.js';

const text = readFileSync(new URL('../../../docs/definitions.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/^```yaml( steward)?\n([\s\S]*?)^```$/gm)].map(([, isSteward, yaml = '']) => ({
  isSteward: isSteward !== undefined,
  yaml,
}));
const steward = blocks.find(({ isSteward }) => isSteward)?.yaml ?? '';
const definitions = blocks.filter(({ isSteward }) => !isSteward).map(({ yaml }) => yaml);

describe('docs/definitions.md', () => {
  it('has an example of every kind of action', () => {
    const kinds = new Set([...text.matchAll(/kind: (\w+)/g)].map(([, kind]) => kind));
    expect([...kinds].sort()).toEqual([
      'activity',
      'code',
      'copy_record',
      'create_record',
      'email',
      'followers',
      'multi',
      'update_record',
      'webhook',
    ]);
  });

  it.each(definitions.map((yaml, index) => [/^id: (.*)$/m.exec(yaml)?.[1] ?? `block ${index}`, yaml]))(
    'the example %s has no mistakes',
    (_id, yaml) => {
      const others = {
        'code.py': 'x = 1\n',
        'other.yaml': 'id: say_goodbye\nname: Bye\nmodel: res.partner\naction: { kind: code, code: code.py }\n',
      };
      expect(problemsOf({ 'steward.yaml': steward, 'example.yaml': yaml, ...others }, 'production')).toEqual([]);
    },
  );
});
