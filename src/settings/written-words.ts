/** Words that several parts of instances.yaml and the variables share. */
import { z } from 'zod';
import { parseDuration } from '../domain/definitions/interval.js';

/** What is wrong with an address that is spoken to over HTTP, or null. Never quotes a user name or password in it. */
export function urlProblem(value: string): string | null {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return 'write an address that begins with https:// (or http://)';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return 'write an address that begins with https:// (or http://)';
  }
  if (url.username !== '' || url.password !== '') {
    return 'take the user name and password out of the address';
  }
  if (url.search !== '' || url.hash !== '') return 'take out what follows `?` or `#`';
  return null;
}

/** Whether what travels to this address can be read on the way: http:// to another machine. */
export function isPlainOverTheNet(url: string): boolean {
  return /^http:/i.test(url) && !/^http:\/\/(localhost|127\.|\[::1\]|[^/.:]+([:/]|$))/i.test(url);
}

/** An address in which `${NAME}` may stand; then it is looked at again once that is filled in. */
export const address = (problemOf: (value: string) => string | null): z.ZodString =>
  z.string().superRefine((value, context) => {
    const problem = value.includes('${') ? null : problemOf(value);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** The only two ways in which a secret may be written. */
export const secret = z.union(
  [
    z.string().regex(/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/, {
      error: 'write ${NAME} for the variable that holds it, or {file: PATH}',
    }),
    z.strictObject({ file: z.string().min(1).describe('File that holds the secret, relative to this file') }),
  ],
  { error: 'write ${NAME} for the variable that holds it, or {file: PATH}' },
);
export type WrittenSecret = z.output<typeof secret>;

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, { error: 'write a duration such as `30s` or `2m`' })
  .meta({ examples: ['130s', '10s'] });
