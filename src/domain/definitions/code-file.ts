import type { Problem } from '../problem.js';
import { controlCharacter, describeCharacter } from './characters.js';
import { limits } from './limits.js';

/** The code of a .py file as Odoo shall hold it: verbatim, but with `\n` line ends and without a byte order mark. */
export function toCode(path: string, raw: string): { readonly text: string; readonly problems: readonly Problem[] } {
  const text = (raw.startsWith('\uFEFF') ? raw.slice(1) : raw).replaceAll('\r\n', '\n');
  const error = (code: string, message: string, index: number): Problem => {
    const before = text.slice(0, index);
    const line = before.split('\n').length;
    return { severity: 'error', code, message, at: { file: path, line, column: index - before.lastIndexOf('\n') } };
  };
  if (text.length > limits.codeBytes) {
    return {
      text,
      problems: [error('file_too_large', 'This code is larger than 256 KiB: move it into a module of Odoo', 0)],
    };
  }
  if (text.trim() === '') {
    return {
      text,
      problems: [
        { ...error('code_empty', 'This file holds no code: the action would do nothing', 0), severity: 'warning' },
      ],
    };
  }
  const bad = controlCharacter(text, '\n\t');
  if (bad === null) return { text, problems: [] };
  const message = `The code holds ${describeCharacter(bad.code)}, which does not survive the way to Odoo: write an escape such as \`\\x1b\``;
  return { text, problems: [error('control_character', message, bad.index)] };
}
