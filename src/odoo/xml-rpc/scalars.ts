/** The body is not an XML-RPC response. */
export class NotXmlRpc extends Error {
  override readonly name = 'NotXmlRpc';
}

const toInteger = (text: string): number => {
  const value = Number(text.trim());
  if (!Number.isInteger(value)) throw new NotXmlRpc('an integer that is none');
  return value;
};

/** Python's words for what is no number. */
const specialDoubles: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

/** What the text of each type of value means. */
export const scalars: ReadonlyMap<string, (text: string) => unknown> = new Map(
  Object.entries<(text: string) => unknown>({
    string: (text) => text,
    int: toInteger,
    i4: toInteger,
    i8: toInteger,
    boolean: (text) => text.trim() === '1',
    double: (text) => specialDoubles[text.trim()] ?? Number(text),
    nil: () => null,
    // Binary fields are base64 text on every protocol.
    base64: (text) => text.replace(/\s/g, ''),
    // 20261122T10:30:00, in the form that dates have on the other protocols.
    'dateTime.iso8601': (text) => text.trim().replace(/^(\d{4})(\d\d)(\d\d)T/, '$1-$2-$3 '),
  }),
);
