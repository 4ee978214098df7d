import { scalars } from './scalars.js';

/** The text is XML of another kind, or none. */
class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

const HEAD = /^<\?xml version=(['"])1\.0\1\?>\n?<methodResponse>\n?<params>\n?<param>\n?/;
const TAIL = /\n?<\/param>\n?<\/params>\n?<\/methodResponse>\n?$/y;
const REFERENCE = /&(?:(amp|lt|gt);)?/g;
const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>' };
/** Deeper ones are left to the parser, which does without recursion. */
const MAX_DEPTH = 50;
const NEWLINE = 10;

/**
 * Reads an answer in the very form that Python's `xmlrpc` writes, several times as fast as a parser of XML. Null where
 * it has another form: a fault, or what only a parser can judge. Throws `NotXmlRpc` for a number that is none.
 */
export function readPlain(xml: string): { readonly value: unknown } | null {
  const head = HEAD.exec(xml);
  if (head === null) return null;
  try {
    return { value: new PlainReader(xml, head[0].length).read() };
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

class PlainReader {
  constructor(
    private readonly xml: string,
    private at: number,
  ) {}

  read(): unknown {
    const value = this.#value(0);
    TAIL.lastIndex = this.at;
    if (!TAIL.test(this.xml)) throw new NotPlain();
    return value;
  }

  #value(depth: number): unknown {
    this.#expect('<value><');
    const tag = this.#upTo('>');
    this.at += 1;
    const value = this.#typed(tag, depth);
    this.#expect('</value>');
    this.#skipNewline();
    return value;
  }

  #typed(tag: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new NotPlain();
    if (tag === 'struct') return this.#struct(depth);
    if (tag === 'array') return this.#array(depth);
    if (tag === 'nil/') return null;
    const read = scalars.get(tag);
    if (read === undefined) throw new NotPlain();
    const value = read(this.#text());
    this.#expect('</');
    this.#expect(tag);
    this.#expect('>');
    return value;
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.#expect('<data>');
    this.#skipNewline();
    while (!this.#isNext('</')) items.push(this.#value(depth + 1));
    this.#expect('</data></array>');
    return items;
  }

  #struct(depth: number): Record<string, unknown> {
    const struct: Record<string, unknown> = {};
    this.#skipNewline();
    while (!this.#isNext('</')) {
      this.#expect('<member>');
      this.#skipNewline();
      this.#expect('<name>');
      const name = this.#text();
      this.#expect('</name>');
      this.#skipNewline();
      if (name === '__proto__') throw new NotPlain();
      struct[name] = this.#value(depth + 1);
      this.#expect('</member>');
      this.#skipNewline();
    }
    this.#expect('</struct>');
    return struct;
  }

  #text(): string {
    const text = this.#upTo('<');
    if (text.includes(']]>')) throw new NotPlain();
    if (!text.includes('&')) return text;
    return text.replace(REFERENCE, (_reference, name?: string) => {
      if (name === undefined) throw new NotPlain();
      return characters[name] ?? '';
    });
  }

  /** Leaves the mark itself to be read. */
  #upTo(mark: string): string {
    const end = this.xml.indexOf(mark, this.at);
    if (end < 0) throw new NotPlain();
    const text = this.xml.slice(this.at, end);
    this.at = end;
    return text;
  }

  #isNext(text: string): boolean {
    return this.xml.startsWith(text, this.at);
  }

  #expect(text: string): void {
    if (!this.xml.startsWith(text, this.at)) throw new NotPlain();
    this.at += text.length;
  }

  #skipNewline(): void {
    if (this.xml.charCodeAt(this.at) === NEWLINE) this.at += 1;
  }
}
