import { z } from 'zod';
import type { ForgeKind } from '../domain/forge/forge-kind.js';
import { parseRepositoryUrl } from '../domain/forge/repository-url.js';
import { address, secret, urlProblem } from './written-words.js';

const forges = ['github', 'gitlab', 'gitea', 'forgejo'] as const satisfies readonly ForgeKind[];

/** What is wrong with the address of a repository on a forge, or null. */
export function repositoryUrlProblem(url: string): string | null {
  if (parseRepositoryUrl(url) === null)
    return 'write the address that git clones, such as `https://git.example.com/acme/odoo-actions.git`';
  if (!/^https?:/i.test(url)) return null;
  const { username, password, search, hash } = new URL(url);
  if (username !== '' || password !== '') return 'take the user out of the address: what we use there is `token`';
  return search === '' && hash === '' ? null : 'take out what follows `?` or `#`';
}

export const writtenRepository = z
  .strictObject({
    url: address(repositoryUrlProblem).describe('Address of the repository, as the definitions of instances name it'),
    forge: z.enum(forges).describe('What hosts it'),
    api: address(urlProblem)
      .optional()
      .describe('Address of its API; default: where the forge has it, such as https://api.github.com'),
    token: secret.optional().describe('Posts plans and statuses to pull requests, by reference: ${FORGE_TOKEN}'),
    webhook_secrets: z
      .array(secret)
      .min(1)
      .optional()
      .describe('Secrets of its webhook, by reference: [ "${HOOK_SECRET}" ]; several while they are rotated'),
  })
  .refine((written) => written.token !== undefined || written.webhook_secrets !== undefined, {
    error: 'give `webhook_secrets`, so that it can tell us, or `token`, so that we can tell it, or both',
  });

export type WrittenRepository = z.output<typeof writtenRepository>;
