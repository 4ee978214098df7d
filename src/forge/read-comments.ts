import { z } from 'zod';
import type { ForgeClient, ForgeReply } from './http-client.js';
import { toUnreachable, type ForgeCall } from './to-forge-error.js';
import type { ForgeKind } from '../domain/forge/index.js';
import type { ForgeComment } from './upsert-comment.js';

/** GitLab's notes have no address of their own in the answer. */
const comment = z
  .object({
    id: z.number().int().positive(),
    body: z.string().nullable(),
    html_url: z.string().nullish(),
    system: z.boolean().optional(),
  })
  .transform(({ id, body, html_url }): ForgeComment => {
    const isLink = /^https?:\/\//.test(html_url ?? '');
    return { id, body: body ?? '', url: isLink ? (html_url ?? null) : null };
  });

const comments = z.array(comment);

/** A page of comments; a further one is there when the forge says so, or fills the page and says nothing. */
export async function readCommentPage(
  client: ForgeClient,
  forge: ForgeKind,
  call: ForgeCall,
  perPage: number,
): Promise<{ comments: readonly ForgeComment[]; hasNext: boolean }> {
  const reply = await client.send(call);
  const page = check(comments, reply, forge, call);
  return { comments: page, hasNext: reply.hasLinks ? reply.hasNext : page.length >= perPage };
}

/** Sends a comment and reads back what it became. */
export async function writeComment(client: ForgeClient, forge: ForgeKind, call: ForgeCall): Promise<ForgeComment> {
  return check(comment, await client.send(call), forge, call);
}

function check<T>(schema: z.ZodType<T>, { data }: ForgeReply, forge: ForgeKind, call: ForgeCall): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw toUnreachable(forge, call, 'got an answer of an unknown form: look at the address of the API');
}
