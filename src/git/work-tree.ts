import { isSkipped, isWanted } from './limits.js';
import { GitMissing, runGit } from './run-git.js';

export interface WorkTreeState {
  /** HEAD's commit hash. */
  readonly revision: string;
  /** No definition or code file under the folder differs from HEAD. */
  readonly clean: boolean;
}

/** What git says of a folder; null when it is in no work tree, has no commit yet, or git is not to be had. */
export async function workTreeState(folder: string, signal?: AbortSignal): Promise<WorkTreeState | null> {
  const options = { timeoutMs: 30_000, signal };
  try {
    const head = await runGit(
      ['-C', folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}'],
      options,
    );
    const revision = head.stdout.toString('utf8').trim();
    if (head.status !== 0 || !/^[0-9a-f]{40,64}$/.test(revision)) return null;
    // Files that git ignores are read like all others, so they count like all others.
    const status = await runGit(
      [
        '-C',
        folder,
        'status',
        '--porcelain',
        '-z',
        '--no-renames',
        '--untracked-files=all',
        '--ignored=traditional',
        '--',
        '.',
      ],
      options,
    );
    if (status.status !== 0) return null;
    const changed = status.stdout
      .toString('utf8')
      .split('\0')
      .map((entry) => entry.slice(3));
    return {
      revision,
      clean: !changed.some((path) => (isWanted(path) || path.endsWith('/')) && !isSkipped(path.replace(/\/$/, ''))),
    };
  } catch (error) {
    if (error instanceof GitMissing) return null;
    throw error;
  }
}
