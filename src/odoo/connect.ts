import { Client } from './client.js';
import { Connection } from './connection.js';
import type { ModelFields } from './fields.js';
import { createWire } from './http.js';
import { defaultLimits, type Limits } from './limits.js';
import type { ConnectOptions, OdooClient } from './odoo-client.js';
import { createTraffic } from './traffic.js';

/** A client of one instance for one user. Nothing is sent until the first call. */
export function connect(options: ConnectOptions): OdooClient {
  refuseBadUrl(options);
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const {
    url,
    tls,
    instance,
    traffic = createTraffic(limits, options.now),
    fieldsCache = new Map<string, ModelFields>(),
  } = options;
  const wire = createWire({ ...limits, url, tls });
  return new Client(instance, new Connection(options, limits, wire, traffic), fieldsCache);
}

/** A name and password inside the address would take the place of the API key, and be shown in messages. */
function refuseBadUrl({ instance, url }: ConnectOptions): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new TypeError(`${instance}: the URL must begin with http:// or https://`);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError(`${instance}: the URL must not hold a user name or password`);
  }
}
