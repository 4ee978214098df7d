import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest();

/** SHA-256, hex. */
export const digestOf = (value: Uint8Array): string => sha256(value).toString('hex');

export function hmacSha256(key: string | Uint8Array, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** Equal to the last character. Both sides are hashed first, so that neither length nor content shows in the time taken. */
export const isSameText = (presented: string, expected: string): boolean =>
  timingSafeEqual(sha256(presented), sha256(expected));

/** Whether one of them is what was presented. Looks at all of them whatever the first says. */
export function isOneOf(presented: string, expected: readonly string[]): boolean {
  let found = false;
  for (const one of expected) found = isSameText(presented, one) || found;
  return found;
}
