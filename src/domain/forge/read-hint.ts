import { z } from 'zod';
import type { ForgeKind } from './forge-kind.js';
import type { Delivery } from './verify-delivery.js';

export interface HintedRepository {
  /** Where it can be cloned from or looked at: https, ssh and page, as the forge writes them. */
  readonly urls: readonly string[];
  readonly defaultBranch: string | null;
}

/** What a delivery says happened. Never a fact: it only says where to fetch and look. */
export type Hint =
  | { readonly kind: 'ping'; readonly repository: HintedRepository | null }
  | {
      readonly kind: 'push';
      readonly repository: HintedRepository;
      /** In full: `refs/heads/main`. */
      readonly ref: string;
      /** Null: the ref is new. */
      readonly before: string | null;
      /** Null: the ref was deleted. */
      readonly after: string | null;
      readonly deleted: boolean;
    }
  | {
      readonly kind: 'pull_request';
      /** The one that it would be merged into. */
      readonly repository: HintedRepository;
      /** GitLab's `iid`. */
      readonly number: number;
      readonly headRevision: string;
      /** Branch names, without `refs/heads/`. */
      readonly headRef: string;
      readonly baseRef: string;
      readonly isOpen: boolean;
      /** From another repository, or one that is gone: written by somebody who may not push here. */
      readonly isFromFork: boolean;
    };

/**
 * Reads a payload that `verifyDelivery` accepted. Null: it is cut off, no JSON, or not of the form that the forge
 * documents; polling will see what it was about. Never throws.
 */
export function readHint(
  { forge, event }: Pick<Delivery, 'forge' | 'event'>,
  body: Uint8Array,
  contentType: string | null,
): Hint | null {
  const payload = parsePayload(forge, body, contentType);
  return payload === undefined ? null : (readers[family(forge)][event].safeParse(payload).data ?? null);
}

const family = (forge: ForgeKind): 'github' | 'gitlab' => (forge === 'gitlab' ? 'gitlab' : 'github');

/** Undefined: none. GitHub sends a form around the JSON unless its webhook is told not to. */
function parsePayload(forge: ForgeKind, body: Uint8Array, contentType: string | null): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const isForm = forge === 'github' && /^application\/x-www-form-urlencoded\b/i.test(contentType ?? '');
  try {
    return JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text) as unknown;
  } catch {
    return undefined;
  }
}

const isZero = (revision: string): boolean => /^0+$/.test(revision);
const line = z
  .string()
  .max(2000)
  .regex(/^\P{Cc}+$/u);
const branch = line.max(250);
const ref = branch.regex(/^refs\/./);
const revision = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const existing = revision.refine((one) => !isZero(one));
const number = z.number().int().positive();

const toPush = (push: {
  repository: HintedRepository;
  ref: string;
  before: string;
  after: string;
  deleted?: boolean | undefined;
}): Hint => {
  const deleted = push.deleted === true || isZero(push.after);
  return {
    kind: 'push',
    repository: push.repository,
    ref: push.ref,
    before: isZero(push.before) ? null : push.before,
    after: deleted ? null : push.after,
    deleted,
  };
};

/** Gitea and Forgejo send GitHub's form. */
const repository = z
  .object({ clone_url: line, html_url: line, ssh_url: line.optional(), default_branch: branch.optional() })
  .transform((one): HintedRepository => {
    const urls = [one.clone_url, one.html_url, ...(one.ssh_url === undefined ? [] : [one.ssh_url])];
    return { urls, defaultBranch: one.default_branch ?? null };
  });

const side = z.object({
  ref: branch,
  sha: existing,
  repo: z.object({ full_name: line }).nullish(),
});

const project = z
  .object({ git_http_url: line, git_ssh_url: line.optional(), web_url: line, default_branch: branch.nullish() })
  .transform((one): HintedRepository => {
    const urls = [one.git_http_url, one.web_url, ...(one.git_ssh_url === undefined ? [] : [one.git_ssh_url])];
    return { urls, defaultBranch: one.default_branch ?? null };
  });

const readers = {
  github: {
    ping: z
      .object({ repository: repository.optional() })
      .transform((ping): Hint => ({ kind: 'ping', repository: ping.repository ?? null })),
    push: z
      .object({ ref, before: revision, after: revision, deleted: z.boolean().optional(), repository })
      .transform(toPush),
    pull_request: z
      .object({
        number,
        pull_request: z.object({ state: line, head: side, base: side.omit({ sha: true }) }),
        repository,
      })
      .transform(({ number, pull_request: { state, head, base }, repository }): Hint => ({
        kind: 'pull_request',
        repository,
        number,
        headRevision: head.sha,
        headRef: head.ref,
        baseRef: base.ref,
        isOpen: state === 'open',
        isFromFork: !head.repo || head.repo.full_name !== base.repo?.full_name,
      })),
  },
  gitlab: {
    // GitLab sends none; its "Test" button sends a push.
    ping: z.never(),
    push: z
      .object({ object_kind: z.enum(['push', 'tag_push']), ref, before: revision, after: revision, project })
      .transform(({ project, ...push }) => toPush({ ...push, repository: project })),
    pull_request: z
      .object({
        object_kind: z.literal('merge_request'),
        project,
        object_attributes: z.object({
          iid: number,
          state: line,
          source_branch: branch,
          target_branch: branch,
          source_project_id: z.number().nullish(),
          target_project_id: z.number(),
          last_commit: z.object({ id: existing }),
        }),
      })
      .transform(({ project, object_attributes: one }): Hint => ({
        kind: 'pull_request',
        repository: project,
        number: one.iid,
        headRevision: one.last_commit.id,
        headRef: one.source_branch,
        baseRef: one.target_branch,
        isOpen: one.state === 'opened',
        isFromFork: one.source_project_id !== one.target_project_id,
      })),
  },
} as const;
