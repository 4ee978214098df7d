/**
 * Text from Odoo or git made fit for a terminal: control characters, ANSI escapes, broken characters and whatever turns
 * the direction of writing are shown as `\x1b` or `\u202e`, never sent. Tabs and line breaks stay.
 */
export function showSafe(text: string): string {
  return text.replace(UNSAFE, (found) => {
    if (found === '\r') return '\\r';
    const code = found.charCodeAt(0);
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

/** The same, on one line. */
export const showSafeLine = (text: string): string => showSafe(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');

const UNSAFE = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', // controls but for tab and line feed
    '[\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]', // invisible, line separators, turns of direction
    '[\\ud800-\\udbff](?![\\udc00-\\udfff])', // half of a character
    '(?<![\\ud800-\\udbff])[\\udc00-\\udfff]',
  ].join('|'),
  'g',
);
