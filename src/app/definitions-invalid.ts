import { inOrder, type Problem } from '../domain/problem.js';

/** The definitions hold mistakes: nothing was asked of Odoo, or nothing was changed there. All of them are in `problems`. */
export class DefinitionsInvalid extends Error {
  override readonly name = 'DefinitionsInvalid';
  readonly code = 'definitions_invalid';
  readonly problems: readonly Problem[];
  constructor(
    readonly source: string,
    problems: readonly Problem[],
  ) {
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    super(
      `The definitions in ${source} have ${errors} ${errors === 1 ? 'mistake' : 'mistakes'}: mend what is listed and try again.`,
    );
    this.problems = inOrder(problems);
  }
}
