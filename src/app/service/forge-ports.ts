/** Posting back to where definitions are reviewed. */

export type RevisionState = 'pending' | 'success' | 'failure' | 'error';

export interface PostedComment {
  /** `unchanged`: the comment said the same already, and was let be. */
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly id: number;
  /** For people; null where the forge tells none. */
  readonly url: string | null;
  /** Whether the text was too long for the forge and its end was left out. */
  readonly isCut: boolean;
}

/** One repository on its forge. Every method throws `ForgeError`, and nothing else, when it could not be done. */
export interface ForgePoster {
  /**
   * Keeps one comment for each marker (`planMarker`) on a pull request up to date: edits the one that starts with it, or
   * writes the first. May be repeated. Two calls at once for a new marker may write two: callers hold the instance's lease.
   */
  commentOnPullRequest(pullRequest: number, markdown: string, marker: string): Promise<PostedComment>;
  /** Puts a state under a name (`context`) at a revision; the last one counts. May be repeated. */
  setStatus(
    revision: string,
    state: RevisionState,
    context: string,
    description: string,
    targetUrl: string | null,
  ): Promise<void>;
  /** Gives up what is under way and closes idle connections. */
  close(): void;
}
