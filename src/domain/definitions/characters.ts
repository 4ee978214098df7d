/** The first character that XML-RPC or PostgreSQL cannot carry (control characters, NUL, lone surrogates), or null. */
export function controlCharacter(
  text: string,
  allowed: string,
): { readonly index: number; readonly code: number } | null {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20) {
      if (!allowed.includes(text.charAt(index))) return { index, code };
    } else if (code >= 0xd800 && code <= 0xdfff) {
      const next = text.charCodeAt(index + 1);
      if (code >= 0xdc00 || !(next >= 0xdc00 && next <= 0xdfff)) return { index, code };
      index += 1;
    } else if (code === 0xfffe || code === 0xffff) {
      return { index, code };
    }
  }
  return null;
}

const names: Readonly<Record<number, string>> = {
  0: 'a NUL character',
  9: 'a tab',
  10: 'a line break',
  13: 'a lone carriage return',
};

/** `a control character (U+001B)` */
export function describeCharacter(code: number): string {
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return `${names[code] ?? (code < 0x20 ? 'a control character' : 'a broken character')} (${hex})`;
}
