import { isIP } from 'node:net';
import { nearest } from '../domain/definitions/did-you-mean.js';

/** How many proxies stand in front, or which addresses they have; false: none. As Express takes it. */
export type TrustedProxies = number | readonly string[] | false;

/** Ranges that Express knows by name. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];
const WRITE = 'write how many proxies stand in front, such as 1, or their addresses, such as 10.0.0.7,192.168.0.0/16';

/**
 * Whoever is trusted may say who a request comes from, which audit and rate limits rely on. So it has to be exact: what
 * trusts everybody is refused.
 */
export function parseTrustProxy(text: string): { readonly trusted: TrustedProxies } | { readonly mistake: string } {
  if (/^(true|yes|on|all|\*)$/i.test(text)) return { mistake: `that lets every caller forge its address: ${WRITE}` };
  if (/^(false|no|off|none)$/i.test(text)) return { mistake: 'leave it out, or write 0, when there is no proxy' };
  if (/^\d+$/.test(text)) {
    const hops = Number(text);
    if (hops > 16) return { mistake: 'more than 16 proxies in a row are surely not meant: write how many there are' };
    return { trusted: hops === 0 ? false : hops };
  }
  const addresses = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const mistakes = addresses.flatMap((part) => rangeMistake(part) ?? []);
  if (addresses.length === 0) return { mistake: WRITE };
  return mistakes.length > 0 ? { mistake: mistakes.join('; ') } : { trusted: addresses };
}

function rangeMistake(text: string): string | null {
  if (RANGES.includes(text)) return null;
  const [address = '', bits, ...others] = text.split('/');
  const family = isIP(address);
  if (family === 0 || others.length > 0) {
    const near = nearest(text, RANGES);
    return `\`${text}\` is no address: ${near === null ? WRITE : `did you mean ${near}?`}`;
  }
  if (bits === undefined) return null;
  const most = family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return `\`${text}\`: write 1 to ${most} behind the /`;
  return Number(bits) === 0 ? `\`${text}\` lets every caller forge its address: name the proxies alone` : null;
}
