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

/** A file that its language cannot read: whatever else is said of it may follow from that. */
const unreadable: ReadonlySet<string> = new Set(['yaml_syntax', 'python_syntax']);

/** By file, then by line; in each file what cannot be read comes first. The same problems always come in the same order. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const key = ({ at, code, message }: Problem): readonly (string | number)[] => [
    at?.file ?? '',
    unreadable.has(code) ? 0 : 1,
    at?.line ?? 0,
    at?.column ?? 0,
    message,
  ];
  return [...problems].sort((one, other) => {
    const theirs = key(other);
    for (const [index, mine] of key(one).entries()) {
      const right = theirs[index] ?? '';
      if (mine !== right) return mine < right ? -1 : 1;
    }
    return 0;
  });
}
