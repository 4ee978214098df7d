import type { Token } from './tokens.js';

/** The sketch could not be made: ruff calls the code valid, but it is not what this parser knows. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** Walks over tokens. */
export class Cursor {
  private index = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly code: string,
  ) {}

  get kind(): string {
    return this.tokens[this.index]?.kind ?? 'EndOfFile';
  }

  get at(): number {
    return this.tokens[this.index]?.start ?? this.code.length;
  }

  /** The text of the current token; identifiers as Python compares them. */
  get text(): string {
    const token = this.tokens[this.index];
    return token === undefined ? '' : this.code.slice(token.start, token.end).normalize('NFKC');
  }

  get atEnd(): boolean {
    return this.index >= this.tokens.length;
  }

  peekKind(ahead: number): string {
    return this.tokens[this.index + ahead]?.kind ?? 'EndOfFile';
  }

  /** As a question: the compiler takes `kind` for a constant between two moves. */
  is(kind: string): boolean {
    return this.kind === kind;
  }

  next(): void {
    this.index += 1;
  }

  take(kind: string): boolean {
    if (this.kind !== kind) return false;
    this.index += 1;
    return true;
  }

  expect(kind: string): void {
    if (!this.take(kind)) throw new NotUnderstood(`expected ${kind}, found ${this.kind} at ${this.at}`);
  }

  identifier(): { id: string; at: number } {
    const { text: id, at } = this;
    this.expect('Identifier');
    return { id, at };
  }
}
