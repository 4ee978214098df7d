import { describe, expect, it } from '@jest/globals';
import { verifyDelivery, type DeliveryRequest } from '../../../src/domain/forge/index.js';
import { bytes, gitlabPush } from './payloads.js';
import { gitlabSignedHeaders, gitlabTokenHeaders } from './sign.js';

const now = Date.UTC(2026, 10, 22, 12);
const reasonOf = (request: DeliveryRequest): string => {
  const verdict = verifyDelivery(request);
  return verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
};

describe('verifyDelivery of GitLab', () => {
  const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const push = bytes(gitlabPush);
  const signed = (at: number, secrets = [key]): DeliveryRequest => ({
    forge: 'gitlab',
    headers: gitlabSignedHeaders(push, key, at),
    body: push,
    secrets,
    now,
  });

  it.each([
    [-300_000, 'accepted'],
    [-301_000, 'stale'],
    [300_000, 'accepted'],
    [301_000, 'stale'],
  ])('a signature made %i ms from now is %s', (offset, expected) => {
    expect(reasonOf(signed(now + offset))).toBe(expected);
  });

  it('tells nobody without the key that a signature is stale', () => {
    const request = signed(now - 3_600_000);
    expect(reasonOf({ ...request, headers: { ...request.headers, 'webhook-signature': 'v1,AAAA' } })).toBe(
      'bad_signature',
    );
  });

  it('covers ID and time by the signature', () => {
    const { headers, ...request } = signed(now);
    expect(reasonOf({ ...request, headers: { ...headers, 'webhook-id': 'another' } })).toBe('bad_signature');
    const later = String(Math.floor(now / 1000) + 1);
    expect(reasonOf({ ...request, headers: { ...headers, 'webhook-timestamp': later } })).toBe('bad_signature');
    expect(reasonOf({ ...request, headers: { ...headers, 'webhook-timestamp': 'now' } })).toBe('missing_signature');
  });

  it('takes the right one of several signatures, and bounds how many are looked at', () => {
    const { headers, ...request } = signed(now);
    const right = String(headers['webhook-signature']);
    expect(reasonOf({ ...request, headers: { ...headers, 'webhook-signature': `v1,AAAA v1a,BBBB ${right}` } })).toBe(
      'accepted',
    );
    const many = `${'v1,AAAA '.repeat(10_000)}${right}`;
    expect(reasonOf({ ...request, headers: { ...headers, 'webhook-signature': many } })).toBe('bad_signature');
  });

  it('takes the token while a webhook is moved to signing, but lets no token save a bad signature', () => {
    const token: DeliveryRequest = { ...signed(now, [key, 'token']), headers: gitlabTokenHeaders('token') };
    expect(reasonOf(token)).toBe('accepted');
    expect(
      reasonOf({
        ...token,
        headers: { ...token.headers, 'webhook-signature': 'v1,AAAA', 'webhook-id': 'a', 'webhook-timestamp': '1' },
      }),
    ).toBe('bad_signature');
  });

  it('never takes a signing key as a token', () => {
    expect(reasonOf({ ...signed(now), headers: gitlabTokenHeaders(key) })).toBe('missing_signature');
    expect(reasonOf({ ...signed(now, ['whsec_short']), headers: gitlabTokenHeaders('whsec_short') })).toBe(
      'missing_signature',
    );
  });

  it('knows a delivery that is sent again by its idempotency key, not by what several events share', () => {
    const first = verifyDelivery({ ...signed(now, ['token']), headers: gitlabTokenHeaders('token') });
    expect(first).toMatchObject({ delivery: { id: 'a5461c4d-9c7f-4af9-add6-cddebe3c426f' } });
    const { 'idempotency-key': _, ...older } = gitlabTokenHeaders('token');
    expect(verifyDelivery({ ...signed(now, ['token']), headers: older })).toMatchObject({
      delivery: { id: '3c5c0404-c866-44bc-a5f6-452bb1bfc76e' },
    });
  });

  it('ignores hooks that say nothing of a revision', () => {
    expect(reasonOf({ ...signed(now, ['token']), headers: gitlabTokenHeaders('token', 'Note Hook') })).toBe('ignored');
  });
});
