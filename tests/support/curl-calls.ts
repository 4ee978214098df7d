export interface CurlCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in small letters; variables as they are written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The calls of curl in the shell blocks of a page, read as curl reads them. Throws on an option that is not known here. */
export function curlCalls(page: string, variables: Readonly<Record<string, string>>): readonly CurlCall[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text.replace(/\\\n\s*/g, ' '));
  return blocks
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('curl '))
    .map((line) => readCall(words(line).slice(1), variables));
}

/** `"…"`, `'…'` and bare words. */
const words = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );

function readCall(args: readonly string[], variables: Readonly<Record<string, string>>): CurlCall {
  const headers: Record<string, string> = {};
  let method: string | null = null;
  let address = '';
  let body: unknown = null;
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-H') {
      const [, name = '', value = ''] = /^([^:]+): *(.*)$/.exec(rest.shift() ?? '') ?? [];
      headers[name.toLowerCase()] = value;
    } else if (word === '-X') method = rest.shift() ?? '';
    else if (word === '--json') {
      body = JSON.parse(rest.shift() ?? '');
      headers['content-type'] = 'application/json';
    } else if (/^-[sSiN]+$/.test(word)) continue;
    else if (word.startsWith('-') || address !== '') throw new Error(`curl is not known to take ${word} here`);
    else address = word;
  }
  const url = new URL(
    address.replace(/\$(\w+)/g, (whole, name: string) => variables[name] ?? whole),
    'http://127.0.0.1',
  );
  const query = Object.fromEntries(url.searchParams);
  return { method: method ?? (body === null ? 'GET' : 'POST'), path: url.pathname, query, headers, body };
}
