import { join } from 'node:path';
import type { Problem } from '../domain/problem.js';
import type { Values } from './environment.js';
import { isLoopback, parseListen } from './listen-address.js';
import { Secret } from './secret.js';
import type { ServiceSettings } from './settings.js';
import { parseTrustProxy } from './trusted-proxies.js';
import { isPlainOverTheNet } from './written-words.js';

const RETENTION_DAYS = 90;

/** From variables that were checked already. */
export function toService(values: Values, stateFolder: string): ServiceSettings {
  const listen = parseListen(values.STEWARD_LISTEN ?? '127.0.0.1:3000');
  const proxies = parseTrustProxy(values.STEWARD_TRUST_PROXY ?? '0');
  if ('mistake' in listen || 'mistake' in proxies) throw new Error('The variables were not checked.');
  const { trusted } = proxies;
  // What a proxy hands on comes from loopback, too, so there the address says nothing of who asks.
  const isPrivate = isLoopback(listen.host) && trusted === false;
  return {
    listen,
    publicUrl: values.STEWARD_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    databaseUrl: values.DATABASE_URL === undefined ? null : new Secret(values.DATABASE_URL),
    databaseFile: join(stateFolder, 'steward.db'),
    trustProxy: trusted,
    metrics:
      values.STEWARD_METRICS === undefined ? (isPrivate ? 'open' : 'key') : (values.STEWARD_METRICS as 'open' | 'key'),
    retentionDays: values.STEWARD_RETENTION === undefined ? RETENTION_DAYS : Number(values.STEWARD_RETENTION),
  };
}

export function serviceWarnings(values: Values): Problem[] {
  if (values.STEWARD_PUBLIC_URL === undefined || !isPlainOverTheNet(values.STEWARD_PUBLIC_URL)) return [];
  const message = 'STEWARD_PUBLIC_URL: API keys travel unencrypted over http://: serve it behind https://';
  return [{ severity: 'warning', code: 'plain_http', message, at: null }];
}
