import type { ParameterSpec } from './definition.js';
import type { Mistake } from './mistake.js';
import { isDate, isDateTime } from './first-run.js';
import type { Path } from './read-yaml.js';

/** Context keys that mean something to Odoo: a parameter of that name would change how the code runs. */
const odooContext =
  /^(?:active_(?:id|ids|model|domain|test)|default_.*|search_default_.*|lang|tz|uid|su|allowed_company_ids|bin_size|install_mode|import_file|tracking_disable|mail_.*)$/;

/** Whether the keys of each parameter fit its type. */
export function parameterMistakes(parameters: Readonly<Record<string, ParameterSpec>>): Mistake[] {
  return Object.entries(parameters).flatMap(([name, parameter]) => mistakesOf(name, parameter));
}

function mistakesOf(name: string, parameter: ParameterSpec): Mistake[] {
  const { type, maxLength, min, max, options } = parameter;
  const base: Path = ['trigger', 'parameters', name];
  const mistakes: Mistake[] = [];
  const error = (message: string, ...path: string[]): void =>
    void mistakes.push({ severity: 'error', code: 'wrong_parameter', message, path: [...base, ...path] });
  const isNumber = type === 'integer' || type === 'number';

  if (odooContext.test(name)) error(`\`${name}\` means something to Odoo in a context: choose another name`);
  if (maxLength !== null && type !== 'string')
    error(`\`max_length\` is for text: take it out, or write \`type: string\``, 'max_length');
  if (min !== null && !isNumber) error('`min` is for numbers: take it out, or write `type: number`', 'min');
  if (max !== null && !isNumber) error('`max` is for numbers: take it out, or write `type: number`', 'max');
  if (min !== null && max !== null && min > max) error('`min` is above `max`: swap them', 'min');
  if (type === 'selection' && options === null)
    error('A selection needs `options`: add `options: [first, second]`', 'type');
  if (type !== 'selection' && options !== null)
    error('`options` are for a selection: take them out, or write `type: selection`', 'options');
  const values = options?.map(({ value }) => value) ?? [];
  const twice = values.findIndex((value, index) => values.indexOf(value) !== index);
  if (twice !== -1)
    error(`\`${values[twice] ?? ''}\` is already among the options: take it out`, 'options', String(twice));
  const wrong = parameter.default === null ? null : wrongDefault(parameter, parameter.default);
  if (wrong !== null) error(`\`default\` does not fit: ${wrong}`, 'default');
  return mistakes;
}

function wrongDefault(parameter: ParameterSpec, value: string | number | boolean): string | null {
  const { type, maxLength, min, max, options } = parameter;
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return 'write text, in quotes';
      return maxLength !== null && value.length > maxLength ? `write at most ${maxLength} characters` : null;
    case 'integer':
    case 'number':
      if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value)))
        return type === 'integer' ? 'write a whole number' : 'write a number';
      if (min !== null && value < min) return `write at least ${min}`;
      return max !== null && value > max ? `write at most ${max}` : null;
    case 'boolean':
      return typeof value === 'boolean' ? null : 'write true or false';
    case 'date':
      return typeof value === 'string' && isDate(value) ? null : 'write a date such as "2026-01-31"';
    case 'datetime':
      return typeof value === 'string' && isDateTime(value)
        ? null
        : 'write a date and time such as "2026-01-31T08:00:00"';
    case 'selection':
      return options === null || options.some((option) => option.value === value) ? null : 'write one of the options';
  }
}
