import { createHmac } from 'node:crypto';
import type { ForgeKind } from '../../../src/domain/forge/index.js';

export type Headers = Record<string, string>;

const hex = (secret: string, body: Uint8Array): string => createHmac('sha256', secret).update(body).digest('hex');

/** The headers of a delivery as each forge sends them. */
export const githubHeaders = (body: Uint8Array, secret: string, event = 'push'): Headers => ({
  'user-agent': 'GitHub-Hookshot/044aadd',
  'content-type': 'application/json',
  'x-github-hook-id': '292430182',
  'x-github-event': event,
  'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
  'x-hub-signature-256': `sha256=${hex(secret, body)}`,
});

export const giteaHeaders = (body: Uint8Array, secret: string, event = 'push'): Headers => ({
  ...githubHeaders(body, secret, event),
  'x-gitea-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead473',
  'x-gitea-event': event,
  'x-gitea-event-type': event,
  'x-gitea-signature': hex(secret, body),
  'x-gogs-signature': hex(secret, body),
});

export const forgejoHeaders = (body: Uint8Array, secret: string, event = 'push'): Headers => ({
  ...giteaHeaders(body, secret, event),
  'x-forgejo-delivery': 'f6266f16-1bf3-46a5-9ea4-602e06ead474',
  'x-forgejo-event': event,
  'x-forgejo-signature': hex(secret, body),
});

export const gitlabTokenHeaders = (token: string, event = 'Push Hook'): Headers => ({
  'user-agent': 'GitLab/18.5.0',
  'content-type': 'application/json',
  'idempotency-key': 'a5461c4d-9c7f-4af9-add6-cddebe3c426f',
  'x-gitlab-event': event,
  'x-gitlab-webhook-uuid': '3c5c0404-c866-44bc-a5f6-452bb1bfc76e',
  'x-gitlab-instance': 'https://gitlab.acme.example',
  'x-gitlab-event-uuid': '9cebe914-4827-408f-b014-cfa23a47a35f',
  'x-gitlab-token': token,
});

/** `at`: milliseconds. */
export function gitlabSignedHeaders(body: Uint8Array, secret: string, at: number, event = 'Push Hook'): Headers {
  const { 'x-gitlab-token': _, ...headers } = gitlabTokenHeaders('', event);
  const id = headers['idempotency-key'] ?? '';
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { ...headers, 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** A genuine delivery of each way that a forge proves who it is. */
export const genuine: readonly (readonly [
  name: string,
  forge: ForgeKind,
  sign: (body: Uint8Array, secret: string, at: number) => Headers,
  secret: string,
  signatureHeader: string,
])[] = [
  ['GitHub', 'github', (body, secret) => githubHeaders(body, secret), 'gh-secret', 'x-hub-signature-256'],
  ['Gitea', 'gitea', (body, secret) => giteaHeaders(body, secret), 'gt-secret', 'x-gitea-signature'],
  ['Forgejo', 'forgejo', (body, secret) => forgejoHeaders(body, secret), 'fj-secret', 'x-forgejo-signature'],
  ['GitLab with a token', 'gitlab', (_, secret) => gitlabTokenHeaders(secret), 'gl-token', 'x-gitlab-token'],
  ['GitLab with a signature', 'gitlab', gitlabSignedHeaders, `whsec_${'QUJDRA'.repeat(6)}`, 'webhook-signature'],
];
