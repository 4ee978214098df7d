/** The few places where the two engines need other words; everything else is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** `{TOKEN}` → what this engine says for it. */
  readonly tokens: Readonly<Record<Token, string>>;
  /** How the n-th value is written. */
  readonly placeholder: (position: string) => string;
}

/**
 * `{ID}`: a primary key that counts up, also over deleted rows. `{INT}`: 64-bit integer. `{NOW}`: the database's clock,
 * UTC milliseconds, at this moment and not at the transaction's begin. `{SKIP}`: lock rows, pass over locked ones.
 * `{STRICT}`: ends a table's definition.
 */
type Token = 'ID' | 'INT' | 'NOW' | 'SKIP' | 'STRICT';

export const sqlite: Dialect = {
  name: 'sqlite',
  tokens: {
    ID: 'integer primary key autoincrement',
    INT: 'integer',
    NOW: "cast(unixepoch('subsec') * 1000 as integer)",
    SKIP: '',
    STRICT: 'strict',
  },
  placeholder: (position) => `?${position}`,
};

export const postgres: Dialect = {
  name: 'postgres',
  tokens: {
    ID: 'bigint generated always as identity primary key',
    INT: 'bigint',
    NOW: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
    SKIP: 'for update skip locked',
    STRICT: '',
  },
  placeholder: (position) => `$${position}`,
};

/** The text that the engine is given. Throws on a token that nobody knows: a slip of the pen, not a matter of data. */
export function render(sql: string, dialect: Dialect): string {
  return sql
    .replace(/\{([A-Z]+)\}/g, (_whole, token: string) => {
      if (!isToken(token, dialect)) throw new Error(`There is no SQL token {${token}}.`);
      return dialect.tokens[token];
    })
    .replace(/\$(\d+)/g, (_whole, position: string) => dialect.placeholder(position));
}

function isToken(token: string, dialect: Dialect): token is Token {
  return Object.hasOwn(dialect.tokens, token);
}
