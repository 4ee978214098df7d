import type { Path } from './read-yaml.js';

/** Something about one definition; the path is that of the value which is wrong. */
export interface Mistake {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path: Path;
}
