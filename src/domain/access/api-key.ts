/** `osk_<prefix>_<secret>`: the prefix names the key in lists and logs, the secret is 256 random bits in base64url. */
const FORM = /^osk_([a-z0-9]{8})_([A-Za-z0-9_-]{43})$/;

export const PREFIX_LENGTH = 8;
const PREFIX_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export interface PresentedKey {
  readonly prefix: string;
  /** The key as a whole: what is hashed. */
  readonly whole: string;
}

/** null: no key of ours. */
export function parseApiKey(text: string): PresentedKey | null {
  const [, prefix] = FORM.exec(text) ?? [];
  return prefix === undefined ? null : { prefix, whole: text };
}

/** A new key of 32 random bytes for the secret and 8 for the prefix. */
export function composeApiKey(secret: Uint8Array, prefix: Uint8Array): PresentedKey {
  if (secret.length !== 32 || prefix.length !== PREFIX_LENGTH) throw new RangeError('An API key takes 32 and 8 bytes');
  const name = [...prefix].map((byte) => PREFIX_LETTERS.charAt(byte % PREFIX_LETTERS.length)).join('');
  return { prefix: name, whole: `osk_${name}_${Buffer.from(secret).toString('base64url')}` };
}

/** Text without what looks like a key of ours. */
export const withoutApiKeys = (text: string): string => text.replace(/osk_[a-z0-9]{8}_[A-Za-z0-9_-]+/g, 'osk_…');
