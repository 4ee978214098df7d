import { HttpProblem } from '../problems/http-problem.js';

/** A strong ETag for a version that grows with each change. */
export const versionTag = (version: number): string => `"v${version}"`;

/** The version that `If-Match` names, for a conditional change. Throws 428 without one, 412 when it is not the current one. */
export function mustMatch(ifMatch: string | null, current: string): void {
  if (ifMatch === null) {
    throw new HttpProblem('precondition_required', 'Send If-Match with the ETag of what you saw last.');
  }
  if (matches(ifMatch, current)) return;
  throw new HttpProblem('precondition_failed', 'It changed since you saw it: read it again, then decide.');
}

/** Strong comparison (RFC 9110, 8.8.3.2): a weak tag never matches. `*` matches whatever there is. */
function matches(header: string, current: string): boolean {
  if (header.trim() === '*') return true;
  return [...header.matchAll(/(?:W\/)?"[^"]*"/g)].some(([tag]) => tag === current);
}
