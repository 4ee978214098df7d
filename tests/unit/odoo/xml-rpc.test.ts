import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { Unsendable } from '../../../src/odoo/sendable.js';
import { decodeResponse, NotXmlRpc } from '../../../src/odoo/xml-rpc/decode.js';
import { encodeCall } from '../../../src/odoo/xml-rpc/encode.js';

// eslint-disable-next-line no-control-regex -- what XML 1.0 has no way to write
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const respond = (value: string): string =>
  `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n${value}\n</param>\n</params>\n</methodResponse>\n`;

/** A comment is nothing that Python writes: such an answer is read by the parser of all XML. */
const withComment = (body: string): string => body.replace('<params>', '<params><!-- -->');

/** Read both ways, which are to agree. */
const valueOf = (xml: string): unknown => {
  const body = respond(xml);
  const answer = decodeResponse(body);
  expect(decodeResponse(withComment(body))).toEqual(answer);
  return answer.kind === 'value' ? answer.value : answer;
};

/** Our own words, read back as an answer. */
const readBack = (value: unknown): unknown =>
  valueOf(/<param>(.*)<\/param>/s.exec(encodeCall('echo', [value]))?.[1] ?? '');

describe('an XML-RPC answer', () => {
  it.each<[xml: string, value: unknown]>([
    ['<value><int>-3</int></value>', -3],
    ['<value><i4>7</i4></value>', 7],
    ['<value><i8>1099511627776</i8></value>', 2 ** 40],
    ['<value><boolean>1</boolean></value>', true],
    ['<value><boolean>0</boolean></value>', false],
    ['<value><double>1e-07</double></value>', 1e-7],
    ['<value><double>nan</double></value>', NaN],
    ['<value><double>-inf</double></value>', -Infinity],
    ['<value><nil/></value>', null],
    ['<value><string> a &lt;b&gt; &amp; &#233; </string></value>', ' a <b> & é '],
    ['<value><string></string></value>', ''],
    ['<value><string>a\nb &amp;amp; c > d</string></value>', 'a\nb &amp; c > d'],
    ['<value><string>a<nil/></string></value>', ''],
    ['<value>no type is a string</value>', 'no type is a string'],
    ['<value></value>', ''],
    ['<value><string><![CDATA[<b> & ]]>]]&gt;</string></value>', '<b> & ]]>'],
    ['<value><base64>\nAAEC\nAw==\n</base64></value>', 'AAECAw=='],
    ['<value><dateTime.iso8601>20261122T10:30:00</dateTime.iso8601></value>', '2026-11-22 10:30:00'],
    ['<value><array><data></data></array></value>', []],
    ['<value><array><data><value><array><data><value>x</value></data></array></value></data></array></value>', [['x']]],
    ['<value><struct></struct></value>', {}],
    ['<value><struct><member><name>a</name><value><int>1</int></value></member></struct></value>', { a: 1 }],
  ])('%s', (xml, value) => {
    expect(valueOf(xml)).toEqual(value);
  });

  it('keeps carriage returns, which Odoo writes bare', () => {
    expect(valueOf('<value><string>a\r\nb\rc</string></value>')).toBe('a\r\nb\rc');
  });

  it('keeps control characters, which Odoo 14 writes although XML has none', () => {
    expect(valueOf('<value><string>a\u000bb\u001bc</string></value>')).toBe('a\u000bb\u001bc');
  });

  it('keeps a member called __proto__ to itself', () => {
    const value = valueOf(
      '<value><struct><member><name>__proto__</name><value>x</value></member></struct></value>',
    ) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value)).toEqual([['__proto__', 'x']]);
  });

  it('may be as deep as a hostile server likes', () => {
    const levels = 50_000;
    const deep = `${'<value><array><data>'.repeat(levels)}<value>x</value>${'</data></array></value>'.repeat(levels)}`;
    const answer = decodeResponse(respond(deep));
    expect(answer.kind === 'value' && Array.isArray(answer.value)).toBe(true);
  });

  it.each([
    ['<html><body>Sign in</body></html>'],
    ['<methodResponse></methodResponse>'],
    ['<methodResponse><params><param><value><int>1</int></value>'],
    ['<!DOCTYPE x [<!ENTITY e "boom">]>' + respond('<value>&e;</value>')],
    [respond('<value><int>one</int></value>')],
    [respond('<value><string>]]></string></value>')],
    [respond('<value><string>&e;</string></value>')],
    [respond('<value><string>a & b</string></value>')],
    [respond('<value><string>a</int></value>')],
    [respond('<value><struct><member><name>a</name></struct></value>')],
    [`${respond('<value><int>1</int></value>')}more`],
    ['<methodResponse><fault><value>text</value></fault></methodResponse>'],
    ['plain text'],
    [''],
  ])('is not %s', (body) => {
    expect(() => decodeResponse(body)).toThrow(NotXmlRpc);
  });
});

describe('an XML-RPC request', () => {
  const sendable = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.string({ unit: 'grapheme' }).map((it) => it.replace(NOT_XML, '')),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((it) => !Number.isInteger(it)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.stringMatching(/^[a-z_<&]{1,6}$/), tie('value')).map((it) => ({ ...it })),
    ),
  })).value;

  it('is read back as what was meant', () => {
    fc.assert(fc.property(sendable, (value) => expect(readBack(value)).toEqual(value)));
  });

  it('leaves out members that are undefined', () => {
    expect(readBack({ a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  it('names the longer integer type past 2³¹-1, and only there', () => {
    expect(encodeCall('x', [2 ** 31 - 1])).toContain('<int>2147483647</int>');
    expect(encodeCall('x', [2 ** 31])).toContain('<i8>2147483648</i8>');
  });

  it.each<[what: string, value: unknown]>([
    ['a control character', 'a\u0007'],
    ['NUL', '\u0000'],
    ['half a character', '\udc00'],
    ['U+FFFF', '\uffff'],
    ['a control character in a name', { 'a\u0001': 1 }],
    ['NaN', NaN],
    ['an inexact integer', 2 ** 53],
    ['a big integer', 1n],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['an undefined in a list', [undefined]],
    ['a symbol', Symbol('x')],
  ])('refuses %s', (_what, value) => {
    expect(() => encodeCall('x', [value])).toThrow(Unsendable);
  });
});
