import { isPlain, MAX_DEPTH, refuseNumber, refuseText, Unsendable } from '../sendable.js';

const MAX_INT = 2 ** 31 - 1;

/** The body of an XML-RPC request. Throws `Unsendable` for what XML, or the Python that reads it, cannot take. */
export function encodeCall(method: string, params: readonly unknown[]): string {
  const list = params.map((param) => `<param>${encodeValue(param, 0)}</param>`).join('');
  return `<?xml version="1.0"?><methodCall><methodName>${encodeText(method)}</methodName><params>${list}</params></methodCall>`;
}

function encodeValue(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new Unsendable(`values nested more than ${MAX_DEPTH} levels deep`);
  switch (typeof value) {
    case 'string':
      return `<value><string>${encodeText(value)}</string></value>`;
    case 'number':
      return `<value>${encodeNumber(value)}</value>`;
    case 'boolean':
      return `<value><boolean>${value ? 1 : 0}</boolean></value>`;
    case 'object':
      // Python reads <nil/> as None, although it will not write it unless told to (14 to 19).
      if (value === null) return '<value><nil/></value>';
      return `<value>${Array.isArray(value) ? encodeArray(value, depth) : encodeStruct(value, depth)}</value>`;
    default:
      throw new Unsendable(`a ${typeof value}, where Odoo takes plain values only`);
  }
}

function encodeArray(items: readonly unknown[], depth: number): string {
  let xml = '<array><data>';
  for (const item of items) xml += encodeValue(item, depth + 1);
  return `${xml}</data></array>`;
}

function encodeStruct(object: object, depth: number): string {
  if (!isPlain(object)) throw new Unsendable(`a ${object.constructor.name}, where Odoo takes plain values only`);
  let xml = '<struct>';
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined) xml += `<member><name>${encodeText(name)}</name>${encodeValue(value, depth + 1)}</member>`;
  }
  return `${xml}</struct>`;
}

/** `int` ends at 2³¹-1. Python reads the longer `i8` (14 to 19), but answers with a fault if it has to write one. */
function encodeNumber(value: number): string {
  refuseNumber(value);
  if (!Number.isInteger(value)) return `<double>${value}</double>`;
  return Math.abs(value) <= MAX_INT ? `<int>${value}</int>` : `<i8>${value}</i8>`;
}

// eslint-disable-next-line no-control-regex -- XML 1.0 has no way to write these
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const MARKUP = /[&<>\r]/g;
/** A parser turns a bare carriage return into a newline, and leaves one alone that is written as a reference. */
const reference: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function encodeText(text: string): string {
  refuseText(text);
  if (NOT_XML.test(text)) throw new Unsendable('text with a control character, which XML-RPC cannot carry');
  return text.replace(MARKUP, (character) => reference[character] ?? character);
}
