import { z } from 'zod';

import type { Credential, Protocol } from './odoo-client.js';
import { FIRST_WITH_JSON2, FIRST_WITHOUT_RPC } from './version.js';

const DAY_MS = 86_400_000;
const NOTICE_DAYS = 14;

/** The first version whose keys can expire, and whose owner may read when. */
export const FIRST_WITH_EXPIRY = 18;

export const apiKeys = z.array(z.object({ name: z.string(), expiration_date: z.string() }));
export type ApiKeys = z.infer<typeof apiKeys>;

/** Said once a day for as long as it holds: a log that repeats it on each call would be switched off. */
export class DailyNotices {
  #dueAt = -Infinity;

  constructor(
    private readonly instance: string,
    private readonly warn: (message: string) => void,
    private readonly now: () => number,
    private readonly readKeys: () => Promise<ApiKeys>,
  ) {}

  /** Returns at once; what it has to ask Odoo goes on beside the call, whose concern it is not. */
  look(major: number, protocol: Protocol, credential: Credential): void {
    if (this.now() < this.#dueAt) return;
    this.#dueAt = this.now() + DAY_MS;
    this.#say(protocolNotice(this.instance, major, protocol, credential));
    if (credential.kind !== 'api_key' || major < FIRST_WITH_EXPIRY) return;
    this.readKeys().then(
      (keys) => this.#say(expiryNotice(this.instance, credential.login, keys, this.now())),
      // Whatever keeps the call itself from being answered is told by the call.
      () => undefined,
    );
  }

  #say(notice: string | null): void {
    if (notice !== null) this.warn(notice);
  }
}

/** Only where there is something to change to: before 19 there is nothing else. */
export function protocolNotice(
  instance: string,
  major: number,
  protocol: Protocol,
  { login, kind }: Credential,
): string | null {
  if (major < FIRST_WITH_JSON2 || (protocol !== 'jsonrpc' && protocol !== 'xmlrpc')) return null;
  const name = protocol === 'jsonrpc' ? 'JSON-RPC' : 'XML-RPC';
  const cure =
    kind === 'api_key'
      ? 'set its protocol to auto or json2'
      : `make an API key for ${login} and set its protocol to auto`;
  return `${instance} is spoken to over ${name}, which Odoo ${FIRST_WITHOUT_RPC} removes: ${cure}.`;
}

/** Which of a user's keys is the one in use, Odoo does not say: the nearest end counts. */
export function expiryNotice(instance: string, login: string, keys: ApiKeys, now: number): string | null {
  const ends = keys.map(({ name, expiration_date }) => ({
    name,
    at: Date.parse(`${expiration_date.replace(' ', 'T')}Z`),
  }));
  const [first] = ends.filter(({ at }) => at > now).sort((a, b) => a.at - b.at);
  if (first === undefined || first.at - now > NOTICE_DAYS * DAY_MS) return null;
  const day = new Date(first.at).toISOString().slice(0, 10);
  return `${instance}: the API key "${first.name}" of ${login} expires on ${day}: make a new one and put it into the settings before then.`;
}
