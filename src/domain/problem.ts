/** Where something was written: 1-based line and column, path relative to the definitions' root with `/`. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Something a person has to mend (or should know), at a place. Problems are data, gathered so that every mistake
 * is shown at once; errors are for what stops us on the spot.
 */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Stable, snake_case; documented, usable by scripts. */
  readonly code: string;
  /** What is wrong and what to do, one sentence. */
  readonly message: string;
  readonly at: Place | null;
}

/** `actions/sales.yaml:14:5`, as editors and terminals link it. */
export function showPlace(at: Place): string {
  return `${at.file}:${at.line}:${at.column}`;
}

/** One line a problem: `place  severity  message`. */
export function showProblem(problem: Problem): string {
  const place = problem.at === null ? '' : `${showPlace(problem.at)}  `;
  return `${place}${problem.severity}: ${problem.message}`;
}

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some((p) => p.severity === 'error');
