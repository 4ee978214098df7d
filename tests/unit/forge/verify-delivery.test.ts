import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_DELIVERY_BYTES, verifyDelivery, type DeliveryRequest } from '../../../src/domain/forge/index.js';
import { bytes, githubPush } from './payloads.js';
import { forgejoHeaders, genuine, giteaHeaders, githubHeaders } from './sign.js';

const now = Date.UTC(2026, 10, 22, 12);
const body = bytes(githubPush);
const reasonOf = (request: DeliveryRequest): string => {
  const verdict = verifyDelivery(request);
  return verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
};
const github = (change: Partial<DeliveryRequest> = {}): DeliveryRequest => ({
  forge: 'github',
  headers: githubHeaders(body, 'new'),
  body,
  secrets: ['new'],
  now,
  ...change,
});

describe('verifyDelivery', () => {
  it.each(genuine)('accepts a genuine delivery of %s, and names it', (_, forge, sign, secret) => {
    const verdict = verifyDelivery({ forge, headers: sign(body, secret, now), body, secrets: [secret], now });
    expect(verdict).toMatchObject({ outcome: 'accepted', delivery: { forge, event: 'push' } });
    expect(verdict.outcome === 'accepted' && verdict.delivery.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(verdict.outcome === 'accepted' && verdict.delivery.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(genuine)('accepts the old secret of %s beside the new one while it is changed', (_, forge, sign, secret) => {
    const request = { forge, headers: sign(body, secret, now), body, now };
    const other = secret.startsWith('whsec_') ? `whsec_${'WFlaQUJD'.repeat(4)}` : 'other';
    expect(reasonOf({ ...request, secrets: [other, secret] })).toBe('accepted');
    expect(reasonOf({ ...request, secrets: [secret, other] })).toBe('accepted');
    expect(reasonOf({ ...request, secrets: [other] })).toBe('bad_signature');
  });

  it.each(genuine)(
    'refuses %s without a signature, and where no secret is set here',
    (_, forge, sign, secret, name) => {
      const headers = sign(body, secret, now);
      const unsigned = Object.fromEntries(Object.entries(headers).filter(([one]) => !/signature|token/.test(one)));
      expect(reasonOf({ forge, headers: unsigned, body, secrets: [secret], now })).toBe('missing_signature');
      expect(reasonOf({ forge, headers: { ...unsigned, [name]: '' }, body, secrets: [secret], now })).toBe(
        'missing_signature',
      );
      expect(reasonOf({ forge, headers, body, secrets: [], now })).toBe('missing_signature');
      expect(reasonOf({ forge, headers: sign(body, '', now), body, secrets: [''], now })).toBe('missing_signature');
    },
  );

  it.each(genuine)('refuses %s when any bit of its signature is another', (_, forge, sign, secret, name) => {
    const headers = sign(body, secret, now);
    const presented = headers[name] ?? '';
    fc.assert(
      fc.property(fc.nat(presented.length - 1), fc.integer({ min: 0, max: 6 }), (at, bit) => {
        const changed = String.fromCharCode(presented.charCodeAt(at) ^ (1 << bit));
        const forged = presented.slice(0, at) + changed + presented.slice(at + 1);
        const request = { forge, headers: { ...headers, [name]: forged }, body, secrets: [secret], now };
        expect(verifyDelivery(request).outcome).toBe('refused');
      }),
    );
  });

  it.each(genuine.filter(([name]) => name !== 'GitLab with a token'))(
    'refuses %s when any bit of its body is another, or its end is missing',
    (_, forge, sign, secret) => {
      const headers = sign(body, secret, now);
      fc.assert(
        fc.property(fc.nat(body.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
          const forged = Buffer.from(body);
          forged.writeUInt8(forged.readUInt8(at) ^ (1 << bit), at);
          expect(reasonOf({ forge, headers, body: forged, secrets: [secret], now })).toBe('bad_signature');
          const cut = body.subarray(0, at);
          expect(reasonOf({ forge, headers, body: cut, secrets: [secret], now })).toBe('bad_signature');
        }),
      );
    },
  );

  it.each(genuine)('never throws over the headers and bodies of %s', (_, forge, _sign, secret) => {
    const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined));
    const headers = fc.dictionary(
      fc.constantFrom(
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
        'x-hub-signature-256',
        'x-gitea-signature',
        'x-gitlab-token',
        '__proto__',
      ),
      value,
    );
    fc.assert(
      fc.property(headers, fc.uint8Array(), (odd, bytes) => {
        const request = { forge, headers: odd, body: bytes, secrets: [secret], now };
        expect(verifyDelivery(request).outcome).toBe('refused');
      }),
    );
  });

  it("agrees with GitHub's published example", () => {
    const hello = Buffer.from('Hello, World!');
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const headers = { 'x-hub-signature-256': signature, 'x-github-event': 'push' };
    expect(reasonOf(github({ headers, body: hello, secrets: ["It's a Secret to Everybody"] }))).toBe('accepted');
  });

  it('agrees with the published example of Standard Webhooks', () => {
    const headers = {
      'x-gitlab-event': 'Push Hook',
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const request: DeliveryRequest = {
      forge: 'gitlab',
      headers,
      body: Buffer.from('{"test": 2432232314}'),
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      now: 1614265330_000,
    };
    expect(verifyDelivery(request)).toMatchObject({
      outcome: 'accepted',
      delivery: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek' },
    });
  });

  it('refuses SHA-1, whichever way it is presented', () => {
    const { 'x-hub-signature': sha1 = '', 'x-hub-signature-256': _, ...rest } = githubHeaders(body, 'new');
    expect(reasonOf(github({ headers: { ...rest, 'x-hub-signature': sha1 } }))).toBe('missing_signature');
    expect(reasonOf(github({ headers: { ...rest, 'x-hub-signature-256': sha1 } }))).toBe('bad_signature');
    expect(verifyDelivery(github({ headers: { ...rest, 'x-hub-signature': sha1 } }))).toMatchObject({
      message: expect.stringContaining('SHA-1'),
    });
  });

  it('does not let a good compatibility signature save a bad own one', () => {
    const headers = { ...forgejoHeaders(body, 'new'), 'x-forgejo-signature': '0'.repeat(64) };
    expect(reasonOf({ forge: 'forgejo', headers, body, secrets: ['new'], now })).toBe('bad_signature');
  });

  it("takes GitHub's header from Gitea where its own is missing", () => {
    const { 'x-gitea-signature': _, ...headers } = giteaHeaders(body, 'new');
    expect(reasonOf({ forge: 'gitea', headers, body, secrets: ['new'], now })).toBe('accepted');
  });

  it("says what to mend when Gitea sends a form, whose signature is not the body's", () => {
    const form = Buffer.from(`payload=${encodeURIComponent(body.toString())}`);
    const headers = { ...giteaHeaders(body, 'new'), 'content-type': 'application/x-www-form-urlencoded' };
    expect(verifyDelivery({ forge: 'gitea', headers, body: form, secrets: ['new'], now })).toMatchObject({
      reason: 'bad_signature',
      message: expect.stringContaining('application/json'),
    });
  });

  it('refuses a signature that came twice', () => {
    const signature = githubHeaders(body, 'new')['x-hub-signature-256'] ?? '';
    expect(reasonOf(github({ headers: { 'x-hub-signature-256': [signature, signature] } }))).toBe('missing_signature');
  });

  it('refuses 50 MB before it computes anything', () => {
    const huge = Buffer.alloc(50 * 1024 * 1024);
    const started = process.hrtime.bigint();
    expect(reasonOf(github({ body: huge }))).toBe('too_large');
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(20);
    expect(reasonOf(github({ body: Buffer.alloc(MAX_DELIVERY_BYTES) }))).toBe('bad_signature');
  });

  it('ignores events that are no business of ours, and recognises a ping', () => {
    expect(verifyDelivery(github({ headers: githubHeaders(body, 'new', 'star') }))).toMatchObject({
      outcome: 'ignored',
      delivery: { event: 'star' },
    });
    expect(verifyDelivery(github({ headers: githubHeaders(body, 'new', 'ping') }))).toMatchObject({
      outcome: 'accepted',
      delivery: { event: 'ping' },
    });
    expect(reasonOf(github({ headers: githubHeaders(body, 'new', 'constructor') }))).toBe('ignored');
    expect(verifyDelivery(github({ headers: githubHeaders(body, 'new', 'a\u001b[31m') }))).toMatchObject({
      outcome: 'ignored',
      delivery: { event: 'a??31m' },
    });
  });

  it('gives a delivery without a usable ID the digest of its body', () => {
    const headers = { ...githubHeaders(body, 'new'), 'x-github-delivery': 'x'.repeat(500) };
    const verdict = verifyDelivery(github({ headers }));
    expect(verdict.outcome === 'accepted' && verdict.delivery.id).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('shows by its digest that an old body was sent again under another ID', () => {
    const replayed = { ...githubHeaders(body, 'new'), 'x-github-delivery': 'another' };
    const [first, second] = [verifyDelivery(github()), verifyDelivery(github({ headers: replayed }))];
    if (first.outcome !== 'accepted' || second.outcome !== 'accepted') throw new Error('not accepted');
    expect(second.delivery.id).not.toBe(first.delivery.id);
    expect(second.delivery.digest).toBe(first.delivery.digest);
  });
});
