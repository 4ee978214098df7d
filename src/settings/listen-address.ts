import { isIP } from 'node:net';

export interface ListenAddress {
  /** A name or an IP address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:3000`, `localhost:3000`, `[::1]:3000`, or `:3000` for every IPv4 address of this machine. */
export function parseListen(text: string): ListenAddress | { readonly mistake: string } {
  if (text.includes('://'))
    return { mistake: `write it without ${text.slice(0, text.indexOf('://') + 3)}, ${EXAMPLES}` };
  const [, v6, name = '', digits] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined) return { mistake: nearMiss(text) };
  const port = Number(digits);
  if (port > 65_535) return { mistake: 'write a port of at most 65535' };
  if (v6 !== undefined)
    return isIP(v6) === 6 ? { host: v6, port } : { mistake: `[ ] hold an IPv6 address, ${EXAMPLES}` };
  if (name === '' || name === '*') return { host: '0.0.0.0', port };
  if (/^[\d.]+$/.test(name) ? isIP(name) !== 4 : !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name))
    return { mistake: `\`${name}\` is no address of a machine: ${WRITE}` };
  return { host: name, port };
}

const EXAMPLES = 'such as 127.0.0.1:3000 (this machine alone) or 0.0.0.0:3000 (the network, too)';
const WRITE = `write HOST:PORT, ${EXAMPLES}`;

function nearMiss(text: string): string {
  if (/^\d{1,5}$/.test(text))
    return `did you mean 127.0.0.1:${text} (this machine alone) or :${text} (the network, too)?`;
  if (isIP(text) === 6) return `an IPv6 address stands in [ ], followed by the port: did you mean [${text}]:3000?`;
  const [, address = '', port] = /^(.*):(\d+)$/.exec(text) ?? [];
  if (port !== undefined && isIP(address) === 6) return `did you mean [${address}]:${port}?`;
  if (isIP(text) === 4 || /^[A-Za-z][A-Za-z0-9.-]*$/.test(text))
    return `the port is missing: did you mean ${text}:3000?`;
  return WRITE;
}

/** Whether only this machine reaches what listens there. */
export const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
