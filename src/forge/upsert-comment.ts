import type { PostedComment } from '../app/service/forge-ports.js';
import { cutMarkdown, ForgeError } from '../domain/forge/index.js';

export interface ForgeComment {
  readonly id: number;
  readonly body: string;
  readonly url: string | null;
}

/** The comments of one pull request. */
export interface CommentThread {
  /** From 1 on, oldest first. */
  readPage(page: number): Promise<{ readonly comments: readonly ForgeComment[]; readonly hasNext: boolean }>;
  create(body: string): Promise<ForgeComment>;
  update(id: number, body: string): Promise<ForgeComment>;
}

export interface UpsertLimits {
  readonly maxCharacters: number;
  readonly maxPages: number;
}

/**
 * Edits the comment that starts with the marker, or writes the first. One that may not be edited is somebody else's, who
 * wrote our marker, or a former token's: it is passed over.
 */
export async function upsertComment(
  thread: CommentThread,
  markdown: string,
  marker: string,
  limits: UpsertLimits,
): Promise<PostedComment> {
  const { text, isCut } = cutMarkdown(markdown, limits.maxCharacters - marker.length - 1);
  const body = `${marker}\n${text}`;
  for (const known of await findMarked(thread, marker, limits.maxPages)) {
    if (isSame(known.body, body)) return { outcome: 'unchanged', id: known.id, url: known.url, isCut };
    try {
      const { id, url } = await thread.update(known.id, body);
      return { outcome: 'updated', id, url, isCut };
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
  }
  const { id, url } = await thread.create(body);
  return { outcome: 'created', id, url, isCut };
}

async function findMarked(thread: CommentThread, marker: string, maxPages: number): Promise<readonly ForgeComment[]> {
  const found: ForgeComment[] = [];
  let first: number | null = null;
  for (let page = 1; page <= maxPages; page++) {
    const { comments, hasNext } = await thread.readPage(page);
    const start = comments[0]?.id ?? null;
    // A forge that knows no pages of comments (Gitea's older versions) gives them all each time.
    if (start === null || start === first) break;
    first ??= start;
    found.push(...comments.filter((comment) => comment.body.startsWith(marker)));
    if (!hasNext) break;
  }
  return found;
}

/** Forges keep line ends and blanks at the end as they like. */
const isSame = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();

const isForbidden = (error: unknown): boolean =>
  error instanceof ForgeError &&
  (error.status === 403 || error.status === 404) &&
  (error.code === 'forge_unauthorised' || error.code === 'forge_not_found');
