/**
 * Odoo's sanitizer puts plain text into a paragraph and escapes it: `Call back` is stored as `<p>Call back</p>`. Such a
 * paragraph reads as the plain text again; anything richer stays HTML.
 */
export function plainHtml(html: string | null): string | null {
  if (html === null) return null;
  const text = /^\s*<p>([^<]*)<\/p>\s*$/.exec(html)?.[1] ?? (html.includes('<') ? null : html);
  if (text === null) return html;
  const plain = text.replace(/&(amp|lt|gt|quot|#39|#x27|nbsp);/g, (entity) => entities[entity] ?? entity);
  return plain === '' ? null : plain;
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&nbsp;': '\u00a0',
};
