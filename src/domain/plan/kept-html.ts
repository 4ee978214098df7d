import { plainHtml } from './plain-html.js';
import type { Value, Values } from './values.js';

/** A live record, as far as the comparison with git needs it. */
interface Live {
  readonly values: Values;
  /** Fields of `set` whose text Odoo keeps as HTML. */
  readonly htmlFields?: readonly string[];
}

/**
 * Live values, with texts that Odoo keeps as HTML in the form in which git writes them, so that what is the same reads
 * the same. Only fields that are known to be HTML are looked at: elsewhere `<p>text</p>` is another text than `text`.
 */
export function inGitsForm({ values, htmlFields = [] }: Live, desired: Values): Values {
  if (htmlFields.length === 0) return values;
  const written = new Map(assignments(desired['set']).map((one) => [one['field'], one['value']]));
  const set = assignments(values['set']).map((one) => {
    const { field, value } = one;
    const git = written.get(field);
    if (typeof field !== 'string' || !htmlFields.includes(field)) return one;
    if (typeof git !== 'string' || typeof value !== 'string') return one;
    if (keptHtml(git) === keptHtml(value)) return { ...one, value: git };
    return { ...one, value: git.includes('<') ? value : plainHtml(value) };
  });
  return { ...values, set };
}

type Assigned = Readonly<Record<string, Value>>;

const isAssigned = (value: Value): value is Assigned =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const assignments = (set: Value | undefined): readonly Assigned[] =>
  Array.isArray(set) ? (set as readonly Value[]).filter(isAssigned) : [];

const tag = /(<\/?[a-z][^<>]*>)/i;

/**
 * What Odoo's sanitizer makes of harmless text: no blanks before it, what is no markup escaped, and a paragraph around
 * it unless it begins with a tag. It does not change again what it made itself.
 */
export function keptHtml(text: string): string {
  const [first = '', ...rest] = text.trimStart().split(tag);
  const html = [first, ...rest].map((part, index) => (index % 2 === 1 ? part : escapeText(part))).join('');
  return first === '' ? html : `<p>${html}</p>`;
}

const escapeText = (text: string): string =>
  text
    .replace(/&(?!(?:[a-z][a-z0-9]*|#\d+|#x[0-9a-f]+);)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\u00a0', '&nbsp;');
