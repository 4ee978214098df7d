import { SourceError } from '../domain/source-error.js';
import type { SourceErrorCode } from '../domain/source-error.js';
import { redact } from './git-url.js';
import type { GitUrl } from './git-url.js';
import type { GitResult } from './run-git.js';

/** git's own words (LC_ALL=C) → what it means and what to mend. The first that matches counts. */
const meanings: readonly (readonly [RegExp, SourceErrorCode, string])[] = [
  [/Host key verification failed/i, 'source_refused', 'add the host to known_hosts'],
  [
    /Authentication failed|could not read (?:Username|Password)|Permission denied|terminal prompts disabled|HTTP Basic|\b40[13]\b/i,
    'source_refused',
    'give a credential that may read it',
  ],
  [
    /repository .*not found|Repository not found|does not appear to be a git repository|does not exist|\b404\b/i,
    'source_missing',
    'mend the address, or the right to see it',
  ],
  [/transport '.*' not allowed/i, 'source_unsafe', 'use https or ssh'],
  [/dubious ownership/i, 'source_refused', 'let this process own the repository, or name it in safe.directory'],
];

/** An error for a git command that reached for the repository and failed. */
export function toSourceError(result: GitResult, url: GitUrl, timeoutMs: number): SourceError {
  if (result.killed === 'timeout') {
    return new SourceError(
      'source_unreachable',
      `${url.shown} did not answer within ${timeoutMs / 1000} s: look at the network, or allow more time`,
    );
  }
  if (result.killed === 'too_large')
    return new SourceError('source_too_large', `${url.shown} sent more than is allowed: name a smaller repository`);
  const said = lastLine(redact(result.stderr, url));
  for (const [pattern, code, hint] of meanings) {
    if (pattern.test(result.stderr)) return new SourceError(code, `${url.shown} cannot be read (${said}): ${hint}`);
  }
  return new SourceError(
    'source_unreachable',
    `${url.shown} cannot be reached (${said}): look at the network and the address`,
  );
}

function lastLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fatal = lines.find((line) => /^(?:fatal|error|remote):/.test(line) && !/^remote:\s*$/.test(line));
  return (fatal ?? lines.at(-1) ?? 'git said nothing').replace(/^(?:fatal|error): /, '').slice(0, 300);
}
