import { SaxesParser } from 'saxes';

import { readPlain } from './plain.js';
import { NotXmlRpc, scalars } from './scalars.js';

export { NotXmlRpc };

export type XmlRpcAnswer =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'fault'; readonly faultCode: number; readonly faultString: string };

type Frame = { readonly items: unknown[] } | { readonly struct: Record<string, unknown>; member: string };

/** Reads a response in one pass, without recursion, however deep or long it is. */
export function decodeResponse(body: string): XmlRpcAnswer {
  const plain = readPlain(body);
  if (plain !== null) return { kind: 'value', value: plain.value };
  const reader = new Reader();
  const parser = new SaxesParser({ position: false });
  const flaws: string[] = [];
  parser.on('error', ({ message }) => {
    // Odoo 14 writes control characters as they are, which is no XML; the text around them is good.
    if (!message.includes('disallowed character')) flaws.push(message);
  });
  parser.on('doctype', () => flaws.push('a document type'));
  parser.on('opentag', ({ name }) => reader.open(name));
  parser.on('closetag', ({ name }) => reader.close(name));
  parser.on('text', (text) => reader.add(text));
  parser.on('cdata', (text) => reader.add(text));
  parser.write(keepCarriageReturns(body)).close();
  if (flaws[0] !== undefined) throw new NotXmlRpc(flaws[0]);
  return reader.answer();
}

/** Odoo writes them bare, and a parser has to turn those into newlines: a reference is let through. */
const keepCarriageReturns = (body: string): string =>
  body.includes('\r') && !body.includes('<![CDATA[') ? body.replaceAll('\r', '&#13;') : body;

class Reader {
  #root = '';
  #isFault = false;
  #text = '';
  #value: unknown;
  /** False right after `<value>`: text without a type is a string. */
  #isTyped = false;
  readonly #frames: Frame[] = [];

  open(tag: string): void {
    if (this.#root === '') this.#root = tag;
    this.#text = '';
    if (tag === 'value') this.#isTyped = false;
    else if (tag === 'array') this.#frames.push({ items: [] });
    else if (tag === 'struct') this.#frames.push({ struct: {}, member: '' });
    else if (tag === 'fault') this.#isFault = true;
  }

  add(text: string): void {
    this.#text += text;
  }

  close(tag: string): void {
    if (tag === 'value') this.#keep(this.#isTyped ? this.#value : this.#text);
    else if (tag === 'name') this.#name(this.#text);
    else if (tag === 'array' || tag === 'struct') this.#set(this.#pop());
    else {
      const read = scalars.get(tag);
      if (read !== undefined) this.#set(read(this.#text));
    }
  }

  answer(): XmlRpcAnswer {
    if (this.#root !== 'methodResponse' || !this.#isTyped) throw new NotXmlRpc(`a <${this.#root}>, not a response`);
    if (!this.#isFault) return { kind: 'value', value: this.#value };
    const { faultCode, faultString } = this.#value as { faultCode?: unknown; faultString?: unknown };
    if (typeof faultCode !== 'number' || typeof faultString !== 'string')
      throw new NotXmlRpc('a fault without its parts');
    return { kind: 'fault', faultCode, faultString };
  }

  #set(value: unknown): void {
    this.#value = value;
    this.#isTyped = true;
  }

  #name(name: string): void {
    const frame = this.#frames.at(-1);
    if (frame && 'struct' in frame) frame.member = name;
  }

  #pop(): unknown {
    const frame = this.#frames.pop();
    return frame && ('items' in frame ? frame.items : frame.struct);
  }

  #keep(value: unknown): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) this.#set(value);
    else if ('items' in frame) frame.items.push(value);
    else if (frame.member !== '__proto__') frame.struct[frame.member] = value;
    else
      Object.defineProperty(frame.struct, '__proto__', { value, enumerable: true, configurable: true, writable: true });
  }
}
