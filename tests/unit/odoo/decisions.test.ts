import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  OdooConcurrencyError,
  OdooLimitError,
  OdooUnreachableError,
  OdooUserError,
  toDetail,
  type OdooErrorFacts,
} from '../../../src/domain/odoo-error.js';
import { emptyToNull, fieldsHoldingFalse } from '../../../src/odoo/fields.js';
import { expiryNotice, protocolNotice } from '../../../src/odoo/notices.js';
import { readRetryAfter } from '../../../src/odoo/reply-error.js';
import { retryDelayMs } from '../../../src/odoo/retry.js';
import { toRpcArguments } from '../../../src/odoo/transports/arguments.js';
import { chooseProtocol, parseVersion } from '../../../src/odoo/version.js';

describe('toRpcArguments', () => {
  const call = { model: 'm', method: 'f' };

  it('puts the records first, then arguments by position in the order they were declared', () => {
    expect(toRpcArguments({ ...call, ids: [3], args: { vals: { a: 1 } } })).toEqual({
      positional: [[3], { a: 1 }],
      keywords: {},
    });
  });

  it('goes on by name after the first that is left out', () => {
    const args = { domain: [], fields: ['a'], offset: undefined, limit: 5, order: undefined };
    expect(toRpcArguments({ ...call, args })).toEqual({ positional: [[], ['a']], keywords: { limit: 5 } });
  });

  it('sends the context by name, and none when none is given', () => {
    expect(toRpcArguments({ ...call, context: { lang: 'fr_FR' } }).keywords).toEqual({ context: { lang: 'fr_FR' } });
    expect(toRpcArguments(call)).toEqual({ positional: [], keywords: {} });
  });
});

describe('parseVersion', () => {
  it.each([
    ['14.0', { serie: '14.0', major: 14 }],
    ['14.0-20201005', { serie: '14.0', major: 14 }],
    ['17.0+e', { serie: '17.0', major: 17 }],
    ['saas~18.2', { serie: 'saas~18.2', major: 18 }],
    ['19', { serie: '19', major: 19 }],
    ['20.0a1', { serie: '20.0', major: 20 }],
  ])('%s', (raw, expected) => {
    expect(parseVersion(raw)).toEqual({ ...expected, raw });
  });

  it.each(['', 'master', 'v19', '<html>'])('finds none in "%s"', (raw) => {
    expect(parseVersion(raw)).toBeNull();
  });
});

describe('chooseProtocol', () => {
  const key = { login: 'a', secret: 'b', kind: 'api_key' } as const;
  const password = { ...key, kind: 'password' } as const;
  it.each([
    [19, key, 'web', 'json2'],
    [20, key, 'web', 'json2'],
    [19, key, 'xmlrpc', 'json2'],
    [18, key, 'jsonrpc', 'jsonrpc'],
    [18, key, 'xmlrpc', 'xmlrpc'],
    [18, password, 'jsonrpc', 'session'],
    [19, password, 'web', 'session'],
    [17, password, 'xmlrpc', 'xmlrpc'],
  ] as const)('Odoo %s with %o, seen over %s: %s', (major, credential, via, protocol) => {
    expect(chooseProtocol(major, credential, via)).toBe(protocol);
  });
});

describe('retryDelayMs', () => {
  const facts: OdooErrorFacts = {
    call: { instance: 'acme', model: 'm', method: 'f', protocol: 'jsonrpc' },
    happened: 'failed',
    next: 'Wait.',
    outcome: 'not_done',
  };
  const unreachable = new OdooUnreachableError(facts);
  const limits = { retries: 2, maxRetryAfterMs: 30_000 };
  const read = { number: 1, effect: 'read', error: unreachable, isSent: true } as const;
  const write = { ...read, effect: 'write' } as const;

  it('lets a read be tried again after what passes by itself, later each time, with jitter', () => {
    expect(retryDelayMs(read, limits, () => 0)).toBe(100);
    expect(retryDelayMs(read, limits, () => 1)).toBe(200);
    expect(retryDelayMs({ ...read, number: 2 }, limits, () => 1)).toBe(400);
    expect(retryDelayMs({ ...read, error: new OdooConcurrencyError(facts) }, limits, () => 0)).toBe(100);
  });

  it('stops after the attempts allowed', () => {
    expect(retryDelayMs({ ...read, number: 3 }, limits, () => 0)).toBeNull();
  });

  it('never tries again what Odoo has decided', () => {
    expect(retryDelayMs({ ...read, error: new OdooUserError(facts) }, limits, () => 0)).toBeNull();
  });

  it('never repeats a write that may have left, and repeats one that surely has not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (number, random) => {
        expect(retryDelayMs({ ...write, number }, { ...limits, retries: 9 }, () => random)).toBeNull();
      }),
    );
    expect(retryDelayMs({ ...write, isSent: false }, limits, () => 0)).toBe(100);
  });

  it('waits as long as it was asked to, unless that is too long to wait', () => {
    const asked = (retryAfterMs: number) => ({ ...read, error: new OdooLimitError({ ...facts, retryAfterMs }) });
    expect(retryDelayMs(asked(7_000), limits, () => 0)).toBe(7_000);
    expect(retryDelayMs(asked(0), limits, () => 0)).toBe(0);
    expect(retryDelayMs(asked(30_001), limits, () => 0)).toBeNull();
  });
});

describe('readRetryAfter', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0);
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Sun, 22 Nov 2026 12:00:05 GMT', 5_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('"%s"', (header, ms) => {
    expect(readRetryAfter(header, now)).toBe(ms);
  });
});

describe('toDetail', () => {
  it.each([
    [
      'cuts the code that safe_eval appends',
      "NameError(\"name 'x'\") while evaluating\n'secret code'",
      'NameError("name \'x\'")',
    ],
    [
      'cuts the code around a forbidden opcode',
      "forbidden opcode(s) in 'import os\\nsecret': IMPORT_NAME",
      'forbidden opcode(s): IMPORT_NAME',
    ],
    [
      'cuts the code around a forbidden name',
      "Access to forbidden name '__class__' ('secret.__class__')",
      "Access to forbidden name '__class__'",
    ],
    ['removes control characters, and keeps lines', 'a\u0000\u001b[31mb\r\n\tc\u2028', 'a[31mb\n\tc'],
  ])('%s', (_what, message, detail) => {
    expect(toDetail(message)).toBe(detail);
  });

  it('never is longer than 500 characters, nor ends in half of one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 480, maxLength: 700 }), (message) => {
        const detail = toDetail(message);
        expect(detail.length).toBeLessThanOrEqual(500);
        expect(detail).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});

describe('emptyToNull', () => {
  const fields = {
    name: { type: 'char' },
    active: { type: 'boolean' },
    user_id: { type: 'many2one' },
    data: { type: 'json' },
  };

  it('turns false into null unless the field is one where false is a value, or is not known', () => {
    const rows = [{ name: false, active: false, user_id: false, data: false, other: false, n: 0 }];
    emptyToNull(rows, ['name', 'active', 'user_id', 'data', 'other', 'n'], fields);
    expect(rows).toEqual([{ name: null, active: false, user_id: null, data: false, other: false, n: 0 }]);
  });

  it('is needed only for fields that hold a false somewhere', () => {
    expect(
      fieldsHoldingFalse(
        [
          { a: 1, b: false },
          { a: '', b: 2 },
        ],
        ['a', 'b'],
      ),
    ).toEqual(['b']);
  });
});

describe('the notices of a day', () => {
  const key = { login: 'sync', secret: 'k', kind: 'api_key' } as const;
  const now = Date.UTC(2026, 10, 22);

  it.each([
    [19, 'jsonrpc', key, 'acme is spoken to over JSON-RPC, which Odoo 22 removes: set its protocol to auto or json2.'],
    [
      19,
      'xmlrpc',
      { ...key, kind: 'password' } as const,
      'acme is spoken to over XML-RPC, which Odoo 22 removes: make an API key for sync and set its protocol to auto.',
    ],
    [19, 'json2', key, null],
    [19, 'session', key, null],
    [18, 'jsonrpc', key, null],
  ] as const)('Odoo %s over %s', (major, protocol, credential, notice) => {
    expect(protocolNotice('acme', major, protocol, credential)).toBe(notice);
  });

  it('name the key that ends first, when that is soon', () => {
    const keys = [
      { name: 'later', expiration_date: '2026-12-05 00:00:00' },
      { name: 'soon', expiration_date: '2026-11-30 10:00:00' },
      { name: 'over', expiration_date: '2026-11-01 00:00:00' },
    ];
    expect(expiryNotice('acme', 'sync', keys, now)).toMatch(/^acme: the API key "soon" of sync expires on 2026-11-30/);
    expect(expiryNotice('acme', 'sync', keys.slice(2), now)).toBeNull();
    expect(expiryNotice('acme', 'sync', [{ name: 'far', expiration_date: '2027-02-01 00:00:00' }], now)).toBeNull();
  });
});
