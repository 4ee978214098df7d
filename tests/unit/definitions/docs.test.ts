import { describe, expect, it } from '@jest/globals';
import {
  definitionsPage,
  documentedExamples,
  documentedSteward,
  exampleFiles,
} from '../../support/documented-examples.js';
import { problemsOf } from './repository.js';

describe('docs/definitions.md', () => {
  it('has an example of every kind of action', () => {
    const kinds = new Set([...definitionsPage.matchAll(/kind: (\w+)/g)].map(([, kind]) => kind));
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

  it('shows nothing but whole definitions and one steward.yaml', () => {
    expect(documentedSteward).toMatch(/^namespace: /);
    expect(documentedExamples.filter(({ id }) => id === '')).toEqual([]);
    expect(definitionsPage.match(/```ya?ml/g)).toHaveLength(documentedExamples.length + 1);
  });

  it.each(documentedExamples.map(({ id, yaml }) => [id, yaml]))(
    'the example %s has no mistakes beside the others',
    (id, yaml) => {
      const files = {
        ...exampleFiles(...documentedExamples.map((one) => one.id)),
        'steward.yaml': documentedSteward,
        [`${id}.yaml`]: yaml,
        'code.py': 'x = 1\n',
      };
      expect(problemsOf(files, 'production')).toEqual([]);
    },
  );
});
