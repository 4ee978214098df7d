import { headerOf, type DeliveryHeaders } from './headers.js';
import { hmacSha256, isOneOf } from './secret-check.js';
import { forgeNames, type ForgeKind } from './forge-kind.js';

export type DeliveryRefusalReason = 'missing_signature' | 'bad_signature' | 'stale' | 'too_large';

export interface DeliveryRefusal {
  readonly reason: DeliveryRefusalReason;
  /** One sentence for the log: what is wrong and what to mend. Holds nothing of the request. */
  readonly message: string;
}

export interface SignedRequest {
  readonly forge: ForgeKind;
  readonly headers: DeliveryHeaders;
  /** As received, before anything parsed it. */
  readonly body: Uint8Array;
  /** None of them empty. */
  readonly secrets: readonly string[];
  /** UTC, milliseconds. */
  readonly now: number;
}

/** How far the clock of a Standard Webhooks sender may be from ours. */
const TOLERANCE_MS = 5 * 60 * 1000;
/** Standard Webhooks marks its keys so; what follows is base64. */
const SIGNING_KEY = /^whsec_([A-Za-z0-9+/]{22,}={0,2})$/;

const refuse = (reason: DeliveryRefusalReason, message: string): DeliveryRefusal => ({ reason, message });

/** Null: one of the secrets made this request. */
export const checkSignature = (request: SignedRequest): DeliveryRefusal | null =>
  request.forge === 'gitlab' ? checkGitlab(request) : checkHmac(request, request.forge);

/** Where each forge puts the HMAC-SHA256 of the body, hex; the first that is there counts, and a good second never saves a bad first. */
const hmacHeaders: Readonly<
  Record<Exclude<ForgeKind, 'gitlab'>, readonly (readonly [name: string, prefix: string])[]>
> = {
  github: [['x-hub-signature-256', 'sha256=']],
  gitea: [
    ['x-gitea-signature', ''],
    ['x-hub-signature-256', 'sha256='],
  ],
  forgejo: [
    ['x-forgejo-signature', ''],
    ['x-gitea-signature', ''],
    ['x-hub-signature-256', 'sha256='],
  ],
};

function checkHmac(
  { headers, body, secrets }: SignedRequest,
  forge: Exclude<ForgeKind, 'gitlab'>,
): DeliveryRefusal | null {
  const name = forgeNames[forge];
  for (const [header, prefix] of hmacHeaders[forge]) {
    const presented = headerOf(headers, header);
    if (presented === null) continue;
    const expected = secrets.map((secret) => prefix + hmacSha256(secret, body).toString('hex'));
    if (isOneOf(presented, expected)) return null;
    return refuse('bad_signature', `The signature of ${name}'s webhook is not one of its body: ${hintOf(headers)}`);
  }
  return headerOf(headers, 'x-hub-signature') === null
    ? refuse('missing_signature', `${name}'s webhook is not signed: give it a secret, the same as here`)
    : refuse('missing_signature', `${name}'s webhook is signed with SHA-1 only, which is not taken: update ${name}`);
}

/** Gitea signs the JSON even where it sends a form around it. */
const hintOf = (headers: DeliveryHeaders): string =>
  (headerOf(headers, 'content-type') ?? '').startsWith('application/x-www-form-urlencoded')
    ? 'set its content type to application/json, and its secret to the same as here'
    : 'set its secret to the same as here';

/**
 * GitLab signs where it was given a signing token (`whsec_…`, Standard Webhooks), and else sends its secret token along.
 * A signing token is never taken as a secret token, and a signature that is there is always checked.
 */
function checkGitlab(request: SignedRequest): DeliveryRefusal | null {
  const keys = request.secrets.flatMap((secret) => {
    const encoded = SIGNING_KEY.exec(secret)?.[1];
    return encoded === undefined ? [] : [Buffer.from(encoded, 'base64')];
  });
  const tokens = request.secrets.filter((secret) => !secret.startsWith('whsec_'));
  const signature = headerOf(request.headers, 'webhook-signature');
  if (signature !== null && keys.length > 0) return checkStandardWebhook(request, signature, keys);
  const presented = headerOf(request.headers, 'x-gitlab-token');
  if (presented === null || tokens.length === 0)
    return refuse(
      'missing_signature',
      "GitLab's webhook is neither signed nor does it send a token: give it the signing token or secret token that is set here",
    );
  return isOneOf(presented, tokens)
    ? null
    : refuse('bad_signature', "The token of GitLab's webhook is another one: set it to the same as here");
}

function checkStandardWebhook(
  { headers, body, now }: SignedRequest,
  signature: string,
  keys: readonly Uint8Array[],
): DeliveryRefusal | null {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  if (id === null || timestamp === null || !/^\d{1,12}$/.test(timestamp))
    return refuse('missing_signature', "GitLab's webhook is signed without an ID or a time: update GitLab");
  const expected = keys.map((key) => `v1,${hmacSha256(key, `${id}.${timestamp}.`, body).toString('base64')}`);
  // Several where the sender is changing its key. The number of them is bounded: each costs a comparison for each key.
  const presented = signature.split(' ').slice(0, 10);
  if (!presented.map((one) => isOneOf(one, expected)).includes(true))
    return refuse(
      'bad_signature',
      "The signature of GitLab's webhook is not one of its body: set its signing token to the same as here",
    );
  // Told only to who holds a key.
  return Math.abs(now - Number(timestamp) * 1000) > TOLERANCE_MS
    ? refuse('stale', "GitLab's webhook was signed more than 5 minutes from now: look at the clocks of both sides")
    : null;
}
