import type { Mistake } from './mistake.js';
import { didYouMean } from './did-you-mean.js';
import type { Path } from './read-yaml.js';

const comparisons = [
  ...[
    '=',
    '!=',
    '<>',
    '<',
    '<=',
    '>',
    '>=',
    '=?',
    'in',
    'not in',
    'like',
    'not like',
    'ilike',
    'not ilike',
    '=like',
    '=ilike',
  ],
  ...['not =like', 'not =ilike', 'child_of', 'parent_of', 'any', 'not any'],
];
const arity: Readonly<Record<string, number>> = { '&': 2, '|': 2, '!': 1 };

/** Whether a list is an Odoo domain: triples and prefix operators. Fields and values are Odoo's to judge. */
export function domainMistakes(domain: readonly unknown[]): Mistake[] {
  const base: Path = ['trigger', 'records', 'domain'];
  const mistakes: Mistake[] = [];
  const error = (message: string, path: Path): void =>
    void mistakes.push({ severity: 'error', code: 'wrong_domain', message, path });
  // Terms that the operators so far still wait for.
  let awaited = 0;
  for (const [index, term] of domain.entries()) {
    const path = [...base, index];
    const operands = typeof term === 'string' && Object.hasOwn(arity, term) ? arity[term] : undefined;
    if (operands !== undefined) {
      awaited += operands - (awaited > 0 ? 1 : 0);
      continue;
    }
    if (awaited > 0) awaited -= 1;
    if (!Array.isArray(term) || term.length !== 3) {
      error('A term of a domain has three parts: write [field, operator, value], or one of "&", "|", "!"', path);
      continue;
    }
    const [field, operator] = term as unknown[];
    if (typeof field !== 'string' || !/^[A-Za-z_][A-Za-z0-9_.]*$/.test(field)) {
      error(
        'The first part of a term is a field: write its technical name, such as `state` or `partner_id.country_id`',
        [...path, 0],
      );
    }
    if (typeof operator !== 'string' || !comparisons.includes(operator)) {
      const hint = typeof operator === 'string' ? didYouMean(operator, comparisons) : 'write "=" or another';
      error(`${typeof operator === 'string' ? `\`${operator}\`` : 'This'} is no operator of a domain: ${hint}`, [
        ...path,
        1,
      ]);
    }
  }
  if (awaited > 0)
    error('An operator ("&", "|" or "!") has too few terms after it: add a term or take the operator out', base);
  return mistakes;
}
