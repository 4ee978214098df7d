import { SourceError } from '../domain/source-error.js';
import { nearest } from '../domain/definitions/index.js';

/** What `ls-remote` says: full ref name → object; of an annotated tag the commit is under `name^{}`. */
export type RemoteRefs = ReadonlyMap<string, string>;

export function parseRemoteRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  for (const line of output.split('\n')) {
    const match = /^([0-9a-f]{40,64})\t(\S+)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) refs.set(match[2], match[1]);
  }
  return refs;
}

export type ResolvedRef =
  /** A name that the remote knows, and the commit it stands for at this moment. */
  | { readonly kind: 'ref'; readonly name: string; readonly commit: string }
  | { readonly kind: 'commit'; readonly commit: string }
  /** 4 to 39 hex digits: only a full history tells which commit is meant. */
  | { readonly kind: 'prefix'; readonly prefix: string };

/** Names that git takes, without anything that it would read as an option or as an expression. */
const name = /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\.lock$|\/$))[^\s~^:?*[\]\\\p{Cc}]{1,250}$/u;

export function checkRef(ref: string): void {
  if (!name.test(ref))
    throw new SourceError(
      'revision_unknown',
      `"${ref.slice(0, 80)}" is no revision: write a branch, a tag or a commit hash`,
    );
}

/** Finds a branch, tag or commit; null: the default branch. */
export function resolveRef(ref: string | null, refs: RemoteRefs, shownUrl: string): ResolvedRef {
  if (refs.size === 0) throw new SourceError('revision_unknown', `${shownUrl} is empty: push a first commit`);
  if (ref === null) {
    const commit = refs.get('HEAD');
    if (commit === undefined)
      throw new SourceError('revision_unknown', `${shownUrl} names no default branch: say which branch to use`);
    return { kind: 'ref', name: 'HEAD', commit };
  }
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)) return { kind: 'commit', commit: ref };

  const candidates = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  const found = candidates.filter((candidate) => refs.has(candidate));
  if (found.length > 1) {
    throw new SourceError(
      'revision_unknown',
      `"${ref}" is both a branch and a tag of ${shownUrl}: write ${found.join(' or ')}`,
    );
  }
  const [full] = found;
  if (full !== undefined) return { kind: 'ref', name: full, commit: refs.get(`${full}^{}`) ?? refs.get(full) ?? '' };
  if (/^[0-9a-f]{4,63}$/.test(ref)) return { kind: 'prefix', prefix: ref };

  const names = [...refs.keys()]
    .filter((r) => /^refs\/(?:heads|tags)\//.test(r) && !r.endsWith('^{}'))
    .map((r) => r.replace(/^refs\/[^/]+\//, ''));
  const near = nearest(ref, names);
  const hint = near === null ? 'write a branch, a tag or a commit hash that it has' : `did you mean "${near}"?`;
  throw new SourceError('revision_unknown', `${shownUrl} has no branch or tag "${ref}": ${hint}`);
}
